// SPDX-License-Identifier: Apache-2.0
package io.github.realtimeticket.jdbc;

import org.jspecify.annotations.Nullable;

/**
 * What is said to one kind of database about what is revoked (T16). There are two tables beside the tickets': one with a row for each
 * revocation, and one with a single row, the last position.
 *
 * @param bound how long a client may stand still within a transaction, for it holds a row that all wait for; {@code null} if this database
 *     cannot be told for one transaction
 * @param advance the last position by this many numbers, and to this time at the least; locks its row until the transaction ends
 * @param advanceBehindRows the same, behind the rows that are there; with the same parameters
 * @param first inserts that row instead, if it is not there, with the same parameters
 * @param last the last position
 * @param add a number, a time and a revocation
 * @param span the oldest number, the oldest of those since a time, and the newest
 * @param read from this number on, in order; one more than {@link RevocationLog#COUNT}, for the first is known already
 * @param oldest the oldest number
 * @param remove what is before this number
 */
record RevocationStatements(
        @Nullable String bound,
        String advance,
        String advanceBehindRows,
        String first,
        String last,
        String add,
        String span,
        String read,
        String oldest,
        String remove) {

    /**
     * @param now the database's time, in milliseconds since 1970-01-01T00:00Z
     * @param firstRows how a query ends of which so many rows are wanted
     */
    static RevocationStatements of(String table, String now, String firstRows, @Nullable String bound) {
        String rows = table + "_revocation";
        String end = table + "_revision";
        return new RevocationStatements(
                bound,
                "UPDATE " + end + " SET last_number = last_number + ?, last_millis = GREATEST(last_millis, " + now
                        + ", ?) WHERE id = 1",
                "UPDATE " + end
                        + " SET last_number = GREATEST(last_number, (SELECT COALESCE(MAX(revocation_number), 0) FROM "
                        + rows
                        + ")) + ?, last_millis = GREATEST(last_millis, (SELECT COALESCE(MAX(revoked_millis), 0) FROM "
                        + rows + "), " + now + ", ?) WHERE id = 1",
                "INSERT INTO " + end
                        + " (id, last_number, last_millis) SELECT 1, COALESCE(MAX(revocation_number), 0) + ?,"
                        + " GREATEST(COALESCE(MAX(revoked_millis), 0), " + now + ", ?) FROM " + rows,
                "SELECT last_millis, last_number FROM " + end + " WHERE id = 1",
                "INSERT INTO " + rows + " (revocation_number, revoked_millis, revocation) VALUES (?, ?, ?)",
                "SELECT MIN(revocation_number), MIN(CASE WHEN revoked_millis >= ? THEN revocation_number END),"
                        + " MAX(revocation_number) FROM " + rows,
                "SELECT revoked_millis, revocation_number, revocation FROM " + rows
                        + " WHERE revocation_number >= ? ORDER BY revocation_number"
                        + firstRows.formatted(RevocationLog.COUNT + 1),
                "SELECT MIN(revocation_number) FROM " + rows,
                "DELETE FROM " + rows + " WHERE revocation_number < ?");
    }
}
