// SPDX-License-Identifier: Apache-2.0
package io.github.realtimeticket.spring.webflux;

import io.github.realtimeticket.spring.security.AuthenticatedUser;
import java.security.Principal;
import java.util.Objects;
import org.springframework.security.authentication.AuthenticationTrustResolver;
import org.springframework.security.authentication.AuthenticationTrustResolverImpl;
import org.springframework.security.core.Authentication;
import reactor.core.publisher.Mono;

/** Makes {@link ReactiveTicketGrants}, of what tickets those get whom Spring Security knows. */
public final class ReactiveAuthenticationGrants {

    private static final AuthenticationTrustResolver TRUST = new AuthenticationTrustResolverImpl();

    private ReactiveAuthenticationGrants() {}

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
        Objects.requireNonNull(grants, "grants");
        return (user, exchange) -> user instanceof Authentication known
                        && ExchangeGate.admitted(exchange).isEmpty()
                        && isLoggedIn(known)
                ? grants.grant(known, exchange)
                        .map(grant -> authorities ? AuthenticatedUser.withAuthorities(grant, known) : grant)
                : Mono.empty();
    }

    /** Whether this is somebody who has logged in, and nobody anonymous. */
    static boolean isLoggedIn(Principal user) {
        return user instanceof Authentication known && TRUST.isAuthenticated(known);
    }
}
