// SPDX-License-Identifier: Apache-2.0
package io.github.realtimeticket.spring.graphql;

import io.github.realtimeticket.Admission.Admitted;
import io.github.realtimeticket.TicketHolder;
import io.github.realtimeticket.spring.security.TicketAuthenticationConverter;
import java.util.function.Function;
import org.springframework.security.core.Authentication;
import org.springframework.security.core.context.ReactiveSecurityContextHolder;
import org.springframework.security.core.context.SecurityContext;
import org.springframework.security.core.context.SecurityContextImpl;
import org.springframework.util.ClassUtils;
import reactor.core.publisher.Mono;
import reactor.util.context.Context;

/**
 * Whose the operations of a session are.
 *
 * @param holder of the ticket that opened it
 * @param context what each operation is to find in Reactor's context
 */
record OperationUser(TicketHolder holder, Context context) {

    private static final boolean SECURITY = ClassUtils.isPresent(
            "org.springframework.security.core.context.SecurityContext", OperationUser.class.getClassLoader());

    /**
     * The ticket's holder, without authorities. Where Spring Security is there, the operation would find the user of the handshake's cookie if it were
     * told nobody.
     */
    static Function<Admitted, Mono<OperationUser>> ofHolder() {
        return SECURITY
                ? of(admitted -> Mono.fromSupplier(() -> Security.user(admitted)))
                : admitted -> Mono.just(new OperationUser(admitted.holder(), Context.empty()));
    }

    /** One that Spring Security knows. */
    static Function<Admitted, Mono<OperationUser>> of(
            Function<? super Admitted, ? extends Mono<? extends Authentication>> users) {
        return admitted ->
                users.apply(admitted).map(user -> new OperationUser(admitted.holder(), Security.context(user)));
    }

    /** Loaded only where Spring Security is there. */
    private static final class Security {

        static Authentication user(Admitted admitted) {
            return TicketAuthenticationConverter.toHolder().convert(admitted);
        }

        /** Where reactive code looks, and where Spring for GraphQL looks for what a thread is to have. */
        static Context context(Authentication user) {
            SecurityContext security = new SecurityContextImpl(user);
            return ReactiveSecurityContextHolder.withSecurityContext(Mono.just(security))
                    .put(SecurityContext.class.getName(), security);
        }
    }
}
