// SPDX-License-Identifier: Apache-2.0
package io.github.realtimeticket.jdbc;

import com.google.errorprone.annotations.CanIgnoreReturnValue;
import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.SQLFeatureNotSupportedException;
import java.time.Duration;
import javax.sql.DataSource;

/**
 * A connection for one operation: each statement is a transaction of its own unless it is said otherwise, at READ COMMITTED, and ends in time. What was changed
 * for that is as it was when the connection goes back to its pool.
 *
 * <p>It is nobody's transaction: it is opened on a thread of the store, where no caller's transaction is bound.
 */
final class OwnConnection implements AutoCloseable {

    private static final int UNCHANGED = -1;

    private final Connection connection;
    private final int seconds;
    private int networkTimeout = UNCHANGED;
    private int isolation = UNCHANGED;
    private boolean manualCommit;
    private boolean queryTimeout = true;

    private OwnConnection(Connection connection, Duration timeout) {
        this.connection = connection;
        this.seconds = (int) timeout.plusMillis(999).toSeconds();
    }

    /** A connection on which an operation has this time. */
    static OwnConnection open(DataSource dataSource, Duration timeout) throws SQLException {
        var own = new OwnConnection(dataSource.getConnection(), timeout);
        try {
            own.prepare();
            return own;
        } catch (Throwable e) {
            own.close();
            throw e;
        }
    }

    private void prepare() throws SQLException {
        try {
            int before = connection.getNetworkTimeout();
            // For a server that is gone without a word; one that is slow is told before to give up.
            connection.setNetworkTimeout(Runnable::run, (seconds + 1) * 1000);
            networkTimeout = before;
        } catch (SQLFeatureNotSupportedException e) {
            // Then the operation still fails in time, and its thread waits for what the driver waits for.
        }
        if (!connection.getAutoCommit()) {
            connection.setAutoCommit(true);
            manualCommit = true;
        }
    }

    String database() throws SQLException {
        return connection.getMetaData().getDatabaseProductName();
    }

    int isolation() throws SQLException {
        return connection.getTransactionIsolation();
    }

    /** For this operation, where connections of this source have another isolation. */
    void readCommitted(int otherwise) throws SQLException {
        connection.setTransactionIsolation(Connection.TRANSACTION_READ_COMMITTED);
        isolation = otherwise;
    }

    void withoutQueryTimeout() {
        queryTimeout = false;
    }

    interface Transaction<T> {
        T run() throws SQLException;
    }

    /** Several statements that are one transaction. */
    <T> T inTransaction(Transaction<T> transaction) throws SQLException {
        connection.setAutoCommit(false);
        boolean committed = false;
        try {
            T answer = transaction.run();
            connection.commit();
            committed = true;
            return answer;
        } finally {
            if (!committed) {
                connection.rollback();
            }
            connection.setAutoCommit(true);
        }
    }

    interface Reading<T> {
        T of(ResultSet rows) throws SQLException;
    }

    /** What is read of the rows that this query finds. */
    <T> T query(String sql, Reading<T> reading, Object... parameters) throws SQLException {
        try (PreparedStatement statement = prepare(sql, parameters);
                ResultSet rows = statement.executeQuery()) {
            return reading.of(rows);
        }
    }

    /** How many rows this statement has changed. */
    @CanIgnoreReturnValue
    int update(String sql, Object... parameters) throws SQLException {
        try (PreparedStatement statement = prepare(sql, parameters)) {
            return statement.executeUpdate();
        }
    }

    PreparedStatement prepare(String sql, Object... parameters) throws SQLException {
        PreparedStatement statement = connection.prepareStatement(sql);
        try {
            if (queryTimeout) {
                statement.setQueryTimeout(seconds);
            }
            for (int i = 0; i < parameters.length; i++) {
                statement.setObject(i + 1, parameters[i]);
            }
            return statement;
        } catch (Throwable e) {
            try (statement) {
                throw e;
            }
        }
    }

    @Override
    public void close() throws SQLException {
        try (connection) {
            if (connection.isClosed()) {
                return;
            }
            if (isolation != UNCHANGED) {
                connection.setTransactionIsolation(isolation);
            }
            if (manualCommit) {
                connection.setAutoCommit(false);
            }
            if (networkTimeout != UNCHANGED) {
                connection.setNetworkTimeout(Runnable::run, networkTimeout);
            }
        }
    }
}
