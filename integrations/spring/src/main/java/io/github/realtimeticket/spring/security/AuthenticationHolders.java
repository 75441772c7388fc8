// SPDX-License-Identifier: Apache-2.0
package io.github.realtimeticket.spring.security;

import io.github.realtimeticket.TicketHolder;
import io.github.realtimeticket.spring.web.TicketHolderMapper;
import java.security.Principal;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;
import org.springframework.security.authentication.AuthenticationTrustResolver;
import org.springframework.security.authentication.AuthenticationTrustResolverImpl;
import org.springframework.security.core.Authentication;
import org.springframework.security.core.GrantedAuthority;
import org.springframework.security.core.authority.FactorGrantedAuthority;

/** Turns what Spring Security knows of a user into a ticket's holder. */
public final class AuthenticationHolders {

    private static final AuthenticationTrustResolver TRUST = new AuthenticationTrustResolverImpl();

    private AuthenticationHolders() {}

    /**
     * The name of the authentication as both id and username, unless its principal says better: a {@link TicketHolder}, or a
     * {@link TicketHolderSource} such as an application's own {@code UserDetails}.
     */
    public static TicketHolderMapper standard() {
        return of(AuthenticationHolders::holder);
    }

    /**
     * The application's own way, for everybody who is logged in. Anonymous users have no holder, nor has who came by ticket: a
     * ticket does not renew itself.
     */
    public static TicketHolderMapper of(Function<Authentication, TicketHolder> holder) {
        return user -> user instanceof Authentication authentication
                        && !(authentication instanceof TicketAuthentication)
                        && TRUST.isAuthenticated(authentication)
                ? Optional.of(holder.apply(authentication))
                : Optional.empty();
    }

    /** The same holders, with the user's authorities in the attribute {@value TicketAuthorities#ATTRIBUTE}. */
    public static TicketHolderMapper withAuthorities(TicketHolderMapper holders) {
        return user -> holders.holder(user)
                .map(holder -> user instanceof Authentication known ? added(holder, known) : holder);
    }

    private static TicketHolder holder(Authentication authentication) {
        Object principal = authentication.getPrincipal();
        if (principal instanceof TicketHolder holder) {
            return holder;
        }
        if (principal instanceof TicketHolderSource source) {
            return source.ticketHolder();
        }
        return TicketHolder.of(authentication.getName(), authentication.getName());
    }

    private static TicketHolder added(TicketHolder holder, Principal user) {
        // A factor says how this session logged in, which whoever has the ticket did not do.
        List<String> authorities = ((Authentication) user)
                .getAuthorities().stream()
                        .filter(authority -> !(authority instanceof FactorGrantedAuthority))
                        .map(GrantedAuthority::getAuthority)
                        .filter(name -> name != null && !name.isEmpty())
                        .toList();
        Map<String, @Nullable Object> attributes = new LinkedHashMap<>(holder.attributes());
        attributes.put(TicketAuthorities.ATTRIBUTE, authorities);
        return holder.withAttributes(attributes);
    }
}
