// SPDX-License-Identifier: Apache-2.0
package io.github.realtimeticket.jdbc;

import io.github.realtimeticket.TicketStoreException;
import java.util.Collections;
import org.jspecify.annotations.Nullable;

/**
 * What is said to one kind of database. Times are those of its own clock.
 *
 * @param put hash, value, milliseconds to live
 * @param take removes an unexpired row by its hash and answers its value; {@code null} if this database cannot do that in one
 * @param find the value of an unexpired row
 * @param remove an unexpired row
 * @param makeRoom removes an expired row by its hash
 * @param findExpired a few expired rows; locks none, so that who redeems waits for nobody who cleans
 * @param removeExpired as many as {@link #STEP} expired rows by their hashes
 * @param queryTimeout whether the driver's time limit for a statement costs little; H2's is a statement, after which it compiles all
 *     others anew, and its waits for locks end by themselves
 */
record Statements(
        String put,
        @Nullable String take,
        String find,
        String remove,
        String makeRoom,
        String findExpired,
        String removeExpired,
        boolean queryTimeout) {

    /** How many expired rows are removed at once. */
    static final int STEP = 64;

    private static final String IN_MICROSECONDS = "UTC_TIMESTAMP(6) + INTERVAL (? * 1000) MICROSECOND";

    /** For a database by the name that its driver gives. */
    static Statements of(String database, String table) {
        return switch (database) {
            case "PostgreSQL" ->
                of(
                        table,
                        "CURRENT_TIMESTAMP",
                        "CURRENT_TIMESTAMP + ? * INTERVAL '1 millisecond'",
                        "%s RETURNING %s",
                        true);
            case "MariaDB" -> of(table, "UTC_TIMESTAMP(6)", IN_MICROSECONDS, "%s RETURNING %s", true);
            case "MySQL" -> of(table, "UTC_TIMESTAMP(6)", IN_MICROSECONDS, null, true);
            case "H2" ->
                of(
                        table,
                        "CURRENT_TIMESTAMP",
                        "DATEADD(MILLISECOND, ?, CURRENT_TIMESTAMP)",
                        "SELECT %2$s FROM OLD TABLE (%1$s)",
                        false);
            default ->
                throw new TicketStoreException(
                        "Tickets are kept in PostgreSQL, MariaDB, MySQL and H2, not in " + database);
        };
    }

    private static Statements of(
            String table, String now, String later, @Nullable String returning, boolean queryTimeout) {
        String unexpired = " FROM " + table + " WHERE ticket_hash = ? AND expires_at > " + now;
        String remove = "DELETE" + unexpired;
        return new Statements(
                "INSERT INTO " + table + " (ticket_hash, ticket_value, expires_at) VALUES (?, ?, " + later + ")",
                returning == null ? null : returning.formatted(remove, "ticket_value"),
                "SELECT ticket_value" + unexpired,
                remove,
                "DELETE FROM " + table + " WHERE ticket_hash = ? AND expires_at <= " + now,
                "SELECT ticket_hash FROM " + table + " WHERE expires_at <= " + now + " ORDER BY expires_at LIMIT "
                        + STEP,
                "DELETE FROM " + table + " WHERE expires_at <= " + now + " AND ticket_hash IN ("
                        + String.join(", ", Collections.nCopies(STEP, "?")) + ")",
                queryTimeout);
    }
}
