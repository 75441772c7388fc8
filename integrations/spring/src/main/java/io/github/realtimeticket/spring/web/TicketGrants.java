// SPDX-License-Identifier: Apache-2.0
package io.github.realtimeticket.spring.web;

import io.github.realtimeticket.TicketGrant;
import io.github.realtimeticket.TicketHolder;
import jakarta.servlet.http.HttpServletRequest;
import java.security.Principal;
import java.util.Optional;
import java.util.function.Function;

/**
 * Says what ticket a user gets, and whether one: whom it stands for, and if need be for which backend, for how long, and with which
 * attributes from the request, once the application has checked that the user may have them. An implementation is thread-safe.
 *
 * <pre>{@code
 * (user, request) -> rooms.mayEnter(user, request.getParameter("room"))
 *         ? Optional.of(TicketGrant.to(TicketHolder.of(42, user.getName())).withAudience("chat"))
 *         : Optional.of(TicketGrant.denied("not in this room"))
 * }</pre>
 *
 * <p>With Spring Security the user is an {@code Authentication}. Anonymous users are never asked about; users that are remembered
 * from an earlier login are.
 */
@FunctionalInterface
public interface TicketGrants {

    /**
     * The grant for this user, with this request for a ticket or for a page that carries one; nothing if this user counts as nobody
     * here, which the endpoint answers with 401.
     */
    Optional<? extends TicketGrant> grant(Principal user, HttpServletRequest request);

    /** A ticket for this holder of it, and for everything that the issuer is set to. */
    static TicketGrants to(Function<? super Principal, TicketHolder> holder) {
        return (user, request) -> Optional.of(TicketGrant.to(holder.apply(user)));
    }

    /** The principal itself if it is a {@link TicketHolder}, else its name as both id and username. */
    static TicketGrants byName() {
        return to(TicketHolder::of);
    }
}
