// SPDX-License-Identifier: Apache-2.0
package io.github.realtimeticket.redis;

import io.github.realtimeticket.Revocation;
import io.github.realtimeticket.RevocationListener;
import io.github.realtimeticket.RevocationListeners;
import io.github.realtimeticket.Revocations;
import io.github.realtimeticket.TicketStoreException;
import io.github.realtimeticket.redis.RevocationStream.Entry;
import java.time.Duration;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Objects;
import java.util.Queue;
import java.util.Set;
import java.util.UUID;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.ScheduledFuture;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;

/**
 * The feed beside a {@link RedisTicketStore}: revokes by its connection, and reads the stream on one of its own, always asking for what
 * comes next. What it reads it tells on that connection's I/O thread. Thread-safe.
 */
final class RedisRevocations implements Revocations, AutoCloseable {

    private static final System.Logger LOG = System.getLogger(Revocations.class.getName());

    private static final Duration CURRENT = Duration.ofSeconds(3);
    private static final Duration LONGEST_WAIT = Duration.ofSeconds(1);
    private static final Duration AWAY = Duration.ofSeconds(1);
    private static final Duration PAUSE = Duration.ofMillis(100);
    private static final Duration AGAIN = Duration.ofMinutes(1);
    private static final int MOST_AGAIN = 10_000;

    private final RedisLink store;
    private final RedisLink link;
    private final RedisAccess access;
    private final RevocationStream stream;
    private final Duration wait;
    private final Duration patience;
    private final Outage outage;
    private final RevocationListeners told = new RevocationListeners();
    private final Set<Waiting> waiting = new LinkedHashSet<>();
    private final Queue<Own> own = new ArrayDeque<>();

    /** Up to where has been told, in which history; {@code null} if that is to be found out. */
    private @Nullable StreamId position;

    private @Nullable String history;
    private StreamId required = StreamId.NONE;
    private StreamId known = StreamId.NONE;

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
    private boolean armed;

    private boolean closed;

    // For the reading alone, each step of which is handed on by the one before.
    private @Nullable TicketConnection checked;
    private long answeredAt = System.nanoTime();
    private long begunAt = System.nanoTime() - AWAY.toNanos();
    private boolean anchored;
    private boolean gap;
    private boolean catchingUp;
    private @Nullable StreamId first;
    private int count;
    private long unreadableAt = System.nanoTime() - TimeUnit.HOURS.toNanos(1);

    /** What a take waits for. */
    private record Waiting(@Nullable String history, StreamId end, Operation<?> operation, Runnable then) {}

    /** What this process has revoked, and when. */
    private record Own(Revocation revocation, long nanoTime) {}

    private enum Step {
        BEGIN,
        CHECK,
        READ
    }

    private record Answer(
            Step step,
            TicketConnection connection,
            List<Entry> entries,
            @Nullable Replication now,
            Asked asked) {}

    /** How things stood when it was asked. */
    private record Asked(long doubts, boolean more) {}

    RedisRevocations(
            RedisLink store, RedisAccess access, Duration timeout, Greeting greeting, RevocationStream stream) {
        this.store = store;
        this.access = access;
        this.stream = stream;
        Duration half = timeout.dividedBy(2);
        patience = timeout.multipliedBy(3).dividedBy(4);
        wait = half.compareTo(LONGEST_WAIT) < 0 ? half : LONGEST_WAIT;
        outage = new Outage(
                "Nobody here is told what is revoked until Redis (" + access.place() + ") works again",
                "What is revoked in Redis (" + access.place() + ") is told again",
                Duration.ZERO);
        link = new RedisLink(access.shared(), timeout.plus(wait), greeting::on, Outage.untold());
        step();
    }

    RevocationStream stream() {
        return stream;
    }

