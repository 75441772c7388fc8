// SPDX-License-Identifier: Apache-2.0
package io.github.realtimeticket.jdbc;

import io.github.realtimeticket.TicketStoreException;
import java.sql.SQLException;
import java.sql.SQLNonTransientConnectionException;
import java.sql.SQLTimeoutException;
import java.sql.SQLTransientConnectionException;

/**
 * What a fault of a database means, in words of ours: a driver's message may quote a key, a value or a parameter (T13). So no fault
 * is the cause of another, either.
 */
final class JdbcFaults {

    private static final int MYSQL_DUPLICATE_KEY = 1062;
    private static final int MYSQL_COMMAND_DENIED = 1142;
    private static final int H2_NO_RIGHTS = 90096;

    private JdbcFaults() {}

    /** Whether the row is there already. */
    static boolean isDuplicateKey(SQLException fault) {
        return "23505".equals(fault.getSQLState()) || fault.getErrorCode() == MYSQL_DUPLICATE_KEY;
    }

    /** @param revocations whether the tables of revocations may be meant, too */
    static TicketStoreException failure(Throwable fault, String table, boolean revocations) {
        if (fault instanceof TicketStoreException failure) {
            return failure;
        }
        if (!(fault instanceof SQLException sql)) {
            return new TicketStoreException(
                    "The database's driver or pool failed: " + fault.getClass().getName());
        }
        return new TicketStoreException(
                reason(sql, table, revocations) + " (" + fault.getClass().getSimpleName() + ", SQLSTATE "
                        + sql.getSQLState() + ", error " + sql.getErrorCode() + ")");
    }

    private static String reason(SQLException fault, String table, boolean revocations) {
        String tables = revocations ? table + ", " + table + "_revocation or " + table + "_revision" : table;
        String state = String.valueOf(fault.getSQLState());
        int error = fault.getErrorCode();
        if (fault instanceof SQLTimeoutException || state.equals("57014")) {
            return "The database did not end a statement in time";
        }
        if (state.equals("42P01") || state.equals("42S02") || state.equals("42S04")) {
            return "The database has no table " + tables + ", or not in the schema that the connection uses";
        }
        if (state.equals("42501") || error == MYSQL_COMMAND_DENIED || error == H2_NO_RIGHTS) {
            return "The database does not let this user SELECT, INSERT and DELETE in " + tables
                    + ", or UPDATE for a replay alarm or revocations";
        }
        if (state.startsWith("28")) {
            return "The database refused the login";
        }
        if (state.startsWith("08")
                || fault instanceof SQLTransientConnectionException
                || fault instanceof SQLNonTransientConnectionException) {
            return "The database could not be reached, its answer was lost, or no connection of the pool was free";
        }
        return "The database answered with an error";
    }
}
