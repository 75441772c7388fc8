// SPDX-License-Identifier: Apache-2.0
package io.github.realtimeticket.jdbc;

import io.github.realtimeticket.Revision;
import io.github.realtimeticket.Revocation;
import io.github.realtimeticket.RevocationListeners;
import java.nio.charset.StandardCharsets;
import java.sql.PreparedStatement;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * The rows that revocations are kept in, on one connection.
 *
 * <p>Their numbers have no holes, and none is committed before a smaller one: whoever adds has locked the row of the last position until then.
 * A statement that reads shows what was committed before it began. MariaDB may show what is committed meanwhile without what was just before.
 */
record RevocationLog(OwnConnection connection, RevocationStatements statements) {

    /** How many revocations are kept, before the oldest are removed: some ten megabytes. */
    static final int LENGTH = 100_000;

    /** How many are read at a time at the most. */
    static final int COUNT = 1_000;

    /** How many are removed at a time at the most. */
    static final int STEP = 128;

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
    Revision add(List<Revocation> revocations, long earliest) throws SQLException {
        try {
            return connection.inTransaction(() -> insert(statements.advance(), revocations, earliest));
        } catch (SQLException e) {
            if (!JdbcFaults.isDuplicateKey(e)) {
                throw e;
            }
            // Somebody else has inserted the row of the last position meanwhile, or it is behind the rows, as after a
            // restore.
            return connection.inTransaction(() -> insert(statements.advanceBehindRows(), revocations, earliest));
        }
    }

    private Revision insert(String advance, List<Revocation> revocations, long earliest) throws SQLException {
        if (statements.bound() != null) {
            connection.update(statements.bound());
        }
        if (connection.update(advance, revocations.size(), earliest) == 0) {
            connection.update(statements.first(), revocations.size(), earliest);
        }
        Revision last = last();
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

    Revision last() throws SQLException {
        return connection.query(
                statements.last(),
                rows -> rows.next() ? new Revision(rows.getLong(1), rows.getLong(2)) : Revision.NONE);
    }

    /** What comes behind this position; of {@code null}, what comes behind the one to begin at. */
    Page read(@Nullable Revision from) throws SQLException {
        if (from != null) {
            return new Page(null, from, rows(from));
        }
        Beginning beginning = beginning(last());
        return new Page(beginning, beginning.from(), rows(beginning.from()));
    }

    private Beginning beginning(Revision end) throws SQLException {
        long since = end.earlier(RevocationListeners.REMEMBERED).milliseconds();
        return connection.query(
                statements.span(),
                rows -> {
                    boolean unused = rows.next();
                    long oldest = rows.getLong(1);
                    long first = rows.getLong(2);
                    long newest = rows.getLong(3);
                    // Zero, which is no number, stands for NULL: there are none.
                    if (newest < end.number() || first == 0) {
                        return new Beginning(end, end, end.equals(Revision.NONE));
                    }
                    return new Beginning(new Revision(since, first - 1), end, oldest == 1 || oldest < first);
                },
                since);
    }

    private List<Row> rows(Revision from) throws SQLException {
        return connection.query(
                statements.read(),
                rows -> {
                    List<Row> found = new ArrayList<>();
                    while (rows.next()) {
                        found.add(new Row(
                                new Revision(rows.getLong(1), rows.getLong(2)),
                                new String(rows.getBytes(3), StandardCharsets.UTF_8)));
                    }
                    return found;
                },
                from.number());
    }

    /** A few of those that are more than are kept, when this is the last. */
    void removeOld(Revision last) throws SQLException {
        long oldest = connection.query(statements.oldest(), rows -> rows.next() ? rows.getLong(1) : 0);
        long before = Math.min(oldest + STEP, last.number() - LENGTH + 1);
        if (before > oldest) {
            connection.update(statements.remove(), before);
        }
    }
}