    @Override
    public CompletionStage<Void> revoke(Revocation revocation) {
        CompletionStage<StreamId> added =
                store.run((connection, operation) -> stream.add(connection, operation, revocation, (id, fault) -> {
                    if (id == null) {
                        operation.fail(Objects.requireNonNull(fault));
                    } else if (access.cluster() || connection.history().last() == null) {
                        added(revocation, id, null, operation);
                    } else {
                        connection.history().whenVouched((now, unknown) -> {
                            if (now == null) {
                                operation.fail(Objects.requireNonNull(unknown));
                            } else if (now.primary()) {
                                added(revocation, id, now.id(), operation);
                            } else {
                                connection.leave();
                                operation.fail(new TicketStoreException("Redis has become a replica"));
                            }
                        });
                    }
                }));
        return added.thenAccept(id -> {});
    }

    private void added(Revocation revocation, StreamId id, @Nullable String in, Operation<StreamId> operation) {
        synchronized (this) {
            if (isOf(in) && known.compareTo(id) < 0) {
                known = id;
            }
            own.add(new Own(revocation, System.nanoTime()));
            while (own.size() > MOST_AGAIN || isOver(own.element().nanoTime(), AGAIN)) {
                own.remove();
            }
        }
        operation.complete(id);
    }

    @Override
    public Listening listen(RevocationListener listener) {
        return told.listen(listener);
    }

    @Override
    public synchronized @Nullable String revision() {
        return foreignIds || (position == null && known.equals(StreamId.NONE)) ? null : known.toString();
    }

    @Override
    public synchronized boolean isCurrent() {
        return isFresh() && hasToldAll();
    }

    private boolean hasToldAll() {
        return !foreignIds && doubts == settled && position != null && position.compareTo(required) >= 0;
    }

    /** How long a take may wait, in nanoseconds from now: then it goes on, and the gate decides. */
    synchronized long patience(Operation<?> operation) {
        // Once it is read again there is patience again: a take without any is in doubt, and that must come to an end.
        return behind && isOver(readAt, AWAY) ? 0 : operation.start + patience.toNanos() - System.nanoTime();
    }

    /**
     * For a take whose server said in this history, behind it, that the stream ends here: goes on when everything up to there has been
     * told, or else when not being current is said instead. If the operation has ended before, it does not go on.
     *
     * @param end {@code null} if it could not be found out
     */
    void whenTold(@Nullable String in, @Nullable StreamId end, Operation<?> operation, Runnable then) {
        synchronized (this) {
            if (end == null) {
                doubts++;
                behind = true;
            } else if (isGone(in, end)) {
                doubts++;
                doubtful = true;
            } else {
                var next = new Waiting(in, end, operation, then);
                if (!isTold(next) && !behind && isFresh()) {
                    waiting.add(next);
                    CompletableFuture<?> unused = operation.whenComplete((taken, fault) -> remove(next));
                    arm(patience(operation));
                    return;
                }
                goOn(next);
            }
        }
        then.run();
    }

    /** Something has been read here, and there is nothing. */
    private boolean isGone(@Nullable String in, StreamId end) {
        return end.equals(StreamId.NONE) && position != null && !position.equals(StreamId.NONE) && isOf(in);
    }

    /** Of a take that goes on, told or not. */
    private void goOn(Waiting take) {
        if (isTold(take)) {
            return;
        }
        behind = true;
        if (isOf(take.history())) {
            required = max(required, take.end());
        } else {
            doubts++;
            elsewhere = true;
        }
    }

    private void arm(long nanoseconds) {
        if (!armed) {
            armed = true;
            later(this::goOn, nanoseconds);
        }
    }

    private void goOn() {
        List<Waiting> over = new ArrayList<>();
        synchronized (this) {
            armed = false;
            for (Waiting each : waiting) {
                if (patience(each.operation()) > 0) {
                    arm(patience(each.operation()));
                    break;
                }
                over.add(each);
            }
            over.forEach(waiting::remove);
            over.forEach(this::goOn);
        }
        over.forEach(each -> each.then().run());
    }

    private boolean isTold(Waiting take) {
        return position != null && isOf(take.history()) && position.compareTo(max(take.end(), required)) >= 0;
    }

    private synchronized void remove(Waiting over) {
        waiting.remove(over);
    }

    private boolean isOf(@Nullable String in) {
        return in == null || history == null || in.equals(history);
    }

    private boolean isFresh() {
        return !closed && !isOver(readAt, CURRENT);
    }

