// SPDX-License-Identifier: Apache-2.0
package io.github.realtimeticket.spring.webflux;

import io.github.realtimeticket.Admission.Admitted;
import io.github.realtimeticket.spring.security.TicketAuthenticationConverter;
import org.springframework.security.core.Authentication;
import reactor.core.publisher.Mono;

/**
 * Makes the user of a request of what its ticket says: such as the application's own account as the principal. Asked once for a
 * request. An implementation is thread-safe and does not block.
 *
 * <pre>{@code
 * admitted -> accounts.findById(admitted.holder().id())
 *         .map(account -> TicketAuthentication.of(admitted, account, List.of()))
 * }</pre>
 */
@FunctionalInterface
public interface ReactiveTicketAuthenticationConverter {

    /** The authenticated user. A failure, or no user at all, is a fault of the application, and opens nothing. */
    Mono<? extends Authentication> convert(Admitted admitted);

    /** One that knows the user at once. */
    static ReactiveTicketAuthenticationConverter of(TicketAuthenticationConverter converter) {
        return admitted -> Mono.fromSupplier(() -> converter.convert(admitted));
    }
}
