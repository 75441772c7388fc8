// SPDX-License-Identifier: Apache-2.0
package io.github.realtimeticket;

import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.List;
import java.util.Queue;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.function.LongSupplier;
import org.jspecify.annotations.Nullable;

/**
 * Revocations for one JVM: told while {@link #revoke} is called, one at a time.
 *
 * <p>What was revoked is remembered for later listeners as long as a ticket can be outstanding, up to a limit. Thread-safe.
 */
final class InMemoryRevocations implements Revocations {

    private static final System.Logger LOG = System.getLogger(Revocations.class.getName());

    private final long start;
    private final LongSupplier nanoTime;
    private final Queue<Told> remembered = new ArrayDeque<>();
    private final Queue<Telling> waiting = new ArrayDeque<>();
    private final List<Place> places = new ArrayList<>();
    private @Nullable Told forgotten;
    private boolean telling;
    private long count;
    private volatile String revision;

    /** What was told, and when. */
    private record Told(Revocation revocation, String revision, long nanos) {}

    private record Telling(Revocation revocation, CompletableFuture<Void> told) {}

    InMemoryRevocations(LongSupplier millis, LongSupplier nanoTime) {
        start = millis.getAsLong();
        this.nanoTime = nanoTime;
        revision = new Revision(start, 0).toString();
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

    @Override
    public synchronized Listening listen(RevocationListener listener) {
        forgetOld();
        if (forgotten != null) {
            String last = forgotten.revision();
            quietly(() -> listener.lost(last));
        }
        for (Told told : List.copyOf(remembered)) {
            quietly(() -> listener.revoked(told.revocation(), told.revision()));
        }
        var place = new Place(listener);
        places.add(place);
        return place;
    }

    @Override
    public String revision() {
        return revision;
    }

    @Override
    public boolean isCurrent() {
        return true;
    }

    private synchronized void remove(Place place) {
        places.remove(place);
    }

    private void tellAll() {
        for (Telling next = waiting.poll(); next != null; next = waiting.poll()) {
            Revocation revocation = next.revocation();
            count++;
            String told = new Revision(start, count).toString();
            forgetOld();
            remembered.add(new Told(revocation, told, nanoTime.getAsLong()));
            for (Place place : List.copyOf(places)) {
                quietly(() -> place.listener.revoked(revocation, told));
            }
            revision = told;
            next.told().complete(null);
        }
    }

    private void forgetOld() {
        long now = nanoTime.getAsLong();
        while (!remembered.isEmpty() && (isOld(remembered.peek(), now) || remembered.size() >= Revoked.MAXIMUM)) {
            forgotten = remembered.remove();
        }
        if (forgotten != null && isOld(forgotten, now)) {
            forgotten = null;
        }
    }

    private static boolean isOld(Told told, long now) {
        return now - told.nanos() > Revoked.REMEMBERED.toNanos();
    }

    private static void quietly(Runnable telling) {
        try {
            telling.run();
        } catch (Throwable e) {
            // An error and, from other languages, a checked exception too.
            LOG.log(System.Logger.Level.WARNING, "A listener to revocations failed", e);
        }
    }

    private final class Place implements Listening {

        private final RevocationListener listener;

        Place(RevocationListener listener) {
            this.listener = listener;
        }

        @Override
        public void close() {
            remove(this);
        }
    }
}
