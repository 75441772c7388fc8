// SPDX-License-Identifier: Apache-2.0
package io.github.realtimeticket.spring.security;

import io.github.realtimeticket.Admission.Admitted;
import java.util.Collection;
import java.util.Objects;
import org.springframework.security.authentication.AbstractAuthenticationToken;
import org.springframework.security.core.GrantedAuthority;
import org.springframework.security.core.Transient;

/**
 * A request that was admitted by ticket. The name is the username of its holder; there are no credentials, since the ticket is used
 * up.
 *
 * <p>{@link Transient}: it is this request's alone, and no repository keeps it in a session.
 */
@Transient
public final class TicketAuthentication extends AbstractAuthenticationToken {

    private static final long serialVersionUID = 1L;

    // Neither is serializable, and this is never kept.
    private final transient Admitted admitted;
    private final transient Object principal;

    private TicketAuthentication(
            Admitted admitted, Object principal, Collection<? extends GrantedAuthority> authorities) {
        super(authorities);
        this.admitted = admitted;
        this.principal = Objects.requireNonNull(principal, "principal");
        super.setAuthenticated(true);
    }

    /** Whoever the application knows by this ticket, and what this user may do. */
    public static TicketAuthentication of(
            Admitted admitted, Object principal, Collection<? extends GrantedAuthority> authorities) {
        return new TicketAuthentication(admitted, principal, authorities);
    }

    /** What is known of the connection's ticket. */
    public Admitted admitted() {
        return admitted;
    }

    @Override
    public Object getPrincipal() {
        return principal;
    }

    @Override
    public String getCredentials() {
        return "";
    }

    @Override
    public String getName() {
        return admitted.holder().username();
    }

    @Override
    public String toString() {
        return "TicketAuthentication[" + admitted.holder() + "]";
    }
}
