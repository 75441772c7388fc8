// SPDX-License-Identifier: Apache-2.0
package io.github.realtimeticket.spring.login;

import io.github.realtimeticket.TicketGrant;
import io.github.realtimeticket.TicketGrant.Granted;
import io.github.realtimeticket.spring.webflux.ReactiveTicketGrants;
import java.util.Objects;
import java.util.Optional;
import reactor.core.publisher.Mono;

/**
 * Makes {@link ReactiveTicketGrants} of the application's, as {@link LoginGrants} does, in a reactive application, where a {@link
 * LoginWebFilter} is. They begin no session.
 */
public final class ReactiveLoginGrants {

    private ReactiveLoginGrants() {}

    /**
     * The same grants, bound.
     *
     * @param revocable whether to bind to sessions, too, which needs somebody who revokes them
     * @param endingWithTokens whether to bind to the end of a bearer token
     */
    public static ReactiveTicketGrants bound(ReactiveTicketGrants grants, boolean revocable, boolean endingWithTokens) {
        Objects.requireNonNull(grants, "grants");
        return (user, exchange) -> grants.grant(user, exchange).<TicketGrant>flatMap(grant -> {
            if (!(grant instanceof Granted granted)) {
                return Mono.just(grant);
            }
            Optional<BearerToken> token = BearerToken.of(user);
            if (token.isPresent()) {
                return Mono.justOrEmpty(token.get().bind(granted, revocable, endingWithTokens));
            }
            return revocable
                    ? LoginWebFilter.session(exchange)
                            .map(session -> inSession(granted, session))
                            // Nobody would hear of its end.
                            .defaultIfEmpty(Optional.of(granted))
                            .flatMap(Mono::justOrEmpty)
                    : Mono.just(granted);
        });
    }

    private static Optional<Granted> inSession(Granted granted, TellingSession session) {
        boolean binds = session.isStarted() && granted.session() == null;
        if (binds) {
            // First the mark: an id that changes later is revoked.
            session.issues();
        }
        String id = session.lastingId();
        if (id == null) {
            // It has ended since the user was read from it, and with it the login.
            return Optional.empty();
        }
        return Optional.of(binds ? granted.withSession(id) : granted);
    }
}
