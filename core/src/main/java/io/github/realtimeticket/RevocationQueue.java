// SPDX-License-Identifier: Apache-2.0
package io.github.realtimeticket;

import java.util.Iterator;
import java.util.LinkedHashSet;
import java.util.Objects;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.Executor;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;

/**
 * Revokes for an application that goes on with something else, such as a logout. What could not be revoked is tried again every second until it
 * is, or until {@link #close()}: one after another, 100,000 at the most, of which the oldest are lost.
 *
 * <p>Thread-safe, and never blocks.
 */
public final class RevocationQueue implements AutoCloseable {

    private static final System.Logger LOG = System.getLogger(RevocationQueue.class.getName());

    private static final int MOST = 100_000;
    private static final Executor IN_A_SECOND = CompletableFuture.delayedExecutor(1, TimeUnit.SECONDS);

    private final Revocations revocations;
    private final Set<Revocation> unsent = new LinkedHashSet<>();
    private boolean trying;
    private boolean closed;
    private boolean lost;

    /** Tells these. */
    public RevocationQueue(Revocations revocations) {
        this.revocations = Objects.requireNonNull(revocations, "revocations");
    }

    /** Sees to it that this is revoked. The stage never fails: it is done when this is kept, or has failed once, which is said at WARNING. */
    public CompletableFuture<@Nullable Void> add(Revocation revocation) {
        CompletableFuture<@Nullable Void> tried = attempt(revocation).handle((done, fault) -> {
            if (fault != null) {
                keep(revocation, fault);
            }
            return null;
        });
        // Whoever waits no longer does not keep the fault from being told.
        return tried.copy();
    }

    /** Tries nothing again from now on, and says what is left. */
    @Override
    public synchronized void close() {
        closed = true;
        if (!unsent.isEmpty()) {
            LOG.log(
                    System.Logger.Level.WARNING,
                    unsent.size()
                            + " revocations of ended logins were never told: their connections stay open until the"
                            + " connections' own end");
        }
    }

    private CompletableFuture<Void> attempt(Revocation revocation) {
        try {
            return revocations.revoke(revocation).toCompletableFuture();
        } catch (Throwable e) {
            // An error and, from other languages, a checked exception too.
            return CompletableFuture.failedFuture(e);
        }
    }

    private synchronized void keep(Revocation revocation, Throwable fault) {
        if (closed) {
            if (!lost) {
                lost = true;
                LOG.log(
                        System.Logger.Level.WARNING,
                        "A login has ended while the application did, and its connections were never told: "
                                + TicketStoreException.unwrap(fault));
            }
            return;
        }
        if (unsent.isEmpty()) {
            LOG.log(
                    System.Logger.Level.WARNING,
                    "A login has ended and its connections could not be told; it is tried again every second: "
                            + TicketStoreException.unwrap(fault));
        }
        boolean isNew = unsent.add(revocation);
        if (unsent.size() > MOST) {
            Iterator<Revocation> oldest = unsent.iterator();
            Revocation unused = oldest.next();
            oldest.remove();
        }
        if (isNew && !trying) {
            trying = true;
            IN_A_SECOND.execute(this::tryAgain);
        }
    }

    private void tryAgain() {
        Revocation next = next();
        if (next == null) {
            return;
        }
        var unused = attempt(next).handle((told, fault) -> {
            if (fault == null) {
                remove(next);
            } else {
                putLast(next);
            }
            // One after another while it works, on another thread, however deep that would nest.
            Executor later = fault == null ? CompletableFuture.delayedExecutor(0, TimeUnit.SECONDS) : IN_A_SECOND;
            later.execute(this::tryAgain);
            return null;
        });
    }

    private synchronized @Nullable Revocation next() {
        if (closed || unsent.isEmpty()) {
            trying = false;
            return null;
        }
        return unsent.iterator().next();
    }

    /** One that can never be told is in nobody's way. */
    private synchronized void putLast(Revocation untold) {
        if (unsent.remove(untold)) {
            boolean unused = unsent.add(untold);
        }
    }

    private synchronized void remove(Revocation told) {
        if (unsent.remove(told) && unsent.isEmpty()) {
            LOG.log(System.Logger.Level.INFO, "What could not be told of ended logins has been told now");
        }
    }
}
