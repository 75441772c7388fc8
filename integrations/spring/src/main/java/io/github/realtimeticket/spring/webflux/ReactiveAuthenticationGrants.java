// SPDX-License-Identifier: Apache-2.0
package io.github.realtimeticket.spring.webflux;

import io.github.realtimeticket.TicketGrant;
import io.github.realtimeticket.spring.security.AuthenticatedUser;
import java.security.Principal;
import java.util.Objects;
import org.springframework.security.authentication.AuthenticationTrustResolver;
import org.springframework.security.authentication.AuthenticationTrustResolverImpl;
import org.springframework.security.core.Authentication;
import org.springframework.web.server.ServerWebExchange;
import reactor.core.publisher.Mono;

/** What tickets those get whom Spring Security knows. */
public final class ReactiveAuthenticationGrants implements ReactiveTicketGrants {

    private static final AuthenticationTrustResolver TRUST = new AuthenticationTrustResolverImpl();

    private final ReactiveTicketGrants grants;
    private final boolean authorities;

    private ReactiveAuthenticationGrants(ReactiveTicketGrants grants, boolean authorities) {
        this.grants = Objects.requireNonNull(grants, "grants");
        this.authorities = authorities;
    }

    /** The name of the authentication as both id and username, unless its principal is a holder of a ticket. */
    public static ReactiveTicketGrants standard() {
        return ReactiveTicketGrants.to(AuthenticatedUser::holder);
    }

    /**
     * The same grants, as far as the application's security goes: for nobody anonymous, and not for whoever came by ticket, since a
     * ticket does not renew itself.
     *
     * @param authorities whether the user's authorities travel with the ticket, unless the grant says itself which do, or that none does
     */
    public static ReactiveTicketGrants secured(ReactiveTicketGrants grants, boolean authorities) {
        return new ReactiveAuthenticationGrants(grants, authorities);
    }

    @Override
    public Mono<? extends TicketGrant> grant(Principal user, ServerWebExchange exchange) {
        return user instanceof Authentication known
                        && ExchangeGate.admitted(exchange).isEmpty()
                        && TRUST.isAuthenticated(known)
                ? grants.grant(known, exchange)
                        .map(grant -> authorities ? AuthenticatedUser.withAuthorities(grant, known) : grant)
                : Mono.empty();
    }
}
