// SPDX-License-Identifier: Apache-2.0
package io.github.realtimeticket.redis;

import io.github.realtimeticket.Revision;
import io.github.realtimeticket.RevocationListeners;
import java.time.Duration;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.concurrent.CompletableFuture;
import org.jspecify.annotations.Nullable;

/**
 * Up to where the stream of revocations has been told, in which history, and the takes that wait for it. Thread-safe; no take goes on
 * under its lock.
 */
final class Progress {

    static final Duration AWAY = Duration.ofSeconds(1);

    private static final Duration CURRENT = Duration.ofSeconds(3);

    private final long patience;
    private final Deadlines overdue;
    private final Map<Operation<?>, Waiting> waiting = new LinkedHashMap<>();

    /** Up to where has been told, in which history; {@code null} if that is to be found out. */
    private @Nullable Revision position;

    private @Nullable String history;
    private Revision required = Revision.NONE;
    private Revision known = Revision.NONE;

    // When what comes next was read. At first it is hoped that it will be, soon.
    private long readAt = System.nanoTime();

    /** How many takes do not know up to where something was revoked, and of how many of them it has been told since. */
    private long doubts;

    private long settled;

    /** A take has waited in vain, so no other waits until everything has been told. */
    private boolean behind;

    private boolean foreignIds;
    private boolean elsewhere;
    private boolean doubtful;
    private boolean closed;

    /** Where the stream ended for a take, and whether {@link #hasRead something of it had been read} before that was asked. */
    record End(Revision id, boolean afterReading) {}

    /** What a take waits for. */
    private record Waiting(@Nullable String history, Revision end, Runnable then) {}

    /** From where to read on, or {@code null}, and how things stand before: whether {@code more} than this is known to be there. */
    record Next(
            @Nullable Revision from, boolean elsewhere, boolean doubtful, boolean soon, boolean more, long doubts) {}

    Progress(RedisAccess access, Duration timeout) {
        Duration most = timeout.multipliedBy(3).dividedBy(4);
        patience = most.toNanos();
        overdue = new Deadlines(access, most, this::goOn);
    }

    synchronized @Nullable String revision() {
        return foreignIds || (position == null && known.equals(Revision.NONE)) ? null : known.toString();
    }

    synchronized boolean isCurrent() {
        return isFresh() && hasToldAll();
    }

    private boolean hasToldAll() {
        return !foreignIds && doubts == settled && position != null && position.compareTo(required) >= 0;
    }

    /** How long a take may wait, in nanoseconds from now: then it goes on, and the gate decides. */
    synchronized long patience(Operation<?> operation) {
        // Once it is read again there is patience again: a take without any is in doubt, and that must come to an end.
        return behind && isOver(readAt, AWAY) ? 0 : operation.start + patience - System.nanoTime();
    }

    /**
     * For a take whose server said in this history, behind it, that the stream ends here: goes on when everything up to there has been
     * told, or else when not being current is said instead. If the operation has ended before, it does not go on.
     *
     * @param end {@code null} if it could not be found out
     */
    void whenTold(@Nullable String in, @Nullable End end, Operation<?> operation, Runnable then) {
        if (operation.isDone()) {
            // Failed, so that nobody is let in: what it does not know leaves no doubt.
            return;
        }
        synchronized (this) {
            boolean missing = end != null && end.id().equals(Revision.NONE) && hasRead() && isOf(in);
            // What was read may be gone, or has come behind the question: the reader looks, which refuses nobody.
            doubtful |= missing;
            if (end == null) {
                doubts++;
                behind = true;
            } else if (missing && end.afterReading()) {
                doubts++;
            } else {
                var take = new Waiting(in, end.id(), then);
                if (!isTold(take) && !behind && isFresh()) {
                    waiting.put(operation, take);
                    overdue.add(operation);
                    CompletableFuture<?> unused = operation.whenComplete((taken, fault) -> remove(operation));
                    return;
                }
                goOn(take);
            }
        }
        then.run();
    }

    /** Whether the stream that is read is known to have had something in it. */
    synchronized boolean hasRead() {
        return position != null && !position.equals(Revision.NONE);
    }

    private boolean isTold(Waiting take) {
        return position != null && isOf(take.history()) && position.compareTo(Revision.max(take.end(), required)) >= 0;
    }

