// SPDX-License-Identifier: Apache-2.0
package io.github.realtimeticket.vertx;

import io.github.realtimeticket.TicketGrant;
import io.github.realtimeticket.TicketHolder;
import io.vertx.ext.auth.User;
import io.vertx.ext.web.RoutingContext;
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
     * are right, on the event loop, and not of whoever came by ticket.
     */
    Optional<? extends TicketGrant> grant(RoutingContext ctx);

    /**
     * The same, bound to the web session of the request, unless the grant names another: what the ticket opens does not outlive it (T16).
     * The request has passed a {@link SessionEnds}, which revokes a session that ends; without one it is answered with 500. Nothing is granted
     * if the session has been destroyed, or has got another id, since the request began, but for a login within the request itself, as
     * by HTTP Basic.
     *
     * <p>A session that expires says nothing: with {@link TicketGrant.Granted#withUntil} the connection comes back for another ticket by then.
     */
    default TicketGrants inSession() {
        return ctx -> grant(ctx)
                .flatMap(grant -> grant instanceof TicketGrant.Granted granted && granted.session() == null
                        ? SessionEnds.bind(ctx, granted)
                        : Optional.of(grant));
    }

    /** A ticket for this holder of the request's user, and for everything that the issuer is set to. */
    static TicketGrants to(Function<? super User, TicketHolder> holder) {
        return ctx -> Optional.ofNullable(ctx.user()).map(user -> TicketGrant.to(holder.apply(user)));
    }

    /**
     * The user's {@link User#subject()} as both id and username: the {@code username} of the principal, or the {@code sub} of a JWT.
     *
     * <p><b>Security:</b> it asks for no second factor. To Vert.x there is a user from the password on; that the second factor is there, too, is
     * the attribute {@code mfa} of the user, which the application's own grants ask for:
     *
     * <pre>{@code
     * ctx -> ctx.user() != null && "totp".equals(ctx.user().get("mfa"))
     *         ? TicketGrants.byUser().grant(ctx)
     *         : Optional.empty()
     * }</pre>
     */
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
}
