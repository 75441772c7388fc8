// SPDX-License-Identifier: Apache-2.0
package io.github.realtimeticket.jdbc;

import java.lang.System.Logger.Level;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.stream.IntStream;

/**
 * The rows of tickets that have expired: a few are removed at every sixteenth ticket that is issued. What expires meanwhile is on average
 * less, so the table does not grow. Thread-safe.
 */
final class ExpiredRows {

    private static final System.Logger LOG = System.getLogger(JdbcTicketStore.class.getName());
    private static final int PUTS_PER_STEP = 16;

    private final Database database;
    private final AtomicInteger puts = new AtomicInteger();
    private final AtomicBoolean works = new AtomicBoolean(true);

    ExpiredRows(Database database) {
        this.database = database;
    }

    /** What is to be done when one more ticket is issued. */
    Runnable afterPut() {
        return Math.floorMod(puts.getAndIncrement(), PUTS_PER_STEP) == 0 ? this::removeSome : () -> {};
    }

    private void removeSome() {
        try {
            int unused = database.ask((connection, statements) -> {
                List<String> expired = connection.query(statements.findExpired(), ExpiredRows::hashes);
                return expired.isEmpty() ? 0 : connection.update(statements.removeExpired(), step(expired));
            });
            works.set(true);
        } catch (Exception | LinkageError e) {
            // Not the ticket's matter; the next step may succeed.
            if (works.getAndSet(false)) {
                LOG.log(
                        Level.WARNING,
                        "Expired tickets are not removed: "
                                + database.failure(e).getMessage());
            }
        }
    }

    private static List<String> hashes(ResultSet rows) throws SQLException {
        List<String> hashes = new ArrayList<>();
        while (rows.next()) {
            hashes.add(rows.getString(1));
        }
        return hashes;
    }

    /** As many as the statement has parameters, the last one again and again. */
    private static Object[] step(List<String> expired) {
        return IntStream.range(0, Statements.STEP)
                .mapToObj(i -> expired.get(Math.min(i, expired.size() - 1)))
                .toArray();
    }
}
