// SPDX-License-Identifier: Apache-2.0
package io.github.realtimeticket.vertx;

import io.github.realtimeticket.TicketGrant;
import io.github.realtimeticket.TicketHolder;
import io.vertx.ext.auth.User;
import io.vertx.ext.web.RoutingContext;
import io.vertx.ext.web.Session;
import java.util.Optional;
import java.util.function.Function;

/**
 * Says what ticket the user of a request gets, and whether one: who is logged in, whom the ticket stands for, and if need be for
 * which backend, for how long, and with which attributes. An implementation is thread-safe, and does not block: what has to be looked up,
 * an earlier handler puts into the context.
 *
 * <pre>{@code
 * ctx -> ctx.get("account") instanceof Account account
 *         ? Optional.of(TicketGrant.to(TicketHolder.of(account.id(), account.name())).withAudience("chat"))
 *         : Optional.empty()
 * }</pre>
 */
@FunctionalInterface
public interface TicketGrants {

    /**
     * The grant for the user of this request; nothing if nobody is logged in, which is answered with 401. Asked only if method and site
     * are right, on the event loop.
     */
    Optional<? extends TicketGrant> grant(RoutingContext ctx);

    /**
     * The same, bound to the web session of the request, if there is one and the grant names none: what the ticket opens does not outlive
     * it (T16), as far as the application says that it has ended. Vert.x tells nobody, so the handler of the logout revokes it, in one
     * line before the session is destroyed:
     *
     * <pre>{@code
     * ends.add(Revocation.session(ctx.session().id()))
     * }</pre>
     *
     * <p>where {@code ends} is the {@link io.github.realtimeticket.RevocationQueue} of the application. A session that expires says
     * nothing: with {@link TicketGrant.Granted#withUntil} the connection comes back for another ticket by then. Nothing is granted in a
     * session that has been destroyed since the request began, as far as its store shows that.
     */
    default TicketGrants inSession() {
        return ctx -> grant(ctx)
                .flatMap(grant -> grant instanceof TicketGrant.Granted granted && granted.session() == null
                        ? bind(ctx, granted)
                        : Optional.of(grant));
    }

    /** A ticket for this holder of the request's user, and for everything that the issuer is set to. Whoever came by ticket gets none. */
    static TicketGrants to(Function<? super User, TicketHolder> holder) {
        return ctx -> Optional.ofNullable(ctx.user())
                .filter(user -> !TicketHandler.hasAdmitted(ctx))
                .map(user -> TicketGrant.to(holder.apply(user)));
    }

    /** The user's {@link User#subject()} as both id and username: the {@code username} of the principal, or the {@code sub} of a JWT. */
    static TicketGrants byUser() {
        return to(user -> {
            String name = user.subject();
            if (name == null) {
                throw new IllegalArgumentException(
                        "A User has no subject: the application must say whose the ticket is, in its TicketGrants");
            }
            return TicketHolder.of(name, name);
        });
    }

    private static Optional<TicketGrant> bind(RoutingContext ctx, TicketGrant.Granted grant) {
        Session session = ctx.session();
        if (session == null) {
            return Optional.of(grant);
        }
        return session.isDestroyed() ? Optional.empty() : Optional.of(grant.withSession(session.id()));
    }
}
