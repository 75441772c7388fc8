// SPDX-License-Identifier: Apache-2.0
package io.github.realtimeticket.quarkus;

import io.github.realtimeticket.IssueAnswer;
import io.github.realtimeticket.Issuer;
import io.github.realtimeticket.Revocations;
import io.quarkus.vertx.http.runtime.filters.Filters;
import io.vertx.core.Context;
import io.vertx.core.Future;
import io.vertx.core.Handler;
import io.vertx.core.http.HttpServerResponse;
import io.vertx.ext.web.Router;
import io.vertx.ext.web.RoutingContext;
import jakarta.enterprise.event.Observes;
import jakarta.enterprise.inject.Instance;
import jakarta.inject.Singleton;
import org.eclipse.microprofile.config.inject.ConfigProperty;

/**
 * Answers {@code POST} with a ticket for the logged-in user: {@code {"status":"ok","message":TICKET,"expires_in":10}}. It is called on a
 * worker thread, since an application may look up its user; none waits for the store.
 *
 * <p>One spelling of its path is answered and no other that the router takes for the same, so that a rule of a proxy or of the application
 * sees what we see; the others are 404.
 *
 * @param path the path, or how it ends where the router stands below another
 */
record IssuerRoute(Issuer issuer, TicketGrants grants, String path) implements Handler<RoutingContext> {

    private static final int BEFORE_AUTHENTICATION = Integer.MAX_VALUE;

    /** Makes the route, if the application has an {@link Issuer} among its beans; with several it does not start. */
    @Singleton
    static class Beans {

        void register(
                @Observes Router router,
                Instance<Issuer> issuer,
                Instance<TicketGrants> grants,
                @ConfigProperty(name = "realtime-ticket.path", defaultValue = "/ticket/") String path) {
            if (!issuer.isUnsatisfied()) {
                TicketGrants granting = grants.isUnsatisfied() ? TicketGrants.byPrincipal() : grants.get();
                router.route(path).blockingHandler(new IssuerRoute(issuer.get(), granting, path), false);
            }
        }

        // Quarkus may authenticate the user before the route is asked: whoever is revoked in between has a ticket that
        // says so.
        void note(@Observes Filters filters, Instance<Issuer> issuer, Instance<Revocations> revocations) {
            if (!issuer.isUnsatisfied() && revocations.isResolvable()) {
                Revocations known = revocations.get();
                filters.register(request -> RoutingIssueRequest.note(request, known), BEFORE_AUTHENTICATION);
            }
        }
    }

    @Override
    public void handle(RoutingContext routing) {
        String asked = routing.request().path();
        if (!asked.equals(routing.normalizedPath()) || !asked.endsWith(path)) {
            routing.fail(404);
            return;
        }
        Context context = routing.vertx().getOrCreateContext();
        Future<IssueAnswer> unused = Future.fromCompletionStage(
                        issuer.issue(new RoutingIssueRequest(routing, grants), () -> grants.grant(routing)), context)
                .onSuccess(answer -> write(routing.response(), answer));
    }

    private static void write(HttpServerResponse response, IssueAnswer answer) {
        if (!response.closed() && !response.ended()) {
            answer.writeHeaders(response::putHeader, response.headers()::add);
            response.setStatusCode(answer.status()).end(answer.body());
        }
    }
}
