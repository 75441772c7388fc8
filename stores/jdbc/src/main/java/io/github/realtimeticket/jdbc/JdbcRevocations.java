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
import java.util.List;
import java.util.UUID;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicBoolean;
import org.jspecify.annotations.Nullable;

/**
 * The feed beside a {@link JdbcTicketStore}: reads what comes next every half second, or when a ticket is taken and there is more.
 * No take holds a thread while it waits for that. Reads and tells on threads of the store. Thread-safe.
 */
final class JdbcRevocations implements Revocations {

    private static final System.Logger LOG = System.getLogger(Revocations.class.getName());

    /** How often it reads on. */
    static final Duration PERIOD = Duration.ofMillis(500);

    private final Database database;
    private final RevocationWriter writer;
    private final RevocationListeners listeners = new RevocationListeners();
    private final Progress progress = new Progress();
    private final AtomicBoolean readsSoon = new AtomicBoolean();

    // For the reading alone, which has this lock. It is taken before a connection is, and never while one is held.
    private final Object reading = new Object();
    private boolean anchored;
    private boolean gap;
    private boolean silent;
    private long gapAt = System.nanoTime() - Progress.AGAIN.toNanos();
    private long begunAt = System.nanoTime() - Progress.AGAIN.toNanos();

    JdbcRevocations(Database database, Duration period) {
        this.database = database;
        writer = new RevocationWriter(database, progress::highest, this::added, progress::readAt);
        database.always(this::poll, period);
    }

    @Override
    public CompletionStage<Void> revoke(Revocation revocation) {
        return writer.revoke(revocation);
    }

    private void added(Revision last) {
        progress.revoked(last);
        // What was revoked here ends here at once.
        readSoon();
    }

    @Override
    public Listening listen(RevocationListener listener) {
        return listeners.listen(listener);
    }

    @Override
    public @Nullable String revision() {
        return progress.revision();
    }

    @Override
    public boolean isCurrent() {
        return progress.isCurrent() && !database.isClosed();
    }

    /** Up to where has been told; {@code null} if that is to be found out. */
    @Nullable
    Revision position() {
        return progress.position();
    }

    /**
     * For a take: the stage ends when what was revoked before it has been told, or else this is not current. It never fails.
     *
     * @param before up to where had been told when the database was asked
     * @param end where the database said then that this ends
     * @param nanoTime when it ends at the latest
     */
    CompletionStage<Void> catchUp(@Nullable Revision before, Revision end, long nanoTime) {
        Progress.Take told = progress.whenTold(before, end);
        if (told.isDone()) {
            return told;
        }
        readSoon();
        // On another thread, for what it does then may be slow.
        return told.completeOnTimeout(null, Math.max(0, nanoTime - System.nanoTime()), TimeUnit.NANOSECONDS)
                .whenCompleteAsync((released, never) -> progress.goOn(told), database::elsewhere);
    }

    /** Reads on another thread, of which one at the most waits for its turn. */
    private void readSoon() {
        if (!readsSoon.compareAndSet(false, true)) {
            return;
        }
        try {
            database.execute(() -> {
                synchronized (reading) {
                    readsSoon.set(false);
                    poll();
                }
            });
        } catch (TicketStoreException e) {
            readsSoon.set(false);
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
            if (silent) {
                silent = false;
                LOG.log(Level.INFO, "What is revoked in the database is told again");
            }
            return more;
        } catch (Throwable e) {
            // Whatever it is, it is to be read again.
            progress.failed();
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
        Progress.Before before = progress.before();
        Revision asked = before.highest();
        Page page = page(before.from());
        boolean isGone = isGone(page, asked);
        if (isGone) {
            // Or it only looks so: a statement of MariaDB may show a row without the one before it.
            page = page(before.from());
            isGone = isGone(page, asked);
        }
        if (page.beginning() != null) {
            begin(page.beginning(), isGone, asked);
        } else if (isGone) {
            return beginsAnew();
        }
        List<Row> next = page.next();
        for (Row row : next) {
            String position = row.position().toString();
            listeners.read(row.json(), position, position);
        }
        anchored = anchored || !next.isEmpty();
        progress.read(page.last(), before);
        return page.isFull();
    }

    private Page page(@Nullable Revision from) throws SQLException {
        return database.ask(
                (connection, statements) -> statements.revocations(connection).read(from));
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
        progress.beginAnew();
        boolean isFirst = Progress.isOver(gapAt, Progress.AGAIN);
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
        progress.begin(beginning.from(), end);
    }

    /** So that there is an end that everything lost is before, the same one for all, and later tickets know of. */
    private void beginLog() {
        if (Progress.isOver(begunAt, Progress.AGAIN)) {
            begunAt = System.nanoTime();
            CompletionStage<Void> unused =
                    writer.add(Revocation.session(UUID.randomUUID().toString()));
        }
        throw new TicketStoreException("What was revoked is gone, and nobody who may write has begun anew");
    }
}
