// SPDX-License-Identifier: Apache-2.0
package io.github.realtimeticket.redis;

import io.github.realtimeticket.Revision;
import io.github.realtimeticket.Revocation;
import io.github.realtimeticket.RevocationListeners;
import io.github.realtimeticket.TicketStoreException;
import io.github.realtimeticket.redis.RevocationStream.Entry;
import java.time.Duration;
import java.util.List;
import java.util.Objects;
import java.util.UUID;
import java.util.concurrent.CompletionStage;
import java.util.function.BiConsumer;
import org.jspecify.annotations.Nullable;

/**
 * Reads the stream of revocations on a connection of its own, always asking for what comes next, and tells it on that connection's I/O
 * thread. Each step is handed on by the one before, so that no state of its own needs a lock.
 */
final class RevocationReader {

    private static final Duration LONGEST_WAIT = Duration.ofSeconds(1);

    private final RedisRevocations feed;
    private final RedisAccess access;
    private final RevocationListeners told;
    private final Progress progress;
    private final Duration wait;
    private final Outage outage;
    private final RedisLink link;

    private @Nullable TicketConnection checked;
    private long answeredAt = System.nanoTime();
    private long begunAt = System.nanoTime() - Progress.AWAY.toNanos();

    /** Up to where something may have been lost; {@code null} if nothing. */
    private @Nullable Revision gap;

    private boolean catchingUp;

    /** Ids behind {@code begun} have been given up to {@code passed}, in a stream that is gone. */
    private Revision begun = Revision.NONE;

    private Revision passed = Revision.NONE;

    /** What was told first since it has begun, and how much. */
    private @Nullable Revision first;

    private int count;

    RevocationReader(RedisRevocations feed, RedisAccess access, Duration timeout, Greeting greeting) {
        this.feed = feed;
        this.access = access;
        told = feed.told();
        progress = feed.progress();
        Duration half = timeout.dividedBy(2);
        wait = half.compareTo(LONGEST_WAIT) < 0 ? half : LONGEST_WAIT;
        outage = new Outage(
                "Nobody here is told what is revoked until Redis (" + access.place() + ") works again",
                "What is revoked in Redis (" + access.place() + ") is told again",
                Duration.ZERO);
        link = new RedisLink(access, timeout.plus(wait), greeting::on, Outage.untold());
        step();
    }

    private void step() {
        try {
            CompletionStage<Runnable> asked = link.run(this::ask);
            CompletionStage<Runnable> unused = asked.whenComplete(this::goOn);
        } catch (Throwable e) {
            failed(e);
        }
    }

    private void goOn(@Nullable Runnable answered, @Nullable Throwable fault) {
        try {
            if (answered == null) {
                throw Objects.requireNonNull(fault);
            }
            answered.run();
        } catch (Throwable e) {
            // Whatever it is, the next step is to be made.
            failed(e);
            return;
        }
        step();
    }

    private void failed(Throwable fault) {
        checked = null;
        access.later(this::step, RedisRevocations.PAUSE.toNanos());
        outage.begins(fault);
    }

    private void ask(TicketConnection connection, Operation<Runnable> operation) {
        Progress.Next next = progress.next();
        Revision from = next.from();
        RevocationStream stream = feed.stream();
        if (next.elsewhere()) {
            connection.leave();
            operation.fail(new TicketStoreException("The tickets are in another history of Redis"));
        } else if (from == null) {
            Revision known = progress.highest();
            stream.last(connection, operation, answer(connection, operation, (last, now) -> begin(last, now, known)));
        } else if (first != null
                && (next.doubtful() || Progress.isOver(answeredAt, Progress.AWAY) || connection != checked)) {
            stream.at(from, connection, operation, answer(connection, operation, this::check));
        } else {
            stream.after(
                    from,
                    next.soon() ? Duration.ZERO : wait,
                    connection,
                    operation,
                    answer(connection, operation, (entries, now) -> read(entries, now, next)));
        }
    }

