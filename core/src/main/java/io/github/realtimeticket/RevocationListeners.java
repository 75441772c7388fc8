// SPDX-License-Identifier: Apache-2.0
package io.github.realtimeticket;

import java.time.Duration;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.List;
import java.util.Queue;
import java.util.function.Consumer;
import java.util.function.LongSupplier;
import org.jspecify.annotations.Nullable;

/**
 * Who listens to a feed, and what they have been told lately, for those who listen later: a part of every implementation of {@link
 * Revocations}. Bounded: of more than 200,000 the oldest are told as lost. Thread-safe: tells under its lock.
 */
public final class RevocationListeners {

    /** For how long it is remembered what was told: the longest life of a ticket, and a minute for clocks and stores that are not exact. */
    public static final Duration REMEMBERED = Revoked.REMEMBERED;

    private static final System.Logger LOG = System.getLogger(Revocations.class.getName());

    private final SparseLog unreadable = new SparseLog(LOG, System.Logger.Level.WARNING);
    private final LongSupplier nanoTime;
    private final Queue<Telling> remembered = new ArrayDeque<>();
    private final List<Consumer<Telling>> places = new ArrayList<>();
    private @Nullable Telling lost;

    /** @param revocation what was revoked, or {@code null} if something up to there was lost */
    private record Telling(@Nullable Revocation revocation, String revision, long nanos) {
        void to(RevocationListener listener) {
            if (revocation == null) {
                listener.lost(revision);
            } else {
                listener.revoked(revocation, revision);
            }
        }
    }

    /** Nobody, who has been told nothing. */
    public RevocationListeners() {
        this(System::nanoTime);
    }

    RevocationListeners(LongSupplier nanoTime) {
        this.nanoTime = nanoTime;
    }

    /** As {@link Revocations#listen}: tells this listener what is remembered, on the calling thread. */
    public synchronized Revocations.Listening listen(RevocationListener listener) {
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

    /** Tells everybody, as {@link RevocationListener#revoked}. */
    public synchronized void revoked(Revocation revocation, String revision) {
        var telling = new Telling(revocation, revision, nanoTime.getAsLong());
        remembered.add(telling);
        forgetOld();
        tellAll(telling);
    }

    /**
     * Tells everybody what this text {@linkplain Revocation#parse says}. What cannot be read ends nothing, which is said at WARNING, once a
     * second at the most.
     *
     * @param place where the text is kept, for whoever looks for it there
     */
    public void read(String json, String revision, String place) {
        Revocation.parse(json).ifPresentOrElse(revocation -> revoked(revocation, revision), () -> sayUnreadable(place));
    }

    private void sayUnreadable(String place) {
        unreadable.say(
                "Among what is revoked is something that cannot be read, such as that at " + place
                        + ": whatever was to end has not ended",
                null);
    }

    /** Tells everybody, as {@link RevocationListener#lost}. */
    public synchronized void lost(String revision) {
        raise(revision);
        tellAll(new Telling(null, revision, nanoTime.getAsLong()));
    }

    /** Whether something with this revision was told lately. */
    public synchronized boolean remembers(String revision) {
        return remembered.stream().anyMatch(telling -> telling.revision().equals(revision));
    }

    private void raise(String revision) {
        Telling before = lost;
        String highest = before == null
                ? revision
                : Revision.max(Revision.of(before.revision()), Revision.of(revision))
                        .toString();
        lost = new Telling(null, highest, nanoTime.getAsLong());
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
                tell(new Telling(null, telling.revision(), telling.nanos()), listener);
            }
        }
    }

    private void forgetOld() {
        if (lost != null && isOld(lost)) {
            lost = null;
        }
        while (!remembered.isEmpty() && isOld(remembered.element())) {
            remembered.remove();
        }
        while (remembered.size() > Revoked.MAXIMUM) {
            raise(remembered.remove().revision());
        }
    }

    private boolean isOld(Telling telling) {
        return nanoTime.getAsLong() - telling.nanos() > REMEMBERED.toNanos();
    }
}
