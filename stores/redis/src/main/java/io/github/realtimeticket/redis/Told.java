// SPDX-License-Identifier: Apache-2.0
package io.github.realtimeticket.redis;

import io.github.realtimeticket.Revocation;
import io.github.realtimeticket.RevocationListener;
import io.github.realtimeticket.Revocations;
import io.github.realtimeticket.TicketStore;
import java.time.Duration;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.List;
import java.util.Queue;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/** Who listens to revocations, and what they have been told lately, for those who listen later. Thread-safe: tells under its lock. */
final class Told {

    /** The longest life of a ticket, and a minute for clocks and stores that are not exact. */
    static final Duration REMEMBERED = TicketStore.LONGEST_TIME_TO_LIVE.plusMinutes(1);

    private static final System.Logger LOG = System.getLogger(Revocations.class.getName());
    private static final int MAXIMUM = 2 * RevocationStream.LENGTH;

    private final Queue<Telling> remembered = new ArrayDeque<>();
    private final List<Consumer<Telling>> places = new ArrayList<>();
    private @Nullable Telling lost;

    /** @param revocation what was revoked, or {@code null} if something up to there was lost */
    private record Telling(@Nullable Revocation revocation, StreamId id, long nanoTime) {
        void to(RevocationListener listener) {
            if (revocation == null) {
                listener.lost(id.toString());
            } else {
                listener.revoked(revocation, id.toString());
            }
        }

        boolean isOld() {
            return System.nanoTime() - nanoTime > REMEMBERED.toNanos();
        }
    }

    synchronized Revocations.Listening listen(RevocationListener listener) {
        Consumer<Telling> place = telling -> tell(telling, listener);
        forgetOld();
        if (lost != null) {
            place.accept(lost);
        }
        List.copyOf(remembered).forEach(place);
        places.add(place);
        return () -> leave(place);
    }

    private synchronized void leave(Consumer<Telling> place) {
        places.remove(place);
    }

    synchronized void revoked(Revocation revocation, StreamId id) {
        var telling = new Telling(revocation, id, System.nanoTime());
        remembered.add(telling);
        forgetOld();
        tellAll(telling);
    }

    /** Something up to here was not told. */
    synchronized void lost(StreamId id) {
        raise(id);
        tellAll(new Telling(null, id, System.nanoTime()));
    }

    private void raise(StreamId id) {
        StreamId highest = lost == null || lost.id().compareTo(id) < 0 ? id : lost.id();
        lost = new Telling(null, highest, System.nanoTime());
    }

    private void tellAll(Telling telling) {
        List.copyOf(places).forEach(place -> place.accept(telling));
    }

    private static void tell(Telling telling, RevocationListener listener) {
        try {
            telling.to(listener);
        } catch (Throwable e) {
            // An error and, from other languages, a checked exception too.
            LOG.log(System.Logger.Level.WARNING, "A listener to revocations failed", e);
            if (telling.revocation() != null) {
                // Whom this names the listener did not end, so it ends everybody who is as old.
                tell(new Telling(null, telling.id(), telling.nanoTime()), listener);
            }
        }
    }

    private void forgetOld() {
        if (lost != null && lost.isOld()) {
            lost = null;
        }
        while (!remembered.isEmpty() && remembered.element().isOld()) {
            remembered.remove();
        }
        while (remembered.size() > MAXIMUM) {
            raise(remembered.remove().id());
        }
    }
}
