// SPDX-License-Identifier: Apache-2.0
package io.github.realtimeticket;

import java.time.Duration;
import java.util.ArrayDeque;
import java.util.List;
import java.util.Queue;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.Executor;
import java.util.function.Function;

/**
 * What this process has revoked within the last minute, 10,000 at the most: a failover of the store may lose it before everybody has read it. A
 * part of {@link Revocations} that are kept in a store. Thread-safe.
 */
public final class RecentRevocations {

    private static final Duration AGAIN = Duration.ofMinutes(1);
    private static final int MOST = 10_000;

    private final Function<Revocation, CompletionStage<Void>> revoke;
    private final Executor later;
    private final Queue<Recent> recent = new ArrayDeque<>();

    private record Recent(Revocation revocation, long nanoTime) {
        boolean isOld() {
            return System.nanoTime() - nanoTime > AGAIN.toNanos();
        }
    }

    /**
     * Nothing yet.
     *
     * @param revoke as {@link Revocations#revoke}
     * @param later after a pause, for what has failed
     */
    public RecentRevocations(Function<Revocation, CompletionStage<Void>> revoke, Executor later) {
        this.revoke = revoke;
        this.later = later;
    }

    /** Remembers what has been revoked. */
    public synchronized void add(Revocation revocation) {
        recent.add(new Recent(revocation, System.nanoTime()));
        while (recent.size() > MOST || recent.element().isOld()) {
            recent.remove();
        }
    }

    /** Revokes all of it again, and again until it is done or a minute old. */
    public void revokeAgain() {
        List<Recent> again;
        synchronized (this) {
            again = List.copyOf(recent);
            recent.clear();
        }
        again.forEach(this::revokeAgain);
    }

    private void revokeAgain(Recent lost) {
        if (!lost.isOld()) {
            CompletionStage<Void> unused = revoke.apply(lost.revocation()).whenComplete((nothing, fault) -> {
                if (fault != null) {
                    later.execute(() -> revokeAgain(lost));
                }
            });
        }
    }
}