    private static boolean isOver(long nanoTime, Duration time) {
        return System.nanoTime() - nanoTime > time.toNanos();
    }

    private static StreamId max(StreamId one, StreamId other) {
        return one.compareTo(other) < 0 ? other : one;
    }

    private void step() {
        CompletionStage<Answer> asked = link.run(this::ask);
        CompletionStage<Answer> unused = asked.whenComplete((answer, fault) -> {
            try {
                if (answer == null || !isPrimary(answer)) {
                    failed(answer == null ? fault : new TicketStoreException("It is a replica"));
                } else {
                    answered(answer);
                    step();
                }
            } catch (RuntimeException e) {
                failed(e);
            }
        });
    }

    private void ask(TicketConnection connection, Operation<Answer> operation) {
        StreamId from;
        boolean check;
        boolean soon;
        Asked asked;
        synchronized (this) {
            if (elsewhere) {
                elsewhere = false;
                connection.leave();
                operation.fail(new TicketStoreException("The tickets are in another history of Redis"));
                return;
            }
            from = position;
            check = anchored && (doubtful || isOver(answeredAt, AWAY) || connection != checked);
            doubtful = doubtful && !check;
            soon = doubts != settled || isOver(readAt, AWAY);
            asked = new Asked(doubts, from != null && from.compareTo(required) < 0);
        }
        if (from == null) {
            stream.last(connection, operation, answer(Step.BEGIN, connection, operation, asked));
        } else if (check) {
            stream.at(from, connection, operation, answer(Step.CHECK, connection, operation, asked));
        } else {
            stream.after(
                    from,
                    soon ? Duration.ZERO : wait,
                    connection,
                    operation,
                    answer(Step.READ, connection, operation, asked));
        }
    }

    private RevocationStream.Reader answer(
            Step step, TicketConnection connection, Operation<Answer> operation, Asked asked) {
        return (entries, fault) -> {
            if (entries == null) {
                if (fault instanceof TicketStoreException) {
                    hasForeignIds();
                }
                operation.fail(Objects.requireNonNull(fault));
            } else if (access.cluster() || connection.history().last() == null) {
                operation.complete(new Answer(step, connection, entries, null, asked));
            } else {
                connection.history().whenVouched((now, unknown) -> {
                    if (now == null) {
                        operation.fail(Objects.requireNonNull(unknown));
                    } else {
                        operation.complete(new Answer(step, connection, entries, now, asked));
                    }
                });
            }
        };
    }

    private synchronized void hasForeignIds() {
        foreignIds = true;
        behind = true;
    }

    private static boolean isPrimary(Answer answer) {
        if (answer.now() == null || answer.now().primary()) {
            return true;
        }
        answer.connection().leave();
        return false;
    }

    private void failed(Throwable fault) {
        checked = null;
        outage.begins(fault);
        later(this::step, PAUSE.toNanos());
    }

    private void later(Runnable work, long nanoseconds) {
        try {
            ScheduledFuture<?> unused =
                    access.resources().eventExecutorGroup().schedule(work, nanoseconds, TimeUnit.NANOSECONDS);
        } catch (RejectedExecutionException e) {
            // The store is closed.
        }
    }

    private void answered(Answer answer) {
        answeredAt = System.nanoTime();
        switch (answer.step()) {
            case BEGIN -> begin(answer);
            case CHECK -> {
                if (isOfThisHistory(answer)) {
                    checked = answer.connection();
                    check(answer.entries());
                }
            }
            case READ -> {
                if (isOfThisHistory(answer)) {
                    checked = answer.connection();
                    read(answer);
                }
            }
        }
    }

    /** Whatever is dropped is older than what is still there: was the last that was read? */
    private void check(List<Entry> entries) {
        if (entries.isEmpty()) {
            beginAnew();
        }
    }

    private void beginAnew() {
        gap = true;
        synchronized (this) {
            position = null;
        }
    }

