// SPDX-License-Identifier: Apache-2.0
package io.github.realtimeticket.jdbc;

import io.github.realtimeticket.Revision;
import java.sql.SQLException;
import java.util.Objects;
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
        if (told && statements.takeWithEnd() != null) {
            return found(statements.takeWithEnd(), hash, true);
        }
        // Before the row is removed, so that no ticket is lost for it.
        Revision end = told ? statements.revocations(connection).last() : Revision.NONE;
        Optional<Found> found = found(Objects.requireNonNullElse(statements.take(), statements.find()), hash, false);
        // Many can have found it; one of them removes it, unless somebody has put a trace in its place.
        if (found.isEmpty()
                || (statements.take() == null
                        && connection.update(statements.remove(), hash, found.get().json) == 0)) {
            return Optional.empty();
        }
        return Optional.of(new Found(found.get().json, end));
    }

    /** The same, with this trace in its place (T19). */
    Optional<Found> trace(String hash, byte[] trace, boolean told) throws SQLException {
        return connection.inTransaction(() -> {
            Optional<Found> found = found(statements.lock(), hash, false);
            if (found.isEmpty()) {
                return found;
            }
            connection.update(statements.trace(), trace, hash);
            Revision end = told ? statements.revocations(connection).last() : Revision.NONE;
            return Optional.of(new Found(found.get().json, end));
        });
    }

    private Optional<Found> found(String sql, String hash, boolean withEnd) throws SQLException {
        return connection.query(
                sql,
                rows -> {
                    if (!rows.next()) {
                        return Optional.empty();
                    }
                    Revision end = withEnd ? new Revision(rows.getLong(2), rows.getLong(3)) : Revision.NONE;
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
