// SPDX-License-Identifier: Apache-2.0
package io.github.realtimeticket.jdbc;

import io.github.realtimeticket.Revision;
import java.time.Duration;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import org.jspecify.annotations.Nullable;

/** Up to where the log of revocations has been told, and the takes that wait for it. Thread-safe; no take goes on under its lock. */
final class Progress {

    /** How long nobody waits for what has just failed, and nothing that has just been tried is tried again. */
    static final Duration AGAIN = Duration.ofSeconds(1);

    private static final Duration CURRENT = Duration.ofSeconds(3);

    private @Nullable Revision position;
    private Revision required = Revision.NONE;
    private Revision known = Revision.NONE;

    // At first it is hoped that it will be read, soon.
    private long readAt = System.nanoTime();
    private long failedAt = System.nanoTime() - AGAIN.toNanos();
    private boolean behind;
    private int doubts;
    private final Set<Take> waiting = new HashSet<>();

    /** One that waits. */
    static final class Take extends CompletableFuture<Void> {}

    /** How things stand before a reading, which begins {@code from} where has been told, or {@code null} if that is to be found out. */
    record Before(@Nullable Revision from, Revision highest, int doubts) {}

    synchronized @Nullable String revision() {
        return position == null && known.equals(Revision.NONE) ? null : known.toString();
    }

    synchronized boolean isCurrent() {
        return hasToldAll() && !isOver(readAt, CURRENT);
    }

    private boolean hasToldAll() {
        return !behind && hasTold(required);
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
        return Revision.max(known, required);
    }

    synchronized long readAt() {
        return readAt;
    }

    /** This process has revoked something itself. */
    synchronized void revoked(Revision last) {
        known = Revision.max(known, last);
    }

    /**
     * For a take: done when what was revoked before it has been told, or else this is not current; at once if it need not wait.
     *
     * @param before up to where had been told when it began
     * @param end where the database said then that the log ends
     */
    synchronized Take whenTold(@Nullable Revision before, Revision end) {
        var take = new Take();
        if (before != null && before.compareTo(end) > 0) {
            // It goes back, as after a restore: only a reading that begins now tells.
            behind = true;
            doubts++;
        } else {
            required = Revision.max(required, end);
            if (!behind && hasTold(highest())) {
                readAt = System.nanoTime();
                take.complete(null);
                return take;
            }
            // What this process has revoked itself, too, though the database may have lost it.
            required = highest();
        }
        if (isOver(failedAt, AGAIN)) {
            waiting.add(take);
        } else {
            take.complete(null);
        }
        return take;
    }

    /** Says that a take waits no longer. */
    synchronized void remove(Take take) {
        waiting.remove(take);
    }

    synchronized Before before() {
        return new Before(position, highest(), doubts);
    }

    /** The reading begins here, and the log ends there. */
    synchronized void begin(Revision from, Revision end) {
        position = from;
        required = Revision.max(required, end);
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
            over = hasToldAll() ? released() : List.of();
        }
        over.forEach(take -> take.complete(null));
    }

    /** It could not be read, so that nobody waits for it. */
    void failed() {
        List<Take> over;
        synchronized (this) {
            behind = true;
            failedAt = System.nanoTime();
            over = released();
        }
        over.forEach(take -> take.complete(null));
    }

    private List<Take> released() {
        List<Take> released = List.copyOf(waiting);
        waiting.clear();
        return released;
    }

    static boolean isOver(long nanoTime, Duration time) {
        return System.nanoTime() - nanoTime > time.toNanos();
    }
}
