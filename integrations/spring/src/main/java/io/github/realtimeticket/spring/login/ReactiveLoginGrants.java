// SPDX-License-Identifier: Apache-2.0
package io.github.realtimeticket.spring.login;

import io.github.realtimeticket.TicketGrant;
import io.github.realtimeticket.TicketGrant.Granted;
import io.github.realtimeticket.spring.webflux.ReactiveTicketGrants;
import java.security.Principal;
import java.util.Objects;
import java.util.Optional;
import org.springframework.util.ClassUtils;
import org.springframework.web.server.ServerWebExchange;
import reactor.core.publisher.Mono;

/** As {@link LoginGrants}, in a reactive application, where a {@link LoginWebFilter} is. It begins no session. */
public final class ReactiveLoginGrants implements ReactiveTicketGrants {

    private static final boolean TOKENS = ClassUtils.isPresent(
            "org.springframework.security.oauth2.core.AbstractOAuth2Token", ReactiveLoginGrants.class.getClassLoader());

    private final ReactiveTicketGrants grants;
    private final boolean revocable;
    private final boolean endingWithTokens;

    private ReactiveLoginGrants(ReactiveTicketGrants grants, boolean revocable, boolean endingWithTokens) {
        this.grants = Objects.requireNonNull(grants, "grants");
        this.revocable = revocable;
        this.endingWithTokens = endingWithTokens;
    }

    /**
     * The same grants, bound.
     *
     * @param revocable whether to bind to sessions, too, which needs somebody who revokes them
     * @param endingWithTokens whether to bind to the end of a bearer token
     */
    public static ReactiveTicketGrants bound(ReactiveTicketGrants grants, boolean revocable, boolean endingWithTokens) {
        return new ReactiveLoginGrants(grants, revocable, endingWithTokens);
    }

    @Override
    public Mono<? extends TicketGrant> grant(Principal user, ServerWebExchange exchange) {
        return grants.grant(user, exchange)
                .flatMap(grant -> grant instanceof Granted granted
                        ? bound(granted, user, exchange)
                        : Mono.<TicketGrant>just(grant));
    }

    private Mono<? extends TicketGrant> bound(Granted granted, Principal user, ServerWebExchange exchange) {
        Optional<BearerToken> token = TOKENS ? BearerToken.of(user) : Optional.empty();
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
