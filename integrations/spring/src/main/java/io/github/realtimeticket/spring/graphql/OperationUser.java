// SPDX-License-Identifier: Apache-2.0
package io.github.realtimeticket.spring.graphql;

import io.github.realtimeticket.Admission.Admitted;
import io.github.realtimeticket.TicketHolder;
import java.util.function.Function;
import org.springframework.security.core.Authentication;
import org.springframework.security.core.context.ReactiveSecurityContextHolder;
import org.springframework.security.core.context.SecurityContext;
import org.springframework.security.core.context.SecurityContextImpl;
import reactor.core.publisher.Mono;
import reactor.util.context.Context;

/**
 * Whose the operations of a session are.
 *
 * @param holder of the ticket that opened it
 * @param context what each operation is to find in Reactor's context
 */
record OperationUser(TicketHolder holder, Context context) {

    /** One that Spring Security need not know. */
    static Mono<OperationUser> of(Admitted admitted) {
        return Mono.just(new OperationUser(admitted.holder(), Context.empty()));
    }

    /** One that Spring Security knows. */
    static Function<Admitted, Mono<OperationUser>> of(
            Function<? super Admitted, ? extends Mono<? extends Authentication>> users) {
        return admitted ->
                users.apply(admitted).map(user -> new OperationUser(admitted.holder(), Security.context(user)));
    }

    /** Loaded only where Spring Security is there. */
    private static final class Security {

        /** Where reactive code looks, and where Spring for GraphQL looks for what a thread is to have. */
        static Context context(Authentication user) {
            SecurityContext security = new SecurityContextImpl(user);
            return ReactiveSecurityContextHolder.withSecurityContext(Mono.just(security))
                    .put(SecurityContext.class.getName(), security);
        }
    }
}