    private void read(Answer answer) {
        List<Entry> entries = answer.entries();
        if (entries.isEmpty() && answer.asked().more()) {
            // There was more when a ticket was taken.
            beginAnew();
            return;
        }
        tell(entries);
        synchronized (this) {
            readAt = System.nanoTime();
            foreignIds = false;
            if (entries.size() < RevocationStream.COUNT) {
                settled = answer.asked().doubts();
            }
        }
        arrived(entries);
        outage.ends();
    }

    /** So that there is an end that everything lost is before, the same one for all, and later tickets know of. */
    private void beginStream() {
        if (isOver(begunAt, AWAY)) {
            begunAt = System.nanoTime();
            CompletionStage<Void> unused =
                    revoke(Revocation.session(UUID.randomUUID().toString()));
        }
        throw new TicketStoreException(
                "The stream of revocations is gone, and nobody who may write to it has begun another one");
    }

    /** Begins where the oldest ticket that can be outstanding was issued, also where it was before, but what comes next is gone. */
    private void begin(Answer answer) {
        StreamId end = RevocationStream.end(answer.entries());
        List<Own> again = List.of();
        if (gap && answer.entries().isEmpty()) {
            beginStream();
        }
        if (gap) {
            told.lost(lost(end).toString());
        }
        checked = answer.connection();
        anchored = false;
        catchingUp = true;
        first = null;
        count = 0;
        synchronized (this) {
            String now = answer.now() == null ? null : answer.now().id();
            if (!gap && (history == null || history.equals(now))) {
                required = max(required, end);
            } else {
                required = end;
                again = List.copyOf(own);
                own.clear();
            }
            history = now;
            position = end.earlier(RevocationListeners.REMEMBERED);
            known = end;
        }
        gap = false;
        again.forEach(this::again);
        arrived(List.of());
    }

    private synchronized StreamId lost(StreamId end) {
        return max(max(known, required), end);
    }

    /** A replica that has become the primary may have missed what was revoked just before. */
    private void again(Own revoked) {
        if (!isOver(revoked.nanoTime(), AGAIN)) {
            CompletionStage<Void> unused = revoke(revoked.revocation()).whenComplete((nothing, fault) -> {
                if (fault != null) {
                    later(() -> again(revoked), PAUSE.toNanos());
                }
            });
        }
    }

    private synchronized boolean isOfThisHistory(Answer answer) {
        if (answer.now() != null && !Objects.equals(answer.now().id(), history)) {
            position = null;
        }
        return position != null;
    }

    private void tell(List<Entry> entries) {
        if (!entries.isEmpty()) {
            anchored = true;
        }
        if (catchingUp && !entries.isEmpty()) {
            first = first == null ? entries.get(0).id() : first;
            count += entries.size();
        }
        for (Entry entry : entries) {
            entry.revocation()
                    .ifPresentOrElse(
                            revocation -> told.revoked(revocation, entry.id().toString()),
                            () -> unreadable(entry.id()));
        }
        if (catchingUp && anchored && entries.size() < RevocationStream.COUNT) {
            catchingUp = false;
            // So many that older ones may have been dropped.
            if (count >= RevocationStream.LENGTH) {
                told.lost(Objects.requireNonNull(first).toString());
            }
        }
    }

    private synchronized StreamId position() {
        return Objects.requireNonNull(position);
    }

    private void unreadable(StreamId id) {
        if (isOver(unreadableAt, Duration.ofMinutes(1))) {
            unreadableAt = System.nanoTime();
            LOG.log(
                    System.Logger.Level.WARNING,
                    "The stream of revocations has something in it that cannot be read, such as the entry " + id
                            + ": whatever was to end has not ended");
        }
    }

    /** Everything up to the last of these has been told. */
    private void arrived(List<Entry> entries) {
        List<Waiting> over = new ArrayList<>();
        synchronized (this) {
            StreamId now = max(position(), RevocationStream.end(entries));
            position = now;
            known = max(known, now);
            behind = behind && !hasToldAll();
            for (Waiting each : waiting) {
                if (isTold(each)) {
                    over.add(each);
                }
            }
        }
        over.forEach(each -> each.then().run());
    }

    @Override
    public void close() {
        synchronized (this) {
            closed = true;
        }
        outage.isOver();
        link.close();
    }
}
