// SPDX-License-Identifier: Apache-2.0
package io.github.realtimeticket.spring.security;

import io.github.realtimeticket.TicketHolder;
import java.util.Collection;
import java.util.List;
import org.springframework.security.core.GrantedAuthority;
import org.springframework.security.core.authority.SimpleGrantedAuthority;

/** Says what the holder of a redeemed ticket may do. An implementation is thread-safe. */
@FunctionalInterface
public interface TicketAuthorities {

    /** The holder's attribute in which an issuer sends authorities, as a list of strings. */
    String ATTRIBUTE = "authorities";

    /** What this holder is granted. */
    Collection<? extends GrantedAuthority> of(TicketHolder holder);

    /** Nothing: a ticket says who the user is, and no more. */
    static TicketAuthorities none() {
        return holder -> List.of();
    }

    /** What the issuer has sent in {@value #ATTRIBUTE}. */
    static TicketAuthorities fromIssuer() {
        return holder -> holder.attributes().get(ATTRIBUTE) instanceof List<?> names
                ? names.stream()
                        .filter(String.class::isInstance)
                        .map(String.class::cast)
                        .filter(name -> !name.isEmpty())
                        .map(SimpleGrantedAuthority::new)
                        .toList()
                : List.of();
    }
}
