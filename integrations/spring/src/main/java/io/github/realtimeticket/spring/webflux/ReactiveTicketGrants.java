// SPDX-License-Identifier: Apache-2.0
package io.github.realtimeticket.spring.webflux;

import io.github.realtimeticket.TicketGrant;
import io.github.realtimeticket.TicketHolder;
import java.security.Principal;
import java.util.function.Function;
import org.springframework.web.server.ServerWebExchange;
import reactor.core.publisher.Mono;

/**
 * Says what ticket a user gets, and whether one: whom it stands for, and if need be for which backend, for how long, and with which
 * attributes from the request, once the application has checked that the user may have them. An implementation is thread-safe and does
 * not block.
 *
 * <pre>{@code
 * (user, exchange) -> rooms.mayEnter(user, exchange.getRequest().getQueryParams().getFirst("room"))
 *         .map(may -> may
 *                 ? TicketGrant.to(TicketHolder.of(42, user.getName())).withAudience("chat")
 *                 : TicketGrant.denied("not in this room"))
 * }</pre>
 *
 * <p>With Spring Security the user is an {@code Authentication}. Anonymous users are never asked about.
 */
@FunctionalInterface
public interface ReactiveTicketGrants {

    /**
     * The grant for this user, with this request for a ticket or for a page that carries one; nothing if this user counts as nobody
     * here, which the endpoint answers with 401.
     */
    Mono<? extends TicketGrant> grant(Principal user, ServerWebExchange exchange);

    /** A ticket for this holder of it, and for everything that the issuer is set to. */
    static ReactiveTicketGrants to(Function<? super Principal, TicketHolder> holder) {
        return (user, exchange) -> Mono.fromSupplier(() -> TicketGrant.to(holder.apply(user)));
    }

    /** The principal itself if it is a {@link TicketHolder}, else its name as both id and username. */
    static ReactiveTicketGrants byName() {
        return to(TicketHolder::of);
    }
}
