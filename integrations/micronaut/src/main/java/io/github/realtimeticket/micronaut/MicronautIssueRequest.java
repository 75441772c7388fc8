// SPDX-License-Identifier: Apache-2.0
package io.github.realtimeticket.micronaut;

import io.github.realtimeticket.IssueRequest;
import io.github.realtimeticket.Origin;
import io.micronaut.http.HttpRequest;
import io.micronaut.http.server.util.HttpHostResolver;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * A request of Micronaut as an issuer sees it. Its own origin is that of Micronaut's host, which is right behind a proxy if {@code
 * micronaut.server.host-resolution} is.
 */
record MicronautIssueRequest(HttpRequest<?> request, HttpHostResolver hosts, TicketGrants grants)
        implements IssueRequest {

    @Override
    public String method() {
        return request.getMethodName();
    }

    @Override
    public List<String> headers(String name) {
        return request.getHeaders().getAll(name);
    }

    @Override
    public @Nullable Origin ownOrigin() {
        return Origin.parse(hosts.resolve(request)).orElse(null);
    }

    @Override
    public boolean hasCsrfProof() {
        return grants.hasCsrfProof(request);
    }
}
