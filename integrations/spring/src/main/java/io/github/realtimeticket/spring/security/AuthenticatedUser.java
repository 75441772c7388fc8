// SPDX-License-Identifier: Apache-2.0
package io.github.realtimeticket.spring.security;

import io.github.realtimeticket.TicketGrant;
import io.github.realtimeticket.TicketHolder;
import java.security.Principal;
import java.util.List;
import org.springframework.security.core.Authentication;
import org.springframework.security.core.GrantedAuthority;

/** What of an {@link Authentication} goes into its ticket, on either web stack. */
public final class AuthenticatedUser {

    /** How Spring Security names the factors of a login, which whoever has the ticket did not use. */
    private static final String FACTOR = "FACTOR_";

    private AuthenticatedUser() {}

    /** The principal of the authentication if it is a {@link TicketHolder}, else its name as both id and username. */
    public static TicketHolder holder(Principal user) {
        return user instanceof Authentication known && known.getPrincipal() instanceof TicketHolder holder
                ? holder
                : TicketHolder.of(user);
    }

    /** The same grant with the user's authorities, unless it says itself which ones travel with the ticket, or that none does. */
    public static TicketGrant withAuthorities(TicketGrant grant, Authentication user) {
        if (!(grant instanceof TicketGrant.Granted granted) || granted.authorities() != null) {
            return grant;
        }
        List<String> names = user.getAuthorities().stream()
                .map(GrantedAuthority::getAuthority)
                .filter(name -> name != null && !name.isEmpty() && !name.startsWith(FACTOR))
                .toList();
        return granted.withAuthorities(names);
    }
}
