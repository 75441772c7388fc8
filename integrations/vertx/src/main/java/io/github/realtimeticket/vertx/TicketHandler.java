// SPDX-License-Identifier: Apache-2.0
package io.github.realtimeticket.vertx;

import io.github.realtimeticket.Admission;
import io.github.realtimeticket.Gate;
import io.github.realtimeticket.TicketHolder;
import io.vertx.core.Context;
import io.vertx.core.json.JsonObject;
import io.vertx.ext.auth.User;
import io.vertx.ext.web.RoutingContext;
import io.vertx.ext.web.handler.AuthenticationHandler;
import io.vertx.ext.web.impl.UserContextInternal;
import java.util.LinkedHashMap;
import org.jspecify.annotations.Nullable;

/**
 * Admits requests to a route of a vertx-web {@link io.vertx.ext.web.Router} by ticket, and makes the ticket's holder the user.
 *
 * <pre>{@code
 * router.get("/chat").handler(TicketHandler.webSockets(gate)).handler(ctx ->
 *         ctx.request().toWebSocket().onSuccess(socket ->
 *                 socket.writeTextMessage("Hello " + TicketHandler.admitted(ctx).holder().username())));
 * }</pre>
 *
 * <p>The next handler finds the admission with {@link #admitted}, and the holder as {@link RoutingContext#user()}, whose principal is
 * {@code {"id":…,"username":…,"attributes":{…}}}. It is called in the Vert.x context of the request, whose
 * body, or upgrade, is still to come. A ticket is redeemed once for a request, even if the request passes here again after a
 * {@link RoutingContext#reroute}. If the client leaves while the store is asked, no next handler is called. If it sends a request
 * behind a handshake, before its answer, the connection ends, and no ticket of that request is used up.
 *
 * <p>What comes of the request, a WebSocket, an event stream or another answer, ends with the login that the ticket was issued in (T16,
 * T17): a WebSocket is closed with 3000 or 3003, and any other answer that the application has not ended is reset, as if the client had
 * left. From then on nothing that the client sends is passed on, and a client that does not answer the close is cut off after ten seconds.
 *
 * <p>A refusal is answered here, with the status and body of T11, so that every one looks alike; the router's failure handlers
 * are not called. A {@link io.github.realtimeticket.TicketListener} learns the reasons.
 *
 * <p>A CORS preflight carries the ticket of the request that it asks for, and burns nothing. It is refused with the body of 403
 * (by {@link #webSockets} with 400, as all that is no handshake), because nobody before has allowed the page's origin, and passed on
 * it would meet handlers that count on a holder. Where pages of other origins may come here with other requests than a WebSocket's,
 * put a {@code CorsHandler} before.
 *
 * <p>Immutable and thread-safe.
 *
 * <p><b>Security:</b> a ticket opens one connection and no session, but Vert.x keeps the user of a context in its session. So a
 * request that has passed a {@code SessionHandler} fails here with {@link IllegalStateException}, before the ticket is used;
 * and no {@code SessionHandler} may follow.
 */
public final class TicketHandler implements AuthenticationHandler {

    private static final String KEY = TicketHandler.class.getName();

    private final VertxGate gate;
    private final boolean handshakesOnly;

    private TicketHandler(Gate gate, boolean handshakesOnly) {
        this.gate = new VertxGate(gate);
        this.handshakesOnly = handshakesOnly;
    }

    /** A handler that admits any request through this gate: for event streams, plain requests, and a route that has WebSockets among them. */
    public static TicketHandler of(Gate gate) {
        return new TicketHandler(gate, false);
    }

    /**
     * A handler that admits WebSocket handshakes through this gate: for a route whose next handler calls {@code toWebSocket()}. Any other
     * request is answered with 400, and uses up no ticket.
     */
    public static TicketHandler webSockets(Gate gate) {
        return new TicketHandler(gate, true);
    }

    /**
     * How this request was admitted: the ticket's holder, and what else is known of it.
     *
     * @throws IllegalStateException if the request did not pass a {@code TicketHandler}
     */
    public static Admission.Admitted admitted(RoutingContext ctx) {
        Passed passed = ctx.get(KEY);
        if (passed == null) {
            throw new IllegalStateException("No TicketHandler on the way of this request");
        }
        return passed.admitted();
    }

    /** Whether this request has been admitted by a ticket. */
    static boolean hasAdmitted(RoutingContext ctx) {
        return ctx.get(KEY) != null;
    }

    @Override
    public void handle(RoutingContext ctx) {
        if (handshakesOnly && !ctx.request().canUpgradeToWebSocket()) {
            gate.refuseOther(ctx.request());
            return;
        }
        Passed last = ctx.get(KEY);
        Passed passed = last;
        while (passed != null && !passed.gate().equals(gate)) {
            passed = passed.before();
        }
        if (passed != null) {
            proceed(ctx, passed.admitted(), last);
        } else if (ctx.session() != null) {
            ctx.fail(
                    new IllegalStateException(
                            "A TicketHandler is on a route with a SessionHandler, which would keep the ticket's holder logged in"));
        } else {
            Context context = ctx.vertx().getOrCreateContext();
            gate.admit(
                    ctx.request(),
                    context,
                    admitted -> {
                        var opened = new Opened(admitted, ctx.request());
                        // Of each the response has one, and an application may put its own there.
                        ctx.addBodyEndHandler(written -> opened.written());
                        ctx.addEndHandler(ended -> opened.ended());
                        proceed(ctx, admitted, last);
                    },
                    ctx::fail);
        }
    }

    private void proceed(RoutingContext ctx, Admission.Admitted admitted, @Nullable Passed last) {
        ctx.put(KEY, new Passed(gate, admitted, last));
        // The way that vertx-web's own authentication handlers take; there is no public one.
        ((UserContextInternal) ctx.userContext()).setUser(user(admitted.holder()));
        ctx.next();
    }

    private static User user(TicketHolder holder) {
        // In a member of their own, because Vert.x sees a meaning in some names, such as exp, scope and amr; and a
        // copy, because a user's principal may be changed and a holder's attributes may not.
        var principal = new JsonObject()
                .put("id", holder.id())
                .put("username", holder.username())
                .put("attributes", new JsonObject(new LinkedHashMap<>(holder.attributes())));
        return User.create(principal.copy());
    }

    /** That a request was admitted, and by which gate: no other gate lets it in for that, and what was before is not forgotten. */
    private record Passed(
            VertxGate gate,
            Admission.Admitted admitted,
            @Nullable Passed before) {}
}
