// SPDX-License-Identifier: Apache-2.0
package io.github.realtimeticket.jakarta;

import io.github.realtimeticket.TicketGrant;
import io.github.realtimeticket.TicketHolder;
import jakarta.servlet.http.HttpServletRequest;
import java.security.Principal;
import java.util.Optional;
import java.util.function.Function;

/**
 * Says what ticket the user of a request gets, and whether one: who is logged in, whom the ticket stands for, and if need be for
 * which backend, for how long, and with which attributes. An implementation is thread-safe.
 *
 * <pre>{@code
 * request -> request.getSession(false) != null && request.getSession(false).getAttribute("user") instanceof String user
 *         ? Optional.of(TicketGrant.to(TicketHolder.of(user, user)).withAudience("chat"))
 *         : Optional.empty()
 * }</pre>
 */
@FunctionalInterface
public interface TicketGrants {

    /**
     * The grant for the user of this request for a ticket, or for a page that carries one; nothing if nobody is logged in, which is
     * answered with 401. Asked only if method and site are right.
     */
    Optional<? extends TicketGrant> grant(HttpServletRequest request);

    /**
     * The same, bound to the HTTP session of the request, if there is one and the grant names none: what the ticket opens does not outlive
     * it, where {@link SessionEnds} listens (T16). Nothing if the session has ended, or got another id,
     * since a {@link TicketServlet} or a {@link PageTicketFilter} has had the request.
     */
    default TicketGrants inSession() {
        return request -> grant(request)
                .flatMap(grant -> grant instanceof TicketGrant.Granted granted && granted.session() == null
                        ? SessionEnds.bind(request, granted)
                        : Optional.of(grant));
    }

    /** A ticket for this holder of the request's principal, and for everything that the issuer is set to. */
    static TicketGrants to(Function<? super Principal, TicketHolder> holder) {
        return request ->
                Optional.ofNullable(request.getUserPrincipal()).map(user -> TicketGrant.to(holder.apply(user)));
    }

    /** The request's principal itself if it is a {@link TicketHolder}, else its name as both id and username. */
    static TicketGrants byPrincipal() {
        return to(TicketHolder::of);
    }
}
