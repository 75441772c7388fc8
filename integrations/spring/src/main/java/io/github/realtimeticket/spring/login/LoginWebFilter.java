// SPDX-License-Identifier: Apache-2.0
package io.github.realtimeticket.spring.login;

import io.github.realtimeticket.Revocations;
import io.github.realtimeticket.spring.web.KnownRevision;
import java.util.Objects;
import org.springframework.web.server.ServerWebExchange;
import org.springframework.web.server.ServerWebExchangeDecorator;
import org.springframework.web.server.WebFilter;
import org.springframework.web.server.WebFilterChain;
import org.springframework.web.server.WebSession;
import reactor.core.publisher.Mono;

/**
 * As {@link LoginStart} and {@link SessionEnds}, in a reactive application: notes what is known of revocations before an exchange's user is
 * read, and revokes what was issued in the exchange's session when the application, or Spring Security, ends that or gives it another id.
 *
 * <p>It stands before whatever reads the user. It asks for no session itself. Thread-safe, and never blocks.
 */
public final class LoginWebFilter implements WebFilter {

    private final Revocations revocations;
    private final Revoker revoker;

    /** Notes what is known of these, and revokes with this. */
    public LoginWebFilter(Revocations revocations, Revoker revoker) {
        this.revocations = Objects.requireNonNull(revocations, "revocations");
        this.revoker = Objects.requireNonNull(revoker, "revoker");
    }

    @Override
    public Mono<Void> filter(ServerWebExchange exchange, WebFilterChain chain) {
        exchange.getAttributes().put(KnownRevision.ATTRIBUTE, KnownRevision.of(revocations));
        return chain.filter(new Noting(exchange, revoker));
    }

    private static final class Noting extends ServerWebExchangeDecorator {

        private final Mono<WebSession> session;

        Noting(ServerWebExchange exchange, Revoker revoker) {
            super(exchange);
            session = exchange.getSession()
                    .<WebSession>map(known -> new TellingSession(known, revoker))
                    .cache();
        }

        @Override
        public Mono<WebSession> getSession() {
            return session;
        }
    }
}