    /** Once the operation ends with it, and not too late, goes on with this step. */
    private RevocationStream.Reader answer(
            TicketConnection connection,
            Operation<Runnable> operation,
            BiConsumer<List<Entry>, @Nullable Replication> step) {
        return (entries, fault) -> {
            if (entries == null) {
                if (fault instanceof TicketStoreException) {
                    progress.hasForeignIds();
                }
                operation.fail(Objects.requireNonNull(fault));
            } else {
                connection
                        .history()
                        .whenPrimary(
                                operation,
                                now -> operation.complete(() -> {
                                    answeredAt = System.nanoTime();
                                    checked = connection;
                                    step.accept(entries, now);
                                }));
            }
        };
    }

    /** @param known the highest id that was known before this was asked */
    private void begin(List<Entry> last, @Nullable Replication now, Revision known) {
        Revision end = RevocationStream.end(last);
        // What was revoked while the answer was on its way is above it, and not gone. In another history it may be.
        Revision highest = progress.isOfOther(now) ? progress.highest() : known;
        if (gap == null && progress.isTooLate(now, feed.stream().addedAgain())) {
            gap = highest;
        }
        if (gap != null && end.compareTo(gap) <= 0) {
            addAbove(gap);
            throw new TicketStoreException(
                    "The stream of revocations is gone, and nobody who may write to it has begun another one");
        }
        if (gap != null) {
            told.lost(end.toString());
        }
        // An end that was not told is of another stream.
        begun = told.remembers(end.toString()) ? end : Revision.NONE;
        passed = Revision.NONE;
        if (end.compareTo(highest) < 0) {
            passed = highest;
            addAbove(highest);
        }
        first = null;
        count = 0;
        catchingUp = true;
        boolean missing = progress.begin(end, now, gap != null);
        gap = null;
        if (missing) {
            feed.revokeAgain();
        }
    }

    /**
     * So that there is an end that everything before is below, the same one for all, and later tickets know of. It fails if somebody else was
     * faster, or may.
     */
    private void addAbove(Revision highest) {
        if (Progress.isOver(begunAt, Progress.AWAY)) {
            begunAt = System.nanoTime();
            CompletionStage<Revision> unused =
                    feed.add(Revocation.session(UUID.randomUUID().toString()), highest.next());
        }
    }

    /** Whatever is dropped is older than what is still there: was the last that was read? */
    private void check(List<Entry> there, @Nullable Replication now) {
        if (progress.isSame(now) && there.isEmpty()) {
            beginAnew();
        }
    }

    private void read(List<Entry> entries, @Nullable Replication now, Progress.Next asked) {
        if (!progress.isSame(now)) {
            return;
        }
        if (entries.isEmpty() && asked.more()) {
            beginAnew();
            return;
        }
        boolean all = entries.size() < RevocationStream.COUNT;
        tell(entries, all);
        progress.read(RevocationStream.end(entries), asked, all);
        if (!passed.equals(Revision.NONE) && !progress.isAbove(passed)) {
            addAbove(passed);
        }
        outage.ends();
    }

    private void beginAnew() {
        gap = progress.highest();
        progress.beginAnew();
    }

    private void tell(List<Entry> entries, boolean all) {
        for (Entry entry : entries) {
            first = first == null ? entry.id() : first;
            told.read(entry.json(), revision(entry.id()).toString(), entry.id().toString());
        }
        count += catchingUp ? entries.size() : 0;
        if (catchingUp && all && first != null) {
            catchingUp = false;
            // So many that older ones may have been dropped.
            if (count >= RevocationStream.LENGTH) {
                told.lost(first.toString());
            }
        }
    }

    /** By a clock that was faster, the tickets of before know of this id already, and not of what it stands for now. */
    private Revision revision(Revision id) {
        return id.compareTo(begun) <= 0 || id.compareTo(passed) > 0 ? id : passed.next();
    }

    void close() {
        outage.isOver();
        link.close();
    }
}
