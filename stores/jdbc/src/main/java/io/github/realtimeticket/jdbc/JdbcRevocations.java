// SPDX-License-Identifier: Apache-2.0
package io.github.realtimeticket.jdbc;

import io.github.realtimeticket.Revocation;
import io.github.realtimeticket.RevocationListener;
import io.github.realtimeticket.RevocationListeners;
import io.github.realtimeticket.Revocations;
import io.github.realtimeticket.TicketStoreException;
import io.github.realtimeticket.jdbc.RevocationLog.Beginning;
import io.github.realtimeticket.jdbc.RevocationLog.Page;
import io.github.realtimeticket.jdbc.RevocationLog.Row;
import java.lang.System.Logger.Level;
import java.time.Duration;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.List;
import java.util.Queue;
import java.util.UUID;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;

/**
 * The feed beside a {@link JdbcTicketStore}: adds rows in a transaction of its own, many at a time, and reads what comes next every half
 * second, or when a ticket is taken and there is more. Reads and tells on threads of the store. Thread-safe.
 */
final class JdbcRevocations implements Revocations {

    private static final System.Logger LOG = System.getLogger(Revocations.class.getName());

    /** How often it reads on. */
    static final Duration PERIOD = Duration.ofMillis(500);

    private static final Duration CURRENT = Duration.ofSeconds(3);
    private static final Duration AGAIN = Duration.ofSeconds(1);
    private static final int MOST_AT_ONCE = 100;
    private static final int ADDED_PER_STEP = RevocationLog.STEP / 2;

    private final Database database;
    private final Duration period;
    private final RevocationListeners listeners = new RevocationListeners();

    // What follows has the lock of this.
    private @Nullable Position position;
    private Position required = Position.NONE;
    private Position known = Position.NONE;

    // At first it is hoped that it will be read, soon.
    private long readAt = System.nanoTime();
    private boolean behind;

    // For the reading alone, which has this lock. It is taken before a connection is, and never while one is held.
    private final Object reading = new Object();
    private boolean anchored;
    private boolean gap;
    private boolean silent;
    private long begunAt = System.nanoTime() - AGAIN.toNanos();
    private long unreadableAt = System.nanoTime() - TimeUnit.HOURS.toNanos(1);

    private final Queue<Adding> waiting = new ArrayDeque<>();
    private boolean adding;

    // For whoever adds, one at a time.
    private int added = ADDED_PER_STEP;

    private record Adding(Revocation revocation, CompletableFuture<Void> outcome) {}

    JdbcRevocations(Database database, Duration period) {
        this.database = database;
        this.period = period;
        database.later(this::poll, Duration.ZERO);
    }

    @Override
    public CompletionStage<Void> revoke(Revocation revocation) {
        var next = new Adding(revocation, database.outcome());
        List<Adding> failed = List.of();
        TicketStoreException failure = Database.tooSlow();
        synchronized (waiting) {
            if (waiting.size() >= BlockingWork.WAITING) {
                failed = List.of(next);
            } else {
                waiting.add(next);
                try {
                    if (!adding) {
                        database.execute(this::addAll);
                        adding = true;
                    }
                } catch (TicketStoreException e) {
                    failure = e;
                    failed = List.copyOf(waiting);
                    waiting.clear();
                }
            }
        }
        fail(failed, failure);
        return database.told(next.outcome());
    }

    private static void fail(List<Adding> failed, TicketStoreException failure) {
        failed.forEach(each -> each.outcome().completeExceptionally(failure));
    }

    /** Many in one transaction, and one of these at a time, so that a process waits for the row that they lock on one connection. */
    private void addAll() {
        for (List<Adding> next = next(); !next.isEmpty(); next = next()) {
            add(next);
        }
        // What was revoked here ends here at once.
        synchronized (reading) {
            boolean unused = read();
        }
    }

    private List<Adding> next() {
        List<Adding> next = new ArrayList<>();
        synchronized (waiting) {
            while (next.size() < MOST_AT_ONCE && !waiting.isEmpty()) {
                Adding each = waiting.remove();
                // Whoever was told that it failed is not to find it done later.
                if (!each.outcome().isDone()) {
                    next.add(each);
                }
            }
            adding = !next.isEmpty();
        }
        return next;
    }

    private void add(List<Adding> next) {
        try {
            List<Revocation> revocations = next.stream().map(Adding::revocation).toList();
            long earliest = known().milliseconds() + 1;
            Position last = database.ask((connection, statements) ->
                    RevocationLog.add(connection, statements.revocations(), revocations, earliest));
            synchronized (this) {
                known = Position.max(known, last);
            }
            next.forEach(each -> each.outcome().complete(null));
            added += next.size();
            if (added >= ADDED_PER_STEP) {
                added = 0;
                removeOld(last);
            }
        } catch (Throwable e) {
            // Whatever it is, the next ones are to be added.
            fail(next, database.failure(e));
        }
    }

    private void removeOld(Position last) {
        try {
            Position unused = database.ask((connection, statements) -> {
                RevocationLog.removeOld(connection, statements.revocations(), last);
                return last;
            });
        } catch (Exception | LinkageError e) {
            LOG.log(
                    Level.WARNING,
                    "Old revocations are not removed: " + database.failure(e).getMessage());
        }
    }

