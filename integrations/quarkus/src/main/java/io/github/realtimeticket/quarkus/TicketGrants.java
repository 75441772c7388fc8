// SPDX-License-Identifier: Apache-2.0
package io.github.realtimeticket.quarkus;

import io.github.realtimeticket.Revocations;
import io.github.realtimeticket.TicketGrant;
import io.github.realtimeticket.TicketHolder;
import io.quarkus.security.AuthenticationCompletionException;
import io.quarkus.security.AuthenticationFailedException;
import io.quarkus.security.AuthenticationRedirectException;
import io.quarkus.security.identity.SecurityIdentity;
import io.quarkus.vertx.http.runtime.security.QuarkusHttpUser;
import io.vertx.ext.web.RoutingContext;
import java.util.Optional;
import java.util.function.BiConsumer;
import java.util.function.Function;

/**
 * Says what ticket the user of a request gets, and whether one: who is logged in, whom the ticket stands for, and if need be for
 * which backend, for how long, and with which attributes. A bean of the application; without one it is {@link #byPrincipal}.
 *
 * <pre>{@code
 * request -> TicketGrants.user(request)
 *         .map(user -> TicketGrant.to(TicketHolder.of(user.getPrincipal())).withAudience("chat"))
 * }</pre>
 *
 * <p>An implementation is thread-safe. It is asked on a worker thread, which it may block; no request context is active.
 *
 * <p><b>Security:</b> Quarkus may have authenticated the user before the issuer is asked. A user who is revoked in between gets no ticket that
 * works (T16) if the application has its {@link Revocations} among its beans. Without, an application that revokes users whom it locks looks
 * here whether this one still may have a ticket.
 */
@FunctionalInterface
public interface TicketGrants {

    /**
     * The grant for the user of this request for a ticket; nothing if nobody is logged in, which is answered with 401. Asked only if
     * method and site are right.
     */
    Optional<? extends TicketGrant> grant(RoutingContext request);

    /**
     * Whether the request carries the application's own CSRF token: no, unless an application says otherwise. Asked only about users who
     * are logged in, of requests that do not say where they come from.
     */
    default boolean hasCsrfProof(RoutingContext request) {
        return false;
    }

    /** A ticket for this holder of the request's {@link #user}, and for everything that the issuer is set to. */
    static TicketGrants to(Function<? super SecurityIdentity, TicketHolder> holder) {
        return request -> user(request).map(user -> TicketGrant.to(holder.apply(user)));
    }

    /** The user's principal itself if it is a {@link TicketHolder}, else its name as both id and username. */
    static TicketGrants byPrincipal() {
        return to(user -> TicketHolder.of(user.getPrincipal()));
    }

    /**
     * Whom Quarkus has found to be logged in, with any of its authentication mechanisms; nothing if that is nobody, or if the credentials are
     * wrong. It may block where authentication is not proactive.
     */
    static Optional<SecurityIdentity> user(RoutingContext request) {
        // Quarkus itself would answer wrong credentials, with a challenge or a login page.
        Object answering = request.get(QuarkusHttpUser.AUTH_FAILURE_HANDLER);
        request.put(QuarkusHttpUser.AUTH_FAILURE_HANDLER, (BiConsumer<RoutingContext, Throwable>) (asked, fault) -> {});
        try {
            SecurityIdentity user = QuarkusHttpUser.getSecurityIdentityBlocking(request, null);
            return user == null || user.isAnonymous() ? Optional.empty() : Optional.of(user);
        } catch (AuthenticationFailedException
                | AuthenticationCompletionException
                | AuthenticationRedirectException e) {
            return Optional.empty();
        } finally {
            request.put(QuarkusHttpUser.AUTH_FAILURE_HANDLER, answering);
        }
    }
}
