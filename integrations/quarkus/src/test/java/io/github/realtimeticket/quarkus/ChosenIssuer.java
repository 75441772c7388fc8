// SPDX-License-Identifier: Apache-2.0
package io.github.realtimeticket.quarkus;

import io.github.realtimeticket.Issuer;
import io.github.realtimeticket.TicketGrant;
import io.vertx.ext.web.Router;
import io.vertx.ext.web.RoutingContext;
import jakarta.enterprise.event.Observes;
import jakarta.inject.Singleton;
import java.net.URI;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CopyOnWriteArrayList;

/** The application's route to an issuer that a test gives it, with a proof that its pages have. */
@Singleton
class ChosenIssuer {

    /** What the application says before the issuer. */
    static final String VARY = "Accept-Encoding";

    private static final List<Issuer> ISSUERS = new CopyOnWriteArrayList<>();

    /** The address at which the application asks this issuer. */
    static synchronized URI addressOf(Issuer issuer, URI site) {
        ISSUERS.add(issuer);
        return URI.create("http://127.0.0.1:" + site.getPort() + "/" + (ISSUERS.size() - 1) + "/ticket/");
    }

    void register(@Observes Router router, Accounts accounts) {
        router.route("/:issuer/ticket/")
                .blockingHandler(
                        asked -> {
                            asked.response().putHeader("Vary", VARY);
                            Issuer issuer = ISSUERS.get(Integer.parseInt(asked.pathParam("issuer")));
                            new IssuerRoute(issuer, new Proven(accounts), "/ticket/").handle(asked);
                        },
                        false);
    }

    private record Proven(Accounts accounts) implements TicketGrants {

        @Override
        public Optional<? extends TicketGrant> grant(RoutingContext request) {
            return TicketGrants.byPrincipal().grant(request);
        }

        @Override
        public boolean hasCsrfProof(RoutingContext request) {
            return TicketGrants.user(request)
                    .flatMap(accounts::csrfOf)
                    .filter(token -> token.equals(request.request().getHeader("X-CSRF-TOKEN")))
                    .isPresent();
        }
    }
}
