// SPDX-License-Identifier: Apache-2.0
package io.github.realtimeticket.spring.security;

import io.github.realtimeticket.Admission;
import io.github.realtimeticket.TicketHolder;
import java.util.Collection;
import org.springframework.security.authentication.AbstractAuthenticationToken;
import org.springframework.security.core.GrantedAuthority;
import org.springframework.security.core.Transient;

/**
 * A request that was admitted by ticket. The principal is the {@link TicketHolder}, the name its username; there are no
 * credentials, since the ticket is used up.
 *
 * <p>{@link Transient}: it is this request's alone, and no repository keeps it in a session.
 */
@Transient
public final class TicketAuthentication extends AbstractAuthenticationToken {

    private static final long serialVersionUID = 1L;

    // A holder is not serializable, and this is never kept.
    private final transient TicketHolder holder;

    TicketAuthentication(Admission.Admitted admitted, Collection<? extends GrantedAuthority> authorities) {
        super(authorities);
        holder = admitted.holder();
        super.setAuthenticated(true);
    }

    @Override
    public TicketHolder getPrincipal() {
        return holder;
    }

    @Override
    public String getCredentials() {
        return "";
    }

    @Override
    public String getName() {
        return holder.username();
    }

    @Override
    public String toString() {
        return "TicketAuthentication[" + holder + "]";
    }
}
