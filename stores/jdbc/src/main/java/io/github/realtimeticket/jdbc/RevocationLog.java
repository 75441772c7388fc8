// SPDX-License-Identifier: Apache-2.0
package io.github.realtimeticket.jdbc;

import io.github.realtimeticket.Revision;
import io.github.realtimeticket.Revocation;
import io.github.realtimeticket.RevocationListeners;
import java.nio.charset.StandardCharsets;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * The rows that revocations are kept in, on the connection that is given.
 *
 * <p>Their numbers have no holes, and none is committed before a smaller one: whoever adds has locked the row of the last position until then.
 * A statement that reads shows what was committed before it began. MariaDB may show what is committed meanwhile without what was just before.
 */
final class RevocationLog {

    /** How many revocations are kept, before the oldest are removed: some ten megabytes. */
    static final int LENGTH = 100_000;

    /** How many are read at a time at the most. */
    static final int COUNT = 1_000;

    /** How many are removed at a time at the most. */
    static final int STEP = 128;

    private RevocationLog() {}

    /** @param json what was revoked, if it can be read */
    record Row(Revision position, String json) {}

    /**
     * Where a feed begins.
     *
     * @param from where the oldest ticket that can be outstanding was issued
     * @param end the last position
     * @param whole whether there is everything in between
     */
    record Beginning(Revision from, Revision end, boolean whole) {}

    /**
     * @param beginning if that was asked for
     * @param rows the one at the position that it begins at, if that is there, and what comes next
     */
    record Page(@Nullable Beginning beginning, Revision from, List<Row> rows) {

        boolean isFull() {
            return rows.size() > COUNT;
        }

        /** Whether the one that it begins at is there. */
        boolean hasFirst() {
            return !rows.isEmpty() && rows.get(0).position().equals(from);
        }

        boolean hasHole() {
            return last().number() - from.number() != next().size();
        }

        List<Row> next() {
            return rows.stream()
                    .filter(row -> row.position().number() > from.number())
                    .toList();
        }

        Revision last() {
            List<Row> next = next();
            return next.isEmpty() ? from : next.get(next.size() - 1).position();
        }
    }

    /** Adds them in one transaction, at this time or later, and returns the position of the last one. */
    static Revision add(
            OwnConnection connection, RevocationStatements statements, List<Revocation> revocations, long earliest)
            throws SQLException {
        try {
            return connection.inTransaction(
                    () -> insert(connection, statements, statements.advance(), revocations, earliest));
        } catch (SQLException e) {
            if (!JdbcFaults.isDuplicateKey(e)) {
                throw e;
            }
            // Somebody else has inserted the row of the last position meanwhile, or it is behind the rows, as after a
            // restore.
            return connection.inTransaction(
                    () -> insert(connection, statements, statements.advanceBehindRows(), revocations, earliest));
        }
    }

    private static Revision insert(
            OwnConnection connection,
            RevocationStatements statements,
            String advance,
            List<Revocation> revocations,
            long earliest)
            throws SQLException {
        if (statements.bound() != null) {
            try (PreparedStatement bound = connection.prepare(statements.bound())) {
                boolean unused = bound.execute();
            }
        }
        if (advance(connection, advance, revocations.size(), earliest) == 0) {
            int unused = advance(connection, statements.first(), revocations.size(), earliest);
        }
        Revision last = last(connection, statements);
        try (PreparedStatement add = connection.prepare(statements.add())) {
            long number = last.number() - revocations.size();
            for (Revocation revocation : revocations) {
                number++;
                add.setLong(1, number);
                add.setLong(2, last.milliseconds());
                add.setBytes(3, revocation.json().getBytes(StandardCharsets.UTF_8));
                add.addBatch();
            }
            int[] unused = add.executeBatch();
        }
        return last;
    }

    private static int advance(OwnConnection connection, String sql, int count, long earliest) throws SQLException {
        try (PreparedStatement statement = connection.prepare(sql)) {
            statement.setLong(1, count);
            statement.setLong(2, earliest);
            return statement.executeUpdate();
        }
    }

    static Revision last(OwnConnection connection, RevocationStatements statements) throws SQLException {
        try (PreparedStatement statement = connection.prepare(statements.last());
                ResultSet rows = statement.executeQuery()) {
            return rows.next() ? new Revision(rows.getLong(1), rows.getLong(2)) : Revision.NONE;
        }
    }

    /** What comes behind this position; of {@code null}, what comes behind the one to begin at. */
    static Page read(OwnConnection connection, RevocationStatements statements, @Nullable Revision from)
            throws SQLException {
        if (from != null) {
            return new Page(null, from, rows(connection, statements, from));
        }
        Beginning beginning = beginning(connection, statements, last(connection, statements));
        return new Page(beginning, beginning.from(), rows(connection, statements, beginning.from()));
    }

    private static Beginning beginning(OwnConnection connection, RevocationStatements statements, Revision end)
            throws SQLException {
        long since = end.earlier(RevocationListeners.REMEMBERED).milliseconds();
        try (PreparedStatement statement = connection.prepare(statements.span())) {
            statement.setLong(1, since);
            try (ResultSet rows = statement.executeQuery()) {
                boolean unused = rows.next();
                long oldest = rows.getLong(1);
                long first = rows.getLong(2);
                long newest = rows.getLong(3);
                // Zero, which is no number, stands for NULL: there are none.
                if (newest < end.number() || first == 0) {
                    return new Beginning(end, end, end.equals(Revision.NONE));
                }
                return new Beginning(new Revision(since, first - 1), end, oldest == 1 || oldest < first);
            }
        }
    }

    private static List<Row> rows(OwnConnection connection, RevocationStatements statements, Revision from)
            throws SQLException {
        List<Row> found = new ArrayList<>();
        try (PreparedStatement statement = connection.prepare(statements.read())) {
            statement.setLong(1, from.number());
            try (ResultSet rows = statement.executeQuery()) {
                while (rows.next()) {
                    byte[] json = rows.getBytes(3);
                    found.add(new Row(
                            new Revision(rows.getLong(1), rows.getLong(2)),
                            new String(json, StandardCharsets.UTF_8)));
                }
            }
        }
        return found;
    }

    /** A few of those that are more than are kept, when this is the last. */
    static void removeOld(OwnConnection connection, RevocationStatements statements, Revision last)
            throws SQLException {
        long oldest;
        try (PreparedStatement statement = connection.prepare(statements.oldest());
                ResultSet rows = statement.executeQuery()) {
            boolean unused = rows.next();
            oldest = rows.getLong(1);
        }
        long before = Math.min(oldest + STEP, last.number() - LENGTH + 1);
        if (before > oldest) {
            try (PreparedStatement statement = connection.prepare(statements.remove())) {
                statement.setLong(1, before);
                int unused = statement.executeUpdate();
            }
        }
    }
}
