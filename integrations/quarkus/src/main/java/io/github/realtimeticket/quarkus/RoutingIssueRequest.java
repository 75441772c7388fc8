// SPDX-License-Identifier: Apache-2.0
package io.github.realtimeticket.quarkus;

import io.github.realtimeticket.IssueRequest;
import io.github.realtimeticket.Origin;
import io.github.realtimeticket.Revocations;
import io.vertx.core.net.HostAndPort;
import io.vertx.ext.web.RoutingContext;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * A request of Quarkus's router as an issuer sees it. Its own origin is that of the request's URL, which Quarkus makes right behind a proxy
 * if it is told to ({@code quarkus.http.proxy.proxy-address-forwarding}).
 */
record RoutingIssueRequest(RoutingContext routing, TicketGrants grants) implements IssueRequest {

    private static final String REVISION = RoutingIssueRequest.class.getName();

    /** Notes what is revoked before anything reads the user. */
    static void note(RoutingContext routing, Revocations revocations) {
        routing.put(REVISION, revocations.knownRevision().orElse(null)).next();
    }

    @Override
    public String method() {
        return routing.request().method().name();
    }

    @Override
    public List<String> headers(String name) {
        return routing.request().headers().getAll(name);
    }

    @Override
    public @Nullable Origin ownOrigin() {
        HostAndPort authority = routing.request().authority();
        return authority == null
                ? null
                : Origin.parse(routing.request().scheme() + "://" + authority).orElse(null);
    }

    @Override
    public boolean hasCsrfProof() {
        return grants.hasCsrfProof(routing);
    }

    @Override
    public @Nullable String revision(@Nullable String now) {
        return routing.get(REVISION, now);
    }
}
