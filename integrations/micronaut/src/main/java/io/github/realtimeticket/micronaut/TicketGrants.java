// SPDX-License-Identifier: Apache-2.0
package io.github.realtimeticket.micronaut;

import io.github.realtimeticket.TicketGrant;
import io.github.realtimeticket.TicketHolder;
import io.micronaut.http.HttpRequest;
import java.security.Principal;
import java.util.Optional;
import java.util.function.Function;

/**
 * Says what ticket the user of a request gets, and whether one: who is logged in, whom the ticket stands for, and if need be for
 * which backend, for how long, and with which attributes. A bean of the application's; {@link #byPrincipal()} without one. An
 * implementation is thread-safe, and may block.
 */
@FunctionalInterface
public interface TicketGrants {

    /**
     * The grant for the user of this request for a ticket; nothing if nobody is logged in, which is answered with 401. Asked only if
     * method and site are right.
     */
    Optional<? extends TicketGrant> grant(HttpRequest<?> request);

    /**
     * Whether a request that does not say where it comes from carries the application's own CSRF token; by default it does not. Asked only
     * about users who are logged in.
     */
    default boolean hasCsrfProof(HttpRequest<?> request) {
        return false;
    }

    /** A ticket for this holder of the request's principal, and for everything that the issuer is set to. */
    static TicketGrants to(Function<? super Principal, TicketHolder> holder) {
        return request -> request.getUserPrincipal().map(user -> TicketGrant.to(holder.apply(user)));
    }

    /** The request's principal itself if it is a {@link TicketHolder}, else its name as both id and username. */
    static TicketGrants byPrincipal() {
        return to(TicketHolder::of);
    }
}
