// SPDX-License-Identifier: Apache-2.0
package io.github.realtimeticket;

import java.time.Duration;
import java.util.ArrayDeque;
import java.util.List;
import java.util.Queue;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.Executor;
import java.util.function.Function;
import java.util.function.LongSupplier;

/**
 * What this process has revoked lately, 10,000 at the most, until its own feed has read on for a minute: a failover of the store, or a restart
 * without its data, may lose it before everybody has read it. A part of {@link Revocations} that are kept in a store. Thread-safe.
 */
public final class RecentRevocations {

    private static final Duration AGAIN = Duration.ofMinutes(1);
    private static final int MOST = 10_000;

    private final LongSupplier readAt;
    private final Function<Revocation, ? extends CompletionStage<?>> again;
    private final Executor later;
    private final Queue<Recent> recent = new ArrayDeque<>();

    private record Recent(Revocation revocation, long nanoTime) {}

    /**
     * Nothing yet.
     *
     * @param readAt when the feed of this process was read the last time, as {@link System#nanoTime()}
     * @param again puts something into the store once more, without {@link #add adding} it here
     * @param later after a pause, for what has failed
     */
    public RecentRevocations(
            LongSupplier readAt, Function<Revocation, ? extends CompletionStage<?>> again, Executor later) {
        this.readAt = readAt;
        this.again = again;
        this.later = later;
    }

    /** Remembers what has been revoked. */
    public void add(Revocation revocation) {
        keep(new Recent(revocation, System.nanoTime()));
    }

    private void keep(Recent revoked) {
        long read = readAt.getAsLong();
        synchronized (recent) {
            recent.add(revoked);
            while (recent.size() > MOST || (!recent.isEmpty() && isOld(recent.element(), read))) {
                Recent unused = recent.remove();
            }
        }
    }

    private static boolean isOld(Recent revoked, long read) {
        return read - revoked.nanoTime() > AGAIN.toNanos();
    }

    /** Revokes all of it again, and again until that is done or the feed has read on for a minute since the first time. */
    public void revokeAgain() {
        List<Recent> lost;
        synchronized (recent) {
            lost = List.copyOf(recent);
            recent.clear();
        }
        lost.forEach(this::revokeAgain);
    }

    private void revokeAgain(Recent lost) {
        if (!isOld(lost, readAt.getAsLong())) {
            CompletionStage<?> unused = again.apply(lost.revocation()).whenComplete((done, fault) -> {
                if (fault == null) {
                    keep(lost);
                } else {
                    later.execute(() -> revokeAgain(lost));
                }
            });
        }
    }
}
