// SPDX-License-Identifier: Apache-2.0
package io.github.realtimeticket.jdbc;

import io.github.realtimeticket.TicketStoreException;
import java.util.Collections;
import org.jspecify.annotations.Nullable;

/**
 * What is said to one kind of database. Times are those of its own clock.
 *
 * @param put hash, value, milliseconds to live
 * @param taking what asks for the value of an unexpired row
 * @param takingWithEnd the same, and the last position of what is revoked: that of when the statement began, which is after the take did
 * @param remove an unexpired row that has this value still
 * @param trace puts a value in the place of the one of a row
 * @param makeRoom removes an expired row by its hash
 * @param findExpired a few expired rows; locks none, so that whoever redeems waits for nobody who cleans
 * @param removeExpired as many as {@link #STEP} expired rows by their hashes
 * @param revocations what is said of what is revoked
 * @param queryTimeout whether the driver's time limit for a statement costs little; H2's is a statement, after which it compiles all
 *     others anew, and its waits for locks end by themselves
 */
record Statements(
        String put,
        Taking taking,
        Taking takingWithEnd,
        String remove,
        String trace,
        String makeRoom,
        String findExpired,
        String removeExpired,
        RevocationStatements revocations,
        boolean queryTimeout) {

    /** How many expired rows are removed at once. */
    static final int STEP = 64;

    private static final String EPOCH_MILLIS = "CAST(EXTRACT(EPOCH FROM CURRENT_TIMESTAMP) * 1000 AS BIGINT)";
    private static final String UTC_MILLIS =
            "CAST(TIMESTAMPDIFF(MICROSECOND, '1970-01-01', UTC_TIMESTAMP(6)) DIV 1000 AS SIGNED)";
    private static final String LIMIT = " LIMIT %d";

    // Of the modes in which H2 is another database, some know no LIMIT, and all know this.
    private static final String FETCH = " FETCH FIRST %d ROWS ONLY";

    private static final String IN_MICROSECONDS = "UTC_TIMESTAMP(6) + INTERVAL (? * 1000) MICROSECOND";

    private static final String RETURNING = "%s RETURNING %s";
    private static final String OLD_TABLE = "SELECT %2$s FROM OLD TABLE (%1$s)";

    // Its DELETE would lock the row of the last position that it reads, and wait for whoever revokes. A SELECT before
    // it locks nothing, and to the driver both are one statement. With sql_mode=ORACLE it knows these variables, and
    // no DECLARE. By MAX nothing of the last time is left in them where there is no row.
    private static final String MARIADB_RETURNING_WITH_END = "BEGIN NOT ATOMIC"
            + " SELECT MAX(last_millis), MAX(last_number) INTO @realtime_ticket_millis, @realtime_ticket_number FROM %3$s;"
            + " %1$s RETURNING ticket_value, @realtime_ticket_millis, @realtime_ticket_number; END";

    /**
     * What asks for the value of an unexpired row by its hash.
     *
     * @param take removes the row; {@code null} if this database cannot do that in one
     * @param find leaves it
     * @param lock leaves it, and nobody else can change it until the transaction ends
     */
    record Taking(@Nullable String take, String find, String lock) {

        private static Taking of(@Nullable String returning, String unexpired, String columns, String end) {
            String find = "SELECT " + columns + unexpired;
            return new Taking(
                    returning == null ? null : returning.formatted("DELETE" + unexpired, columns, end),
                    find,
                    find + " FOR UPDATE");
        }
    }

    RevocationLog revocations(OwnConnection connection) {
        return new RevocationLog(connection, revocations);
    }

    /** For a database by the name that its driver gives. */
    static Statements of(String database, String table) {
        return switch (database) {
            case "PostgreSQL" ->
                of(
                        table,
                        "CURRENT_TIMESTAMP",
                        "CURRENT_TIMESTAMP + ? * INTERVAL '1 millisecond'",
                        EPOCH_MILLIS,
                        LIMIT,
                        RETURNING,
                        RETURNING,
                        true,
                        "SET LOCAL idle_in_transaction_session_timeout = '5s'");
            case "MariaDB" -> ofMySql(table, RETURNING, MARIADB_RETURNING_WITH_END);
            case "MySQL" -> ofMySql(table, null, null);
            case "H2" ->
                of(
                        table,
                        "CURRENT_TIMESTAMP",
                        "DATEADD(MILLISECOND, ?, CURRENT_TIMESTAMP)",
                        EPOCH_MILLIS,
                        FETCH,
                        OLD_TABLE,
                        OLD_TABLE,
                        false,
                        null);
            default ->
                throw new TicketStoreException(
                        "Tickets are kept in PostgreSQL, MariaDB, MySQL and H2, not in " + database);
        };
    }

    private static Statements ofMySql(String table, @Nullable String returning, @Nullable String returningWithEnd) {
        return of(
                table, "UTC_TIMESTAMP(6)", IN_MICROSECONDS, UTC_MILLIS, LIMIT, returning, returningWithEnd, true, null);
    }

    private static Statements of(
            String table,
            String now,
            String later,
            String millis,
            String first,
            @Nullable String returning,
            @Nullable String returningWithEnd,
            boolean queryTimeout,
            @Nullable String bound) {
        String unexpired = " FROM " + table + " WHERE ticket_hash = ? AND expires_at > " + now;
        String end = table + "_revision";
        String valueAndEnd =
                "ticket_value, (SELECT last_millis FROM %1$s), (SELECT last_number FROM %1$s)".formatted(end);
        return new Statements(
                "INSERT INTO " + table + " (ticket_hash, ticket_value, expires_at) VALUES (?, ?, " + later + ")",
                Taking.of(returning, unexpired, "ticket_value", end),
                Taking.of(returningWithEnd, unexpired, valueAndEnd, end),
                "DELETE" + unexpired + " AND ticket_value = ?",
                "UPDATE " + table + " SET ticket_value = ? WHERE ticket_hash = ?",
                "DELETE FROM " + table + " WHERE ticket_hash = ? AND expires_at <= " + now,
                "SELECT ticket_hash FROM " + table + " WHERE expires_at <= " + now + " ORDER BY expires_at"
                        + first.formatted(STEP),
                "DELETE FROM " + table + " WHERE expires_at <= " + now + " AND ticket_hash IN ("
                        + String.join(", ", Collections.nCopies(STEP, "?")) + ")",
                RevocationStatements.of(table, millis, first, bound),
                queryTimeout);
    }
}
