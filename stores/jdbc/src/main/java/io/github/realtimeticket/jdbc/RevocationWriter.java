// SPDX-License-Identifier: Apache-2.0
package io.github.realtimeticket.jdbc;

import io.github.realtimeticket.RecentRevocations;
import io.github.realtimeticket.Revision;
import io.github.realtimeticket.Revocation;
import io.github.realtimeticket.Revocations;
import io.github.realtimeticket.TicketStoreException;
import java.lang.System.Logger.Level;
import java.sql.SQLException;
import java.time.Duration;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.List;
import java.util.Queue;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.function.Consumer;
import java.util.function.LongSupplier;
import java.util.function.Supplier;

/**
 * Adds what is revoked, many in one transaction, and one of these at a time, so that a process waits for the row that they lock on one
 * connection. Thread-safe.
 */
final class RevocationWriter {

    private static final System.Logger LOG = System.getLogger(Revocations.class.getName());

    private static final Duration PAUSE = Duration.ofMillis(500);
    private static final int MOST_AT_ONCE = 100;
    private static final int ADDED_PER_STEP = RevocationLog.STEP / 2;

    private final Database database;
    private final Supplier<Revision> highest;
    private final Consumer<Revision> whenAdded;
    private final RecentRevocations recent;
    private final Queue<Adding> waiting = new ArrayDeque<>();
    private boolean adding;

    // For whoever adds, one at a time.
    private int added = ADDED_PER_STEP;

    private record Adding(Revocation revocation, CompletableFuture<Void> outcome) {}

    /**
     * @param highest the last position that is known, which what is added is behind
     * @param whenAdded is told the position of what has been added, before whoever revoked is
     * @param readAt when it was read the last time
     */
    RevocationWriter(Database database, Supplier<Revision> highest, Consumer<Revision> whenAdded, LongSupplier readAt) {
        this.database = database;
        this.highest = highest;
        this.whenAdded = whenAdded;
        recent = new RecentRevocations(readAt, this::add, work -> database.later(work, PAUSE));
    }

    CompletionStage<Void> revoke(Revocation revocation) {
        return add(revocation).thenRun(() -> recent.add(revocation));
    }

    /** The same, of what may be lost. */
    CompletionStage<Void> add(Revocation revocation) {
        var next = new Adding(revocation, database.outcome());
        try {
            begin(next);
        } catch (TicketStoreException e) {
            next.outcome().completeExceptionally(e);
        }
        // What a caller does then may be slow, and is not to delay what others revoke.
        return database.told(next.outcome(), database::elsewhere);
    }

    private void begin(Adding next) {
        synchronized (waiting) {
            if (waiting.size() >= BlockingWork.WAITING) {
                throw Database.tooSlow();
            }
            // Where nobody adds, nothing waits.
            if (!adding) {
                database.execute(this::addAll);
                adding = true;
            }
            waiting.add(next);
        }
    }

    private void addAll() {
        while (hasMore()) {
            add();
        }
    }

    private boolean hasMore() {
        synchronized (waiting) {
            dropGivenUp();
            adding = !waiting.isEmpty();
            return adding;
        }
    }

    // Whoever was told that it failed is not to find it done later.
    private void dropGivenUp() {
        while (!waiting.isEmpty() && waiting.element().outcome().isDone()) {
            Adding unused = waiting.remove();
        }
    }

    private List<Adding> next() {
        List<Adding> next = new ArrayList<>();
        synchronized (waiting) {
            for (dropGivenUp(); next.size() < MOST_AT_ONCE && !waiting.isEmpty(); dropGivenUp()) {
                next.add(waiting.remove());
            }
        }
        return next;
    }

    private void add() {
        List<Adding> next = new ArrayList<>();
        try {
            Revision last = database.ask((connection, statements) -> {
                // Now that there is a connection: to wait for it may have taken more time than they had.
                next.addAll(next());
                return next.isEmpty() ? Revision.NONE : add(statements.revocations(connection), next);
            });
            if (!next.isEmpty()) {
                added(next, last);
            }
        } catch (Throwable e) {
            // Whatever it is, the next ones are to be added.
            TicketStoreException failure = database.failure(e);
            (next.isEmpty() ? next() : next).forEach(each -> each.outcome().completeExceptionally(failure));
        }
    }

    private Revision add(RevocationLog log, List<Adding> next) throws SQLException {
        List<Revocation> revocations = next.stream().map(Adding::revocation).toList();
        return log.add(revocations, highest.get().milliseconds() + 1);
    }

    private void added(List<Adding> next, Revision last) {
        whenAdded.accept(last);
        next.forEach(each -> each.outcome().complete(null));
        added += next.size();
        if (added >= ADDED_PER_STEP) {
            added = 0;
            removeOldSoon(last);
        }
    }

    private void removeOldSoon(Revision last) {
        try {
            database.execute(() -> removeOld(last));
        } catch (TicketStoreException e) {
            // There is no thread for that. The next step may have one.
        }
    }

    private void removeOld(Revision last) {
        try {
            Revision unused = database.ask((connection, statements) -> {
                statements.revocations(connection).removeOld(last);
                return last;
            });
        } catch (Exception | LinkageError e) {
            LOG.log(
                    Level.WARNING,
                    "Old revocations are not removed: " + database.failure(e).getMessage());
        }
    }

    /** Adds once more what was added lately: a failover may have lost it before everybody had read it. */
    void addAgain() {
        recent.revokeAgain();
    }
}
