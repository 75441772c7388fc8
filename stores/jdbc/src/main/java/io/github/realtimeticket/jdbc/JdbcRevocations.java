// SPDX-License-Identifier: Apache-2.0
package io.github.realtimeticket.jdbc;

import io.github.realtimeticket.Revision;
import io.github.realtimeticket.Revocation;
import io.github.realtimeticket.RevocationListener;
import io.github.realtimeticket.RevocationListeners;
import io.github.realtimeticket.Revocations;
import io.github.realtimeticket.TicketStoreException;
import io.github.realtimeticket.jdbc.RevocationLog.Beginning;
import io.github.realtimeticket.jdbc.RevocationLog.Page;
import io.github.realtimeticket.jdbc.RevocationLog.Row;
import java.lang.System.Logger.Level;
import java.sql.SQLException;
import java.time.Duration;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.UUID;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;

/**
 * The feed beside a {@link JdbcTicketStore}: reads what comes next every half second, or when a ticket is taken and there is more.
 * No take holds a thread while it waits for that. Reads and tells on threads of the store. Thread-safe.
 */
final class JdbcRevocations implements Revocations {

    private static final System.Logger LOG = System.getLogger(Revocations.class.getName());

    /** How often it reads on. */
    static final Duration PERIOD = Duration.ofMillis(500);

    private static final Duration CURRENT = Duration.ofSeconds(3);
    private static final Duration AGAIN = Duration.ofSeconds(1);
    private static final CompletionStage<Void> DONE = CompletableFuture.completedStage(null);

    private final Database database;
    private final RevocationWriter writer;
    private final RevocationListeners listeners = new RevocationListeners();

    // What follows has the lock of this.
    private @Nullable Revision position;
    private Revision required = Revision.NONE;
    private Revision known = Revision.NONE;

    // At first it is hoped that it will be read, soon.
    private long readAt = System.nanoTime();
    private long failedAt = System.nanoTime() - AGAIN.toNanos();
    private boolean behind;
    private int doubts;
    private boolean readsSoon;
    // Takes that wait until this is current.
    private final Set<Waiter> waiters = new HashSet<>();

    // For the reading alone, which has this lock. It is taken before a connection is, and never while one is held.
    private final Object reading = new Object();
    private boolean anchored;
    private boolean gap;
    private boolean silent;
    private long gapAt = System.nanoTime() - AGAIN.toNanos();
    private long begunAt = System.nanoTime() - AGAIN.toNanos();

    private static final class Waiter extends CompletableFuture<Void> {}

    JdbcRevocations(Database database, Duration period) {
        this.database = database;
        writer = new RevocationWriter(database, this::highest, this::added, this::readAt);
        database.always(this::poll, period);
    }

    @Override
    public CompletionStage<Void> revoke(Revocation revocation) {
        return writer.revoke(revocation);
    }

    private void added(Revision last) {
        synchronized (this) {
            known = Revision.max(known, last);
        }
        // What was revoked here ends here at once.
        readSoon();
    }

    @Override
    public Listening listen(RevocationListener listener) {
        return listeners.listen(listener);
    }

    @Override
    public synchronized @Nullable String revision() {
        return position == null && known.equals(Revision.NONE) ? null : known.toString();
    }

    @Override
    public synchronized boolean isCurrent() {
        return !behind && hasTold(required) && !isOver(readAt, CURRENT) && !database.isClosed();
    }

    /** Up to where has been told; {@code null} if that is to be found out. */
    synchronized @Nullable Revision position() {
        return position;
    }

    private boolean hasTold(Revision end) {
        return position != null && position.compareTo(end) >= 0;
    }

    /**
     * For a take: the stage ends when what was revoked before it has been told, or else this is not current. It never fails.
     *
     * @param before up to where had been told when it began
     * @param end where the database said then that this ends
     * @param nanoTime when it ends at the latest
     */
    CompletionStage<Void> catchUp(@Nullable Revision before, Revision end, long nanoTime) {
        var waiter = new Waiter();
        synchronized (this) {
            if (before != null && before.compareTo(end) > 0) {
                // It goes back, as after a restore: only a reading that begins now tells.
                behind = true;
                doubts++;
            } else {
                required = Revision.max(required, end);
                if (!behind && hasTold(highest())) {
                    readAt = System.nanoTime();
                    return DONE;
                }
                // What this process has revoked itself, too, though the database may have lost it.
                required = highest();
            }
            if (!isOver(failedAt, AGAIN)) {
                return DONE;
            }
            waiters.add(waiter);
        }
        readSoon();
        // On another thread, for what it does then may be slow.
        return waiter.completeOnTimeout(null, Math.max(0, nanoTime - System.nanoTime()), TimeUnit.NANOSECONDS)
                .whenCompleteAsync((released, never) -> remove(waiter), database::elsewhere);
    }

