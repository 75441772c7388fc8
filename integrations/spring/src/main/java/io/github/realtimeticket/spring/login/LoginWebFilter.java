// SPDX-License-Identifier: Apache-2.0
package io.github.realtimeticket.spring.login;

import io.github.realtimeticket.Revocations;
import io.github.realtimeticket.spring.web.KnownRevision;
import java.util.Objects;
import org.jspecify.annotations.Nullable;
import org.springframework.web.server.ServerWebExchange;
import org.springframework.web.server.ServerWebExchangeDecorator;
import org.springframework.web.server.WebFilter;
import org.springframework.web.server.WebFilterChain;
import org.springframework.web.server.WebSession;
import org.springframework.web.server.session.DefaultWebSessionManager;
import org.springframework.web.server.session.InMemoryWebSessionStore;
import org.springframework.web.server.session.WebSessionManager;
import reactor.core.publisher.Mono;

/**
 * As {@link LoginStart} and {@link SessionEnds}, in a reactive application: notes what is known of revocations before an exchange's user is
 * read, and revokes what was issued in the exchange's session when the application, or Spring Security, ends that or gives it another id. What
 * was issued in a session that expires is revoked, too, if sessions are kept in memory.
 *
 * <p>It stands before whatever reads the user. It asks for no session itself. Thread-safe, and never blocks.
 */
public final class LoginWebFilter implements WebFilter, AutoCloseable {

    private static final String SESSION = LoginWebFilter.class.getName() + ".SESSION";

    private final Revocations revocations;
    private final Revoker revoker;
    private final @Nullable SessionExpiry expiry;

    /**
     * Notes what is known of these, and revokes with this.
     *
     * @param sessions whose sessions are watched for their expiry, if they are kept in memory; other stores tell of it or do not
     */
    public LoginWebFilter(Revocations revocations, Revoker revoker, WebSessionManager sessions) {
        this.revocations = Objects.requireNonNull(revocations, "revocations");
        this.revoker = Objects.requireNonNull(revoker, "revoker");
        boolean inMemory = sessions instanceof DefaultWebSessionManager known
                && known.getSessionStore() instanceof InMemoryWebSessionStore;
        expiry = inMemory ? new SessionExpiry(revoker) : null;
    }

    @Override
    public Mono<Void> filter(ServerWebExchange exchange, WebFilterChain chain) {
        exchange.getAttributes().put(KnownRevision.ATTRIBUTE, revocations.knownRevision());
        Mono<TellingSession> session = exchange.getSession()
                .map(known -> new TellingSession(known, revoker, expiry))
                .cache();
        exchange.getAttributes().put(SESSION, session);
        return chain.filter(new Noting(exchange, session));
    }

    /** The exchange's session, whatever other filters have put around it, as Spring Security does; empty behind no such filter. */
    static Mono<TellingSession> session(ServerWebExchange exchange) {
        return exchange.getAttributeOrDefault(SESSION, Mono.<TellingSession>empty());
    }

    /** Lets go of the sessions that are watched. */
    @Override
    public void close() {
        if (expiry != null) {
            expiry.close();
        }
    }

    private static final class Noting extends ServerWebExchangeDecorator {

        private final Mono<TellingSession> session;

        Noting(ServerWebExchange exchange, Mono<TellingSession> session) {
            super(exchange);
            this.session = session;
        }

        @Override
        public Mono<WebSession> getSession() {
            return session.cast(WebSession.class);
        }
    }
}
