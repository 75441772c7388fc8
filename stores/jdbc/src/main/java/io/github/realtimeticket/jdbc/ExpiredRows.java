// SPDX-License-Identifier: Apache-2.0
package io.github.realtimeticket.jdbc;

import java.lang.System.Logger.Level;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicInteger;

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
                List<String> expired = find(connection, statements);
                return expired.isEmpty() ? 0 : remove(connection, statements, expired);
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

    private static List<String> find(OwnConnection connection, Statements statements) throws SQLException {
        List<String> expired = new ArrayList<>();
        try (PreparedStatement find = connection.prepare(statements.findExpired());
                ResultSet rows = find.executeQuery()) {
            while (rows.next()) {
                expired.add(rows.getString(1));
            }
        }
        return expired;
    }

    private static int remove(OwnConnection connection, Statements statements, List<String> expired)
            throws SQLException {
        try (PreparedStatement remove = connection.prepare(statements.removeExpired())) {
            for (int i = 0; i < Statements.STEP; i++) {
                remove.setString(i + 1, expired.get(Math.min(i, expired.size() - 1)));
            }
            return remove.executeUpdate();
        }
    }
}