    @Override
    public Listening listen(RevocationListener listener) {
        return listeners.listen(listener);
    }

    @Override
    public synchronized @Nullable String revision() {
        return position == null && known.equals(Position.NONE) ? null : known.toString();
    }

    @Override
    public synchronized boolean isCurrent() {
        return !behind && hasTold(required) && !isOver(readAt, CURRENT) && !database.isClosed();
    }

    /** Up to where has been told; {@code null} if that is to be found out. */
    synchronized @Nullable Position position() {
        return position;
    }

    private synchronized Position known() {
        return known;
    }

    private boolean hasTold(Position end) {
        return position != null && position.compareTo(end) >= 0;
    }

    /**
     * For a take on its own thread, without a connection: tells what was revoked before it, or else is not current when this returns.
     *
     * @param before up to where had been told when it began
     * @param end where the database said then that this ends
     */
    void catchUp(@Nullable Position before, Position end) {
        if (!isThere(before, end)) {
            synchronized (reading) {
                if (!isThere(before, end)) {
                    boolean unused = read();
                }
            }
        }
    }

    private synchronized boolean isThere(@Nullable Position before, Position end) {
        if (before != null && before.compareTo(end) > 0) {
            // It goes back, as after a restore.
            return false;
        }
        required = Position.max(required, end);
        if (behind || !hasTold(required)) {
            return false;
        }
        readAt = System.nanoTime();
        return true;
    }

    private void poll() {
        boolean more = false;
        try {
            synchronized (reading) {
                more = read();
            }
        } finally {
            database.later(this::poll, more ? Duration.ZERO : period);
        }
    }

    /** Whether there may be more at once. */
    private boolean read() {
        try {
            boolean more = step();
            if (silent) {
                silent = false;
                LOG.log(Level.INFO, "What is revoked in the database is told again");
            }
            return more;
        } catch (Exception | LinkageError e) {
            synchronized (this) {
                behind = true;
            }
            if (!silent && !database.isClosed()) {
                silent = true;
                LOG.log(
                        Level.WARNING,
                        "Nobody here is told what is revoked until the database works again: "
                                + database.failure(e).getMessage());
            }
            return false;
        }
    }

    private boolean step() throws Exception {
        Position from;
        Position asked;
        synchronized (this) {
            from = position;
            asked = required;
        }
        Page page = database.ask(
                (connection, statements) -> RevocationLog.read(connection, statements.revocations(), from));
        if (page.beginning() != null) {
            begin(page.beginning());
        }
        List<Row> next = page.rows().stream()
                .filter(row -> row.position().number() > page.from().number())
                .toList();
        Position last = next.isEmpty() ? page.from() : next.get(next.size() - 1).position();
        boolean hasAnchor = !anchored
                || (!page.rows().isEmpty() && page.rows().get(0).position().equals(page.from()));
        boolean hasHole = last.number() - page.from().number() != next.size();
        // There was more when a ticket was taken.
        boolean isShort = from != null && !page.isFull() && last.compareTo(asked) < 0;
        if (!hasAnchor || hasHole || isShort) {
            gap = true;
            synchronized (this) {
                position = null;
            }
            return true;
        }
        next.forEach(this::tell);
        anchored = anchored || !next.isEmpty();
        synchronized (this) {
            position = last;
            known = Position.max(known, last);
            readAt = System.nanoTime();
            behind = false;
        }
        return page.isFull();
    }

    private void begin(Beginning beginning) {
        Position end = beginning.end();
        if (gap && end.compareTo(highest()) < 0) {
            beginLog();
        }
        if (gap || !beginning.whole()) {
            listeners.lost(end.toString());
        }
        gap = false;
        anchored = false;
        synchronized (this) {
            position = beginning.from();
            required = Position.max(required, end);
            known = Position.max(known, end);
        }
    }

    private synchronized Position highest() {
        return Position.max(known, required);
    }

    /** So that there is an end that everything lost is before, the same one for all, and later tickets know of. */
    private void beginLog() {
        if (isOver(begunAt, AGAIN)) {
            begunAt = System.nanoTime();
            CompletionStage<Void> unused =
                    revoke(Revocation.session(UUID.randomUUID().toString()));
        }
        throw new TicketStoreException("What was revoked is gone, and nobody who may write has begun anew");
    }

    private void tell(Row row) {
        row.revocation()
                .ifPresentOrElse(
                        revocation ->
                                listeners.revoked(revocation, row.position().toString()),
                        () -> unreadable(row.position()));
    }

    private void unreadable(Position position) {
        if (isOver(unreadableAt, Duration.ofMinutes(1))) {
            unreadableAt = System.nanoTime();
            LOG.log(
                    Level.WARNING,
                    "Among what is revoked is something that cannot be read, such as the one with the number "
                            + position.number() + ": whatever was to end has not ended");
        }
    }

    private static boolean isOver(long nanoTime, Duration time) {
        return System.nanoTime() - nanoTime > time.toNanos();
    }
}
