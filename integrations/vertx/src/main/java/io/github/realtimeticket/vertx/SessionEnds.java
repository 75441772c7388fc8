// SPDX-License-Identifier: Apache-2.0
package io.github.realtimeticket.vertx;

import io.github.realtimeticket.Revocation;
import io.github.realtimeticket.RevocationQueue;
import io.github.realtimeticket.Revocations;
import io.github.realtimeticket.TicketGrant;
import io.vertx.ext.web.RoutingContext;
import io.vertx.ext.web.Session;
import io.vertx.ext.web.handler.PlatformHandler;
import java.util.HashSet;
import java.util.Objects;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Stream;

/**
 * Revokes what was issued in a web session when a request destroys that, as a logout does, and what was issued under its old id when a request
 * gives it another (T16): whoever has the page open comes back with a ticket of the new one. It stands directly behind the
 * {@code SessionHandler}, for all requests:
 *
 * <pre>{@code
 * router.route().handler(SessionHandler.create(sessions)).handler(new SessionEnds(revocations));
 * router.route("/ticket/").handler(IssuerHandler.of(issuer).withGrants(TicketGrants.byUser().inSession()));
 * }</pre>
 *
 * <p>It revokes before the head of the answer is sent, and the answer does not wait until the revocation is kept. What could not be revoked is
 * said at WARNING, and tried again every second until {@link #close()}. A request that does not come here, a session that expires, and one that is
 * destroyed only after the client of that request has gone, revoke nothing. A request whose session was empty when it began ends
 * nobody's login, and revokes nothing either.
 *
 * <p>Thread-safe, and never blocks. To Vert.x, each session that passes here has been used: lazy sessions are stored, too.
 */
public final class SessionEnds implements PlatformHandler, AutoCloseable {

    private static final String BEGUN = SessionEnds.class.getName();

    private final RevocationQueue queue;

    /** Revokes here. */
    public SessionEnds(Revocations revocations) {
        queue = new RevocationQueue(revocations);
    }

    @Override
    public void handle(RoutingContext ctx) {
        if (ctx.get(BEGUN) == null) {
            Session session = ctx.session();
            if (session == null) {
                ctx.fail(new IllegalStateException("A SessionEnds stands where no SessionHandler is before it"));
                return;
            }
            var begun = new Begun(session, session.id(), session.isEmpty(), new HashSet<>());
            ctx.put(BEGUN, begun);
            // Of a client that has gone no head is written.
            ctx.addEndHandler(ended -> revoke(ctx, begun));
        }
        // Not looked for in the end: the application may have cleared what it had in the context.
        Begun begun = ctx.get(BEGUN);
        // A reroute forgets it.
        ctx.addHeadersEndHandler(written -> revoke(ctx, begun));
        ctx.next();
    }

    /** Tries nothing again from now on: for when the application ends and its JVM does not. */
    @Override
    public void close() {
        queue.close();
    }

    /**
     * Binds a grant to the request's session; nothing if that has ended, or got another id, since the request began. In one that was empty
     * then, whoever has logged in has done so in this request.
     */
    static Optional<TicketGrant> bind(RoutingContext ctx, TicketGrant.Granted grant) {
        Begun begun = ctx.get(BEGUN);
        if (begun == null) {
            throw new IllegalStateException("TicketGrants.inSession() needs a SessionEnds behind the SessionHandler");
        }
        Session session = ctx.session();
        return session != null
                        && !session.isDestroyed()
                        && (begun.empty() || session.id().equals(begun.id()))
                ? Optional.of(grant.withSession(session.id()))
                : Optional.empty();
    }

    private void revoke(RoutingContext ctx, Begun begun) {
        begun.ended(ctx.response().getStatusCode()).filter(begun.told()::add).forEach(id -> {
            var unused = queue.add(Revocation.session(id));
        });
    }

    /**
     * The session that a request began in. The object may be that of other requests, too, and the id another since.
     *
     * @param empty whether nobody was logged in by it
     * @param told the ids that have been revoked
     */
    private record Begun(Session session, String id, boolean empty, Set<String> told) {

        Stream<String> ended(int status) {
            // A session that is destroyed and used again has another id, and is not destroyed.
            boolean destroyed = session.isDestroyed();
            String before = session.oldId();
            String now = session.id();
            // Behind such an answer Vert.x stores no new id, and the old one goes on.
            boolean goesOn = !destroyed && before != null && (status < 200 || status >= 400);
            return empty || goesOn
                    ? Stream.empty()
                    : Stream.of(id, Objects.requireNonNullElse(before, id), now)
                            .filter(one -> destroyed || !one.equals(now));
        }
    }
}