    private void goOn(Operation<?> late) {
        List<Waiting> over;
        synchronized (this) {
            Waiting take = waiting.get(late);
            // Where nothing is read any more, the others would wait in vain, too.
            over = take == null ? List.of() : isOver(readAt, AWAY) ? List.copyOf(waiting.values()) : List.of(take);
            for (Waiting each : over) {
                goOn(each);
            }
        }
        over.forEach(each -> each.then().run());
    }

    /** Of a take that goes on, told or not. */
    private void goOn(Waiting take) {
        if (isTold(take)) {
            return;
        }
        behind = true;
        if (isOf(take.history())) {
            required = Revision.max(required, take.end());
        } else {
            doubts++;
            elsewhere = true;
        }
    }

    private synchronized void remove(Operation<?> over) {
        waiting.remove(over);
        overdue.remove(over);
    }

    synchronized Next next() {
        boolean more = position != null && position.compareTo(required) < 0;
        var next = new Next(position, elsewhere, doubtful, doubts != settled || isOver(readAt, AWAY), more, doubts);
        elsewhere = false;
        doubtful = false;
        return next;
    }

    /**
     * Begins where the oldest ticket that can be outstanding was issued, also where it was before, but what comes next is gone.
     *
     * @return whether something may be missing that was revoked just before
     */
    boolean begin(Revision end, @Nullable Replication now, boolean gap) {
        boolean missing;
        synchronized (this) {
            String in = now == null ? null : now.id();
            missing = gap || (history != null && !history.equals(in));
            required = missing ? end : Revision.max(required, end);
            history = in;
            position = end.earlier(RevocationListeners.REMEMBERED);
            known = Revision.max(known, end);
        }
        told(Revision.NONE);
        return missing;
    }

    synchronized void beginAnew() {
        position = null;
    }

    /** Whether an answer is of the history that is followed; if not, it begins anew. */
    synchronized boolean isSame(@Nullable Replication now) {
        if (now != null && !Objects.equals(now.id(), history)) {
            position = null;
        }
        return position != null;
    }

    /** The stream has been read, and told, up to here: {@code all} of it, or a part. */
    void read(Revision end, Next asked, boolean all) {
        synchronized (this) {
            readAt = System.nanoTime();
            foreignIds = false;
            settled = all ? asked.doubts() : settled;
        }
        told(end);
    }

    private void told(Revision end) {
        List<Waiting> over;
        synchronized (this) {
            Revision now = Revision.max(Objects.requireNonNull(position), end);
            position = now;
            known = Revision.max(known, now);
            behind = behind && !hasToldAll();
            over = waiting.values().stream().filter(this::isTold).toList();
        }
        over.forEach(take -> take.then().run());
    }

    synchronized void hasForeignIds() {
        foreignIds = true;
        behind = true;
    }

    /** The highest id so far, also of streams that are gone. */
    synchronized Revision highest() {
        return Revision.max(known, required);
    }

    /** Whether the stream has been told as far as above this. */
    synchronized boolean isAbove(Revision id) {
        return position != null && position.compareTo(id) > 0;
    }

    /** When what comes next was read. */
    synchronized long readAt() {
        return readAt;
    }

    /** Whether it is another history, and was not read for so long that nobody adds again all that was revoked meanwhile. */
    synchronized boolean isTooLate(@Nullable Replication now, Duration addedAgain) {
        return isOfOther(now) && isOver(readAt, addedAgain);
    }

    /** Whether this is another history than the one that was followed. */
    synchronized boolean isOfOther(@Nullable Replication now) {
        return now != null && history != null && !history.equals(now.id());
    }

    /** This process has revoked something itself. */
    synchronized void revoked(@Nullable String in, Revision id) {
        if (isOf(in)) {
            known = Revision.max(known, id);
        }
    }

    synchronized void close() {
        closed = true;
    }

    private boolean isOf(@Nullable String in) {
        return in == null || history == null || in.equals(history);
    }

    private boolean isFresh() {
        return !closed && !isOver(readAt, CURRENT);
    }

    static boolean isOver(long nanoTime, Duration time) {
        return System.nanoTime() - nanoTime > time.toNanos();
    }
}
