// SPDX-License-Identifier: Apache-2.0
package io.github.realtimeticket.jdbc;

import io.github.realtimeticket.Revision;
import java.time.Duration;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import org.jspecify.annotations.Nullable;

/**
 * Up to where the log of revocations has been told, and the takes that wait for it. Thread-safe; no take goes on under its lock.
 *
 * <p>A take waits for its own end: the highest position that is known when the database has answered it, so that nothing that was revoked
 * before it is above. Either as much has been told when it goes on, or from before it goes on until that has been told this is not current. A
 * take that only waits changes nothing for others, whose ends have been told, however many more are revoked meanwhile.
 */
final class Progress {

    /** How long nobody waits for what has just failed, and nothing that has just been tried is tried again. */
    static final Duration AGAIN = Duration.ofSeconds(1);

    private static final Duration CURRENT = Duration.ofSeconds(3);

    private @Nullable Revision position;
    private Revision known = Revision.NONE;

    /** Where takes saw the log end. */
    private Revision seen = Revision.NONE;

    /** Up to where is to be told before this is current: never above what is known or seen. */
    private Revision owed = Revision.NONE;

    // At first it is hoped that it will be read, soon.
    private long readAt = System.nanoTime();
    private long failedAt = System.nanoTime() - AGAIN.toNanos();
    private boolean behind;
    private int doubts;
    private final Set<Take> waiting = new HashSet<>();

    /** One that waits until everything up to its end has been told. */
    static final class Take extends CompletableFuture<Void> {

        private final Revision end;

        private Take(Revision end) {
            this.end = end;
        }
    }

    /** How things stand before a reading, which begins {@code from} where has been told, or {@code null} if that is to be found out. */
    record Before(@Nullable Revision from, Revision highest, int doubts) {}

    synchronized @Nullable String revision() {
        return position == null && known.equals(Revision.NONE) ? null : known.toString();
    }

    synchronized boolean isCurrent() {
        return hasToldAll() && !isOver(readAt, CURRENT);
    }

    private boolean hasToldAll() {
        return !behind && hasTold(owed);
    }

    private boolean hasTold(Revision end) {
        return position != null && position.compareTo(end) >= 0;
    }

    /** Up to where has been told; {@code null} if that is to be found out. */
    synchronized @Nullable Revision position() {
        return position;
    }

    /** What was there when a ticket was taken, when something was revoked here, or at the last reading. */
    synchronized Revision highest() {
        return Revision.max(known, seen);
    }

    synchronized long readAt() {
        return readAt;
    }

    /** This process has revoked something itself. */
    synchronized void revoked(Revision last) {
        known = Revision.max(known, last);
    }

    /**
     * For a take: done when what was revoked before it has been told, or else this is not current; at once if it need not wait. Whoever
     * does not wait until then lets it {@link #goOn}.
     *
     * @param before up to where had been told when the database was asked
     * @param end where the database said then that the log ends
     */
    synchronized Take whenTold(@Nullable Revision before, Revision end) {
        if (before != null && before.compareTo(end) > 0) {
            // It goes back, as after a restore: only a reading that begins now tells.
            behind = true;
            doubts++;
        }
        seen = Revision.max(seen, end);
        // With what this process has revoked itself, though the database may have lost it.
        var take = new Take(highest());
        if (!behind && hasTold(take.end)) {
            readAt = System.nanoTime();
            take.complete(null);
        } else if (isOver(failedAt, AGAIN)) {
            waiting.add(take);
        } else {
            owed = Revision.max(owed, take.end);
            take.complete(null);
        }
        return take;
    }

    /** A take waits no longer. If its end has not been told, this is not current until it has. */
    synchronized void goOn(Take take) {
        if (waiting.remove(take)) {
            owed = Revision.max(owed, take.end);
        }
    }

    synchronized Before before() {
        return new Before(position, highest(), doubts);
    }

    /** The reading begins here, and the log ends there. */
    synchronized void begin(Revision from, Revision end) {
        position = from;
        owed = Revision.max(owed, end);
        known = Revision.max(known, end);
    }

    /** Where to begin is to be found out again. */
    synchronized void beginAnew() {
        position = null;
    }

    /** The log has been read, and told, up to here. */
    void read(Revision last, Before before) {
        List<Take> over;
        synchronized (this) {
            position = last;
            known = Revision.max(known, last);
            readAt = System.nanoTime();
            failedAt = readAt - AGAIN.toNanos();
            behind = before.doubts() != doubts;
            // Were less told than is owed, they would be refused.
            over = hasToldAll()
                    ? waiting.stream().filter(take -> hasTold(take.end)).toList()
                    : List.of();
            over.forEach(waiting::remove);
        }
        over.forEach(take -> take.complete(null));
    }

    /** It could not be read, so that nobody waits for it. */
    void failed() {
        List<Take> over;
        synchronized (this) {
            behind = true;
            failedAt = System.nanoTime();
            over = List.copyOf(waiting);
            over.forEach(this::goOn);
        }
        over.forEach(take -> take.complete(null));
    }

    static boolean isOver(long nanoTime, Duration time) {
        return System.nanoTime() - nanoTime > time.toNanos();
    }
}
