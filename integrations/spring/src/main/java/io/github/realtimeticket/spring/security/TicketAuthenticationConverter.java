// SPDX-License-Identifier: Apache-2.0
package io.github.realtimeticket.spring.security;

import io.github.realtimeticket.Admission.Admitted;
import java.util.List;
import org.springframework.security.core.Authentication;
import org.springframework.security.core.authority.SimpleGrantedAuthority;

/**
 * Makes the user of a request of what its ticket says: such as the application's own account as the principal. Called once for a
 * request, on its thread. An implementation is thread-safe.
 *
 * <pre>{@code
 * admitted -> TicketAuthentication.of(admitted, accounts.load(admitted.holder().id()), List.of())
 * }</pre>
 */
@FunctionalInterface
public interface TicketAuthenticationConverter {

    /** The authenticated user. What this throws is a fault of the application, and opens nothing. */
    Authentication convert(Admitted admitted);

    /** The ticket's holder as the principal, with no authorities: a ticket says who the user is, and no more. */
    static TicketAuthenticationConverter toHolder() {
        return admitted -> TicketAuthentication.of(admitted, admitted.holder(), List.of());
    }

    /**
     * The ticket's holder as the principal, with the authorities that the issuer has sent.
     *
     * <p><b>Security:</b> whoever can write into the store can grant itself any authority here.
     */
    static TicketAuthenticationConverter toHolderWithAuthorities() {
        return admitted -> TicketAuthentication.of(
                admitted,
                admitted.holder(),
                admitted.authorities().stream().map(SimpleGrantedAuthority::new).toList());
    }
}
