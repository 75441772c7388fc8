// SPDX-License-Identifier: Apache-2.0
package io.github.realtimeticket;

import java.util.ArrayDeque;
import java.util.Queue;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.function.LongSupplier;

/**
 * Revocations for one JVM: told while {@link #revoke} is called, one at a time.
 *
 * <p>What was revoked is remembered for later listeners as long as a ticket can be outstanding, up to a limit. Thread-safe.
 */
final class InMemoryRevocations implements Revocations {

    private final LongSupplier millis;
    private final RevocationListeners listeners;
    private final Queue<Telling> waiting = new ArrayDeque<>();
    private boolean telling;
    private long count;
    private volatile Revision revision;

    private record Telling(Revocation revocation, CompletableFuture<Void> told) {}

    InMemoryRevocations(LongSupplier millis, LongSupplier nanoTime) {
        this.millis = millis;
        listeners = new RevocationListeners(nanoTime);
        revision = new Revision(millis.getAsLong(), 0);
    }

    @Override
    public synchronized CompletionStage<Void> revoke(Revocation revocation) {
        var next = new Telling(revocation, new CompletableFuture<>());
        waiting.add(next);
        // A listener that revokes while it is told waits its turn, so that all are told in one order.
        if (!telling) {
            telling = true;
            try {
                tellAll();
            } finally {
                telling = false;
            }
        }
        return next.told();
    }

    // The lock of this first, as in revoke, which a listener may call.
    @Override
    public synchronized Listening listen(RevocationListener listener) {
        return listeners.listen(listener);
    }

    @Override
    public String revision() {
        return revision.toString();
    }

    @Override
    public boolean isCurrent() {
        return true;
    }

    private void tellAll() {
        for (Telling next = waiting.poll(); next != null; next = waiting.poll()) {
            count++;
            var told = new Revision(Math.max(revision.milliseconds(), millis.getAsLong()), count);
            listeners.revoked(next.revocation(), told.toString());
            revision = told;
            next.told().complete(null);
        }
    }
}
