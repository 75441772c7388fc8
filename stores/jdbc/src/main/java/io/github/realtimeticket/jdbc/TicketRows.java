// SPDX-License-Identifier: Apache-2.0
package io.github.realtimeticket.jdbc;

import io.github.realtimeticket.Revision;
import io.github.realtimeticket.jdbc.Statements.Taking;
import java.sql.SQLException;
import java.util.Optional;

/** The rows that tickets are kept in, on one connection. */
record TicketRows(OwnConnection connection, Statements statements) {

    /** Whether there was none with this hash. */
    boolean put(String hash, byte[] json, long milliseconds) throws SQLException {
        // An expired row is not there any more, though nobody has removed it.
        return insert(hash, json, milliseconds)
                || (connection.update(statements.makeRoom(), hash) == 1 && insert(hash, json, milliseconds));
    }

    private boolean insert(String hash, byte[] json, long milliseconds) throws SQLException {
        try {
            return connection.update(statements.put(), hash, json, milliseconds) == 1;
        } catch (SQLException e) {
            if (JdbcFaults.isDuplicateKey(e)) {
                return false;
            }
            throw e;
        }
    }

    /** @param told whether it is to be asked where revocations end */
    Optional<Found> take(String hash, boolean told) throws SQLException {
        Taking taking = taking(told);
        if (taking.take() != null) {
            return found(taking.take(), hash, told);
        }
        Optional<Found> found = found(taking.find(), hash, told);
        // Many can have found it; one of them removes it, unless somebody has put a trace in its place.
        return found.isPresent() && connection.update(statements.remove(), hash, found.get().json) == 1
                ? found
                : Optional.empty();
    }

    /** The same, with this trace in its place (T19). */
    Optional<Found> trace(String hash, byte[] trace, boolean told) throws SQLException {
        return connection.inTransaction(() -> {
            Optional<Found> found = found(taking(told).lock(), hash, told);
            if (found.isPresent()) {
                connection.update(statements.trace(), trace, hash);
            }
            return found;
        });
    }

    private Taking taking(boolean told) {
        return told ? statements.takingWithEnd() : statements.taking();
    }

    private Optional<Found> found(String sql, String hash, boolean told) throws SQLException {
        return connection.query(
                sql,
                rows -> {
                    if (!rows.next()) {
                        return Optional.empty();
                    }
                    Revision end = told ? new Revision(rows.getLong(2), rows.getLong(3)) : Revision.NONE;
                    return Optional.of(new Found(rows.getBytes(1), end));
                },
                hash);
    }

    /**
     * What was found, and where revocations ended then.
     *
     * <p>The end is at least what was committed before the take was asked for: a statement at READ COMMITTED sees what was committed when it
     * began. That suffices, for whoever is revoked later was not revoked before.
     */
    static final class Found {

        final byte[] json;
        final Revision end;

        private Found(byte[] json, Revision end) {
            this.json = json;
            this.end = end;
        }
    }
}
