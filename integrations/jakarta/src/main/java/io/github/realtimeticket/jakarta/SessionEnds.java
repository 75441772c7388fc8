// SPDX-License-Identifier: Apache-2.0
package io.github.realtimeticket.jakarta;

import io.github.realtimeticket.Revocation;
import io.github.realtimeticket.Revocations;
import io.github.realtimeticket.TicketStore;
import io.github.realtimeticket.TicketStoreException;
import jakarta.servlet.http.HttpSession;
import jakarta.servlet.http.HttpSessionEvent;
import jakarta.servlet.http.HttpSessionIdListener;
import jakarta.servlet.http.HttpSessionListener;
import java.util.Objects;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.Executor;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicBoolean;
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
 * <p>It waits until the revocation is kept, two seconds at most. It never fails: what could not be revoked is said at WARNING, and tried
 * again every second for as long as a ticket of the session can live. Thread-safe.
 */
public final class SessionEnds implements HttpSessionListener, HttpSessionIdListener {

    private static final System.Logger LOG = System.getLogger(SessionEnds.class.getName());

    /** On a session, that a ticket was granted in it: sessions of strangers come and go in any number. */
    private static final String GRANTED = SessionEnds.class.getName();

    private static final long PATIENCE_MILLIS = 2_000;
    private static final long TRIES = TicketStore.LONGEST_TIME_TO_LIVE.toSeconds();
    private static final Executor IN_A_SECOND = CompletableFuture.delayedExecutor(1, TimeUnit.SECONDS);

    private final Revocations revocations;
    private final AtomicBoolean failing = new AtomicBoolean();

    /** Revokes here. */
    public SessionEnds(Revocations revocations) {
        this.revocations = Objects.requireNonNull(revocations, "revocations");
    }

    /** Marks this session as one that tickets are issued in, unless it has just ended. */
    static boolean mark(HttpSession session) {
        try {
            session.setAttribute(GRANTED, true);
            return true;
        } catch (IllegalStateException e) {
            return false;
        }
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
        if (concerns(session)) {
            CompletableFuture<@Nullable Void> unused = revoke(Revocation.session(id), TRIES)
                    .<@Nullable Void>thenApply(done -> null)
                    .completeOnTimeout(null, PATIENCE_MILLIS, TimeUnit.MILLISECONDS);
            unused.join();
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

    /** Completes, and not with a fault, when it is revoked or given up. */
    private CompletableFuture<Void> revoke(Revocation revocation, long tries) {
        return attempt(revocation)
                .toCompletableFuture()
                .handle((done, fault) -> fault)
                .thenCompose(fault -> {
                    if (fault == null) {
                        if (failing.getAndSet(false)) {
                            LOG.log(System.Logger.Level.INFO, "The ends of sessions can be told again");
                        }
                        return CompletableFuture.completedFuture(null);
                    }
                    if (!failing.getAndSet(true)) {
                        LOG.log(
                                System.Logger.Level.WARNING,
                                "A session has ended and its connections could not be told; it is tried again every"
                                        + " second: " + TicketStoreException.unwrap(fault));
                    }
                    return tries <= 0
                            ? CompletableFuture.completedFuture(null)
                            : CompletableFuture.runAsync(() -> {}, IN_A_SECOND)
                                    .thenCompose(waited -> revoke(revocation, tries - 1));
                });
    }

    private CompletionStage<Void> attempt(Revocation revocation) {
        try {
            return revocations.revoke(revocation);
        } catch (RuntimeException e) {
            return CompletableFuture.failedFuture(e);
        }
    }
}
