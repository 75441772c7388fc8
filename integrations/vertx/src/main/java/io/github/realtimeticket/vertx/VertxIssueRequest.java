// SPDX-License-Identifier: Apache-2.0
package io.github.realtimeticket.vertx;

import io.github.realtimeticket.IssueRequest;
import io.github.realtimeticket.Origin;
import io.vertx.core.net.HostAndPort;
import io.vertx.ext.web.RoutingContext;
import java.util.List;
import java.util.function.Predicate;
import org.jspecify.annotations.Nullable;

/**
 * A request to a router as an issuer sees it. Its own origin is that of the request's URL, which {@code Router.allowForward} makes right
 * behind a proxy.
 */
record VertxIssueRequest(RoutingContext ctx, Predicate<? super RoutingContext> csrfProof) implements IssueRequest {

    @Override
    public String method() {
        return ctx.request().method().name();
    }

    @Override
    public List<String> headers(String name) {
        return ctx.request().headers().getAll(name);
    }

    @Override
    public @Nullable Origin ownOrigin() {
        HostAndPort authority = ctx.request().authority();
        return authority == null
                ? null
                : Origin.parse(ctx.request().scheme() + "://" + authority).orElse(null);
    }

    @Override
    public boolean hasCsrfProof() {
        return csrfProof.test(ctx);
    }

    @Override
    public boolean isReadable() {
        try {
            return ctx.queryParams() != null;
        } catch (RuntimeException e) {
            // As vertx-web says that a query does not parse.
            return false;
        }
    }

    @Override
    public @Nullable String revision(@Nullable String now) {
        return ctx.get(IssuerHandler.REVISION, now);
    }
}
