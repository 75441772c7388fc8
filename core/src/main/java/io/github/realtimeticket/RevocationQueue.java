// SPDX-License-Identifier: Apache-2.0
package io.github.realtimeticket;

import java.util.Iterator;
import java.util.LinkedHashSet;
import java.util.Objects;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.Executor;
import java.util.concurrent.TimeUnit;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/**
 * Revokes for an application that goes on with something else, such as a logout. What could not be revoked is tried again every second until it
 * is, or until {@link #close()}: one after another, 100,000 at the most. Beyond that the oldest are lost, which is said.
 *
 * <p>Thread-safe, and never blocks.
 */
public final class RevocationQueue implements AutoCloseable {

    private static final System.Logger LOG = System.getLogger(RevocationQueue.class.getName());

    private static final int MOST = 100_000;
    private static final int PATIENCE_SECONDS = 2;

    private static final Executor IN_A_SECOND =
            CompletableFuture.delayedExecutor(1, TimeUnit.SECONDS, SparseLog::elsewhere);
    private static final Executor NEXT = CompletableFuture.delayedExecutor(0, TimeUnit.SECONDS, SparseLog::elsewhere);

    private final Revocations revocations;
    private final Consumer<String> warnings;
    private final Set<Revocation> unsent = new LinkedHashSet<>();
    private boolean behind;
    private boolean closed;
    private boolean lost;

    /** Of those that have failed before, the one that is being tried. */
    private @Nullable Revocation trying;

    /** Tells these. */
    public RevocationQueue(Revocations revocations) {
        this(revocations, warning -> LOG.log(System.Logger.Level.WARNING, warning));
    }

    /** Tells these, and says with this what is to be said at WARNING, on any thread. */
    public RevocationQueue(Revocations revocations, Consumer<String> warnings) {
        this.revocations = Objects.requireNonNull(revocations, "revocations");
        this.warnings = Objects.requireNonNull(warnings, "warnings");
    }

    /**
     * Sees to it that this is revoked. The stage never fails: it is done when this is kept, or has failed once, which is said at WARNING, and
     * two seconds after the attempt was begun in any case.
     */
    public CompletableFuture<@Nullable Void> add(Revocation revocation) {
        CompletableFuture<@Nullable Void> tried = Attempt.at(
                        "The feed of revocations", () -> revocations.revoke(revocation))
                .handle((done, fault) -> {
                    if (fault != null) {
                        keep(revocation, fault, false);
                    }
                    return null;
                });
        // Whoever waits no longer does not keep the fault from being told, and is not called by the thread of all
        // timers.
        CompletableFuture<@Nullable Void> answer = tried.exceptionally(unsaid -> null);
        var unused = answer.copy().orTimeout(PATIENCE_SECONDS, TimeUnit.SECONDS).whenComplete((done, late) -> {
            if (late != null) {
                SparseLog.elsewhere(() -> answer.complete(null));
            }
        });
        return answer;
    }

    /** Tries nothing again from now on, and says what is left. */
    @Override
    public void close() {
        int left;
        synchronized (this) {
            closed = true;
            left = unsent.size() + (trying == null || unsent.contains(trying) ? 0 : 1);
        }
        if (left > 0) {
            warnings.accept(
                    left
                            + " revocations of ended logins were never told: their connections stay open until the connections' own end");
        }
    }

    /** @param again it has failed before, and was counted when this was closed */
    private void keep(Revocation revocation, Throwable fault, boolean again) {
        boolean begins = false;
        String loss = null;
        synchronized (this) {
            if (again) {
                trying = null;
                if (closed) {
                    return;
                }
            }
            if (closed) {
                loss = "Logins have ended with the application, as those in sessions in memory do, and were never told:"
                        + " what they have opened elsewhere stays open until its own end: "
                        + TicketStoreException.unwrap(fault);
            } else {
                boolean isNew = unsent.add(revocation);
                if (isNew && unsent.size() > MOST) {
                    boolean unused = unsent.remove(unsent.iterator().next());
                    loss = "More than " + MOST + " ended logins could not be told: the oldest never will be, and their"
                            + " connections stay open until the connections' own end";
                }
                begins = !behind;
                behind = true;
            }
            loss = lost ? null : loss;
            lost |= loss != null;
        }
        // What is to happen comes before what is to be said: a logger may throw.
        if (begins) {
            IN_A_SECOND.execute(this::tryAgain);
            warnings.accept("A login has ended and its connections could not be told; it is tried again every second: "
                    + TicketStoreException.unwrap(fault));
        }
        if (loss != null) {
            warnings.accept(loss);
        }
    }

    private void tryAgain() {
        Revocation next = next();
        if (next == null) {
            return;
        }
        var unused = Attempt.at("The feed of revocations", () -> revocations.revoke(next))
                .handle((told, fault) -> {
                    if (fault == null) {
                        told();
                    }
                    // One after another while it works, on another thread, however deep that would nest.
                    (fault == null ? NEXT : IN_A_SECOND).execute(this::tryAgain);
                    if (fault != null) {
                        keep(next, fault, true);
                    }
                    return null;
                });
    }

    private synchronized void told() {
        trying = null;
    }

    /** Whatever fails again, also meanwhile, is kept again, and comes last then: one that can never be told is in nobody's way. */
    private @Nullable Revocation next() {
        synchronized (this) {
            if (closed) {
                return null;
            }
            Iterator<Revocation> oldest = unsent.iterator();
            if (oldest.hasNext()) {
                Revocation next = oldest.next();
                oldest.remove();
                trying = next;
                return next;
            }
            behind = false;
        }
        LOG.log(System.Logger.Level.INFO, "What could not be told of ended logins has been told now");
        return null;
    }
}