    private synchronized void remove(Waiter waiter) {
        boolean unused = waiters.remove(waiter);
    }

    /** Those that need not wait any longer go on. */
    private void release(boolean failed) {
        List<Waiter> released = List.of();
        synchronized (this) {
            if (failed || (!behind && hasTold(required))) {
                released = List.copyOf(waiters);
                waiters.clear();
            }
        }
        released.forEach(waiter -> waiter.complete(null));
    }

    /** Reads on another thread, of which one at the most waits for its turn. */
    private void readSoon() {
        synchronized (this) {
            if (readsSoon) {
                return;
            }
            readsSoon = true;
        }
        try {
            database.execute(() -> {
                synchronized (reading) {
                    synchronized (this) {
                        readsSoon = false;
                    }
                    poll();
                }
            });
        } catch (TicketStoreException e) {
            synchronized (this) {
                readsSoon = false;
            }
        }
    }

    private void poll() {
        synchronized (reading) {
            while (read()) {
                // There is more.
            }
        }
    }

    /** Whether there may be more at once. */
    private boolean read() {
        try {
            boolean more = step();
            release(false);
            if (silent) {
                silent = false;
                LOG.log(Level.INFO, "What is revoked in the database is told again");
            }
            return more;
        } catch (Throwable e) {
            // Whatever it is, it is to be read again.
            synchronized (this) {
                behind = true;
                failedAt = System.nanoTime();
            }
            release(true);
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

    private boolean step() throws SQLException {
        Revision from;
        Revision asked;
        int doubted;
        synchronized (this) {
            from = position;
            asked = highest();
            doubted = doubts;
        }
        Page page = page(from);
        boolean isGone = isGone(page, asked);
        if (isGone) {
            // Or it only looks so: a statement of MariaDB may show a row without the one before it.
            page = page(from);
            isGone = isGone(page, asked);
        }
        if (page.beginning() != null) {
            begin(page.beginning(), isGone, asked);
        } else if (isGone) {
            return beginsAnew();
        }
        List<Row> next = page.next();
        Revision last = page.last();
        next.forEach(this::tell);
        anchored = anchored || !next.isEmpty();
        synchronized (this) {
            position = last;
            known = Revision.max(known, last);
            readAt = System.nanoTime();
            failedAt = readAt - AGAIN.toNanos();
            behind = doubted != doubts;
        }
        return page.isFull();
    }

    private Page page(@Nullable Revision from) throws SQLException {
        return database.ask((connection, statements) -> RevocationLog.read(connection, statements.revocations(), from));
    }

    /** @param asked what was there when a ticket was taken, or when something was revoked here */
    private boolean isGone(Page page, Revision asked) {
        if (page.hasHole()) {
            return true;
        }
        Beginning beginning = page.beginning();
        if (beginning != null) {
            return !beginning.whole();
        }
        boolean isShort = !page.isFull() && page.last().compareTo(asked) < 0;
        return isShort || (anchored && !page.hasFirst());
    }

    /** Something is gone. Whether to read again at once. */
    private boolean beginsAnew() {
        gap = true;
        synchronized (this) {
            position = null;
        }
        boolean isFirst = isOver(gapAt, AGAIN);
        gapAt = System.nanoTime();
        return isFirst;
    }

    /** @param asked as of {@link #isGone}: what is revoked here meanwhile is behind the end, and nothing is gone */
    private void begin(Beginning beginning, boolean isGone, Revision asked) {
        Revision end = beginning.end();
        if (gap && end.compareTo(asked) < 0) {
            beginLog();
        }
        if (gap || isGone) {
            listeners.lost(end.toString());
        }
        if (gap) {
            writer.addAgain();
        }
        gap = false;
        anchored = false;
        synchronized (this) {
            position = beginning.from();
            required = Revision.max(required, end);
            known = Revision.max(known, end);
        }
    }

    private synchronized long readAt() {
        return readAt;
    }

    private synchronized Revision highest() {
        return Revision.max(known, required);
    }

    /** So that there is an end that everything lost is before, the same one for all, and later tickets know of. */
    private void beginLog() {
        if (isOver(begunAt, AGAIN)) {
            begunAt = System.nanoTime();
            CompletionStage<Void> unused =
                    writer.add(Revocation.session(UUID.randomUUID().toString()));
        }
        throw new TicketStoreException("What was revoked is gone, and nobody who may write has begun anew");
    }

    private void tell(Row row) {
        String revision = row.position().toString();
        row.revocation()
                .ifPresentOrElse(
                        revocation -> listeners.revoked(revocation, revision), () -> listeners.unreadable(revision));
    }

    private static boolean isOver(long nanoTime, Duration time) {
        return System.nanoTime() - nanoTime > time.toNanos();
    }
}
