// SPDX-License-Identifier: Apache-2.0
package io.github.realtimeticket.spring.security;

import io.github.realtimeticket.TicketGrant;
import io.github.realtimeticket.spring.web.ServletGate;
import io.github.realtimeticket.spring.web.TicketGrants;
import jakarta.servlet.http.HttpServletRequest;
import java.util.Objects;
import java.util.Optional;
import java.util.function.BiFunction;
import java.util.function.BiPredicate;
import org.springframework.security.core.Authentication;

/** Makes {@link TicketGrants}, of what tickets those get whom Spring Security knows. */
public final class AuthenticationGrants {

    private AuthenticationGrants() {}

    /** The name of the authentication as both id and username, unless its principal is a holder of a ticket. */
    public static TicketGrants standard() {
        return TicketGrants.to(AuthenticatedUser::holder);
    }

    /** The application's own grant, for everybody who is logged in. */
    public static TicketGrants of(BiFunction<? super Authentication, HttpServletRequest, ? extends TicketGrant> grant) {
        return (user, request) -> user instanceof Authentication authentication
                ? Optional.of(grant.apply(authentication, request))
                : Optional.empty();
    }

    /**
     * The same grants, as far as the application's security goes: for those who count as logged in, which not everybody does who has
     * passed one of two factors, and not for whoever came by ticket, since a ticket does not renew itself.
     *
     * @param loggedIn who counts as logged in
     * @param authorities whether the user's authorities travel with the ticket, unless the grant says itself which do, or that none does
     */
    public static TicketGrants secured(
            TicketGrants grants, BiPredicate<Authentication, HttpServletRequest> loggedIn, boolean authorities) {
        Objects.requireNonNull(grants, "grants");
        Objects.requireNonNull(loggedIn, "loggedIn");
        return (user, request) -> user instanceof Authentication known
                        && ServletGate.admitted(request).isEmpty()
                        && loggedIn.test(known, request)
                ? grants.grant(known, request)
                        .map(grant -> authorities ? AuthenticatedUser.withAuthorities(grant, known) : grant)
                : Optional.empty();
    }
}
