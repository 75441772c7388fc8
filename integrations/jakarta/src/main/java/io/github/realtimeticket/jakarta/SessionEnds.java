// SPDX-License-Identifier: Apache-2.0
package io.github.realtimeticket.jakarta;

import io.github.realtimeticket.Revocation;
import io.github.realtimeticket.RevocationQueue;
import io.github.realtimeticket.Revocations;
import io.github.realtimeticket.TicketGrant;
import jakarta.servlet.ServletRequestEvent;
import jakarta.servlet.ServletRequestListener;
import jakarta.servlet.http.HttpServletRequest;
import jakarta.servlet.http.HttpSession;
import jakarta.servlet.http.HttpSessionEvent;
import jakarta.servlet.http.HttpSessionIdListener;
import jakarta.servlet.http.HttpSessionListener;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import org.jspecify.annotations.Nullable;

/**
 * Revokes what was issued in an HTTP session when that ends, by a logout or by itself, and what was issued under its old id when it gets
 * another (T16): whoever has the page open comes back with a ticket of the new one.
 *
 * <pre>{@code
 * context.addListener(new SessionEnds(revocations));
 * TicketServlet.of(issuer).withGrants(grants.inSession()).register(context, "/ticket/");
 * }</pre>
 *
 * <p>In a request it waits until the revocation is kept, two seconds at most; elsewhere, as where a container ends what has expired, it does not
 * wait. It never fails: what could not be revoked is said at WARNING, and tried again every second until {@link #close()}. Thread-safe.
 */
public final class SessionEnds
        implements HttpSessionListener, HttpSessionIdListener, ServletRequestListener, AutoCloseable {

    /** On a session, that a ticket was granted in it: sessions of strangers come and go in any number. */
    private static final String GRANTED = SessionEnds.class.getName();

    /** On a request, the session that it began in, if any. */
    private static final String BEGUN_IN = SessionEnds.class.getName() + ".begunIn";

    private final ThreadLocal<Boolean> inRequest = ThreadLocal.withInitial(() -> false);
    private final RevocationQueue queue;

    /** Revokes here. */
    public SessionEnds(Revocations revocations) {
        queue = new RevocationQueue(revocations);
    }

    /** Notes in which session a request begins. Its body may take its time. */
    static void begin(HttpServletRequest request) {
        HttpSession session = request.getSession(false);
        request.setAttribute(BEGUN_IN, session == null ? null : session.getId());
    }

    /** Binds a grant to the request's session, if there is one; nothing if that has ended, or got another id, since the request began. */
    static Optional<TicketGrant> bind(HttpServletRequest request, TicketGrant.Granted grant) {
        HttpSession session = request.getSession(false);
        Object begunIn = request.getAttribute(BEGUN_IN);
        if (session == null) {
            return begunIn == null ? Optional.of(grant) : Optional.empty();
        }
        // First the mark: an id that changes later is revoked.
        if (!mark(session)) {
            return Optional.empty();
        }
        String id = session.getId();
        return begunIn == null || begunIn.equals(id) ? Optional.of(grant.withSession(id)) : Optional.empty();
    }

    private static boolean mark(HttpSession session) {
        try {
            session.setAttribute(GRANTED, true);
            return true;
        } catch (IllegalStateException e) {
            return false;
        }
    }

    @Override
    public void requestInitialized(ServletRequestEvent event) {
        inRequest.set(true);
    }

    @Override
    public void requestDestroyed(ServletRequestEvent event) {
        inRequest.remove();
    }

    /** Tries nothing again from now on: for when the application ends and its server does not. */
    @Override
    public void close() {
        queue.close();
    }

    @Override
    public void sessionDestroyed(HttpSessionEvent event) {
        revoke(event.getSession(), event.getSession().getId());
    }

    @Override
    public void sessionIdChanged(HttpSessionEvent event, String oldId) {
        revoke(event.getSession(), oldId);
    }

    private void revoke(HttpSession session, String id) {
        if (!concerns(session)) {
            return;
        }
        CompletableFuture<@Nullable Void> done = queue.add(Revocation.session(id));
        if (inRequest.get()) {
            done.join();
        }
    }

    private static boolean concerns(HttpSession session) {
        try {
            return session.getAttribute(GRANTED) != null;
        } catch (IllegalStateException e) {
            // It is as good as gone, and shows nothing any more.
            return true;
        }
    }
}
