// SPDX-License-Identifier: Apache-2.0
package io.github.realtimeticket.jdbc;

import io.github.realtimeticket.Ticket;
import io.github.realtimeticket.TicketStore;
import io.github.realtimeticket.TicketStoreException;
import io.github.realtimeticket.TicketValue;
import io.github.realtimeticket.TicketValueCodec;
import java.lang.System.Logger.Level;
import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.ThreadPoolExecutor;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicInteger;
import javax.sql.DataSource;
import org.jspecify.annotations.Nullable;

/**
 * A store in a database: PostgreSQL, MariaDB, MySQL or H2, through a {@link DataSource} that reaches the primary server.
 *
 * <p>Thread-safe, and only {@link #close()} blocks: the store waits for the database on threads of its own. A store can be made while
 * the database is down. Every operation ends within the timeout; one that is given up before it has begun is never begun, and
 * no statement is sent a second time (T5).
 *
 * <p><b>Storage details.</b> A row has the lower-case hexadecimal SHA-256 of the ticket, the bytes of {@link TicketValueCodec}, and
 * when it expires by the clock of the database. The jar has the table in {@code schema-postgresql.sql} and its like.
 *
 * <pre>
 * put   INSERT INTO realtime_ticket ...          a duplicate key is "was there already"
 * take  DELETE ... RETURNING ticket_value        PostgreSQL, MariaDB
 *       SELECT ... FROM OLD TABLE (DELETE ...)   H2
 *       SELECT, then DELETE, of which one row    MySQL: who deletes it has it
 * </pre>
 *
 * <p>Each statement is a transaction of its own on a connection of its own, at READ COMMITTED. The transaction of a caller is never
 * joined, for its rollback would bring a redeemed ticket back. Whoever issues removes a few expired rows at every sixteenth ticket.
 */
public final class JdbcTicketStore implements TicketStore, AutoCloseable {

    /** Within which time an operation ends unless told otherwise. */
    public static final Duration DEFAULT_TIMEOUT = Duration.ofSeconds(1);

    /** The name of the table unless told otherwise. */
    public static final String DEFAULT_TABLE = "realtime_ticket";

    private static final System.Logger LOG = System.getLogger(JdbcTicketStore.class.getName());
    private static final int PUTS_PER_STEP = 16;

    private final DataSource dataSource;
    private final String table;
    private final Duration timeout;
    private final ThreadPoolExecutor threads = BlockingWork.executor();
    private final AtomicInteger puts = new AtomicInteger();
    private final AtomicBoolean cleans = new AtomicBoolean(true);
    private volatile @Nullable Dialect dialect;

    JdbcTicketStore(DataSource dataSource, String table, Duration timeout) {
        this.dataSource = dataSource;
        this.table = table;
        this.timeout = timeout;
    }

    /** A store in the database of this source, with the settings that are right. */
    public static JdbcTicketStore of(DataSource dataSource) {
        return builder(dataSource).build();
    }

    /** A store in the database of this source. */
    public static JdbcTicketStoreBuilder builder(DataSource dataSource) {
        return new JdbcTicketStoreBuilder(dataSource);
    }

    @Override
    public CompletionStage<Boolean> put(Ticket ticket, TicketValue value, Duration timeToLive) {
        TicketStore.requireTimeToLive(timeToLive);
        String hash = ticket.sha256();
        byte[] json = TicketValueCodec.encode(value);
        long milliseconds = Math.max(1, timeToLive.toMillis());
        boolean cleansUp = Math.floorMod(puts.getAndIncrement(), PUTS_PER_STEP) == 0;
        return run(
                (connection, statements) -> {
                    boolean kept = insert(connection, statements.put(), hash, json, milliseconds);
                    // An expired row is not there any more, though nobody has removed it.
                    return kept
                            || (update(connection, statements.makeRoom(), hash) == 1
                                    && insert(connection, statements.put(), hash, json, milliseconds));
                },
                cleansUp);
    }

    @Override
    public CompletionStage<Optional<TicketValue>> take(Ticket ticket) {
        String hash = ticket.sha256();
        return run(
                        (connection, statements) -> {
                            if (statements.take() != null) {
                                return value(connection, statements.take(), hash);
                            }
                            Optional<byte[]> found = value(connection, statements.find(), hash);
                            // Many can have found it; one of them removes it.
                            return found.isPresent() && update(connection, statements.remove(), hash) == 1
                                    ? found
                                    : Optional.<byte[]>empty();
                        },
                        false)
                .thenApply(json -> json.flatMap(TicketValueCodec::decode));
    }

    private static boolean insert(OwnConnection connection, String sql, String hash, byte[] json, long milliseconds)
            throws SQLException {
        try (PreparedStatement statement = connection.prepare(sql)) {
            statement.setString(1, hash);
            statement.setBytes(2, json);
            statement.setLong(3, milliseconds);
            return statement.executeUpdate() == 1;
        } catch (SQLException e) {
            if (JdbcFaults.isDuplicateKey(e)) {
                return false;
            }
            throw e;
        }
    }

    private static int update(OwnConnection connection, String sql, String hash) throws SQLException {
        try (PreparedStatement statement = connection.prepare(sql)) {
            statement.setString(1, hash);
            return statement.executeUpdate();
        }
    }

    private static Optional<byte[]> value(OwnConnection connection, String sql, String hash) throws SQLException {
        try (PreparedStatement statement = connection.prepare(sql)) {
            statement.setString(1, hash);
            try (ResultSet rows = statement.executeQuery()) {
                return rows.next() ? Optional.of(rows.getBytes(1)) : Optional.empty();
            }
        }
    }

    private <T> CompletionStage<T> run(Operation<T> operation, boolean cleansUp) {
        CompletableFuture<T> outcome = new CompletableFuture<T>().orTimeout(timeout.toNanos(), TimeUnit.NANOSECONDS);
        try {
            threads.execute(() -> {
                work(operation, outcome);
                if (cleansUp && !outcome.isCompletedExceptionally()) {
                    cleanUp();
                }
            });
        } catch (RejectedExecutionException e) {
            outcome.completeExceptionally(new TicketStoreException(
                    threads.isShutdown()
                            ? "The store is closed"
                            : "The database is too slow: " + BlockingWork.WAITING + " operations are waiting for it"));
        }
        return told(outcome);
    }

    private <T> CompletionStage<T> told(CompletableFuture<T> outcome) {
        var told = new CompletableFuture<T>();
        CompletableFuture<T> unused = outcome.whenComplete((answer, fault) -> {
            if (fault == null) {
                told.complete(answer);
            } else if (!(fault instanceof TimeoutException)) {
                told.completeExceptionally(fault);
            } else {
                // Not on the one thread of the JVM that watches over all time limits: what follows may be slow.
                CompletableFuture<Void> ignored = CompletableFuture.runAsync(
                        () -> told.completeExceptionally(new TicketStoreException("The database did not answer within "
                                + timeout.toMillis() + " ms, or no connection of its pool was free")));
            }
        });
        return told;
    }

    private <T> void work(Operation<T> operation, CompletableFuture<T> outcome) {
        try {
            if (!outcome.isDone()) {
                T answer;
                try (OwnConnection connection = OwnConnection.open(dataSource, timeout)) {
                    // Whoever has waited for the connection too long was told that it failed.
                    if (outcome.isDone()) {
                        return;
                    }
                    answer = operation.with(connection, statements(connection));
                }
                // Behind the connection's return to the pool: what follows may need one.
                outcome.complete(answer);
            }
        } catch (Exception | LinkageError e) {
            outcome.completeExceptionally(JdbcFaults.failure(e, table));
        }
    }

    private Statements statements(OwnConnection connection) throws SQLException {
        Dialect known = dialect;
        if (known == null) {
            known = new Dialect(Statements.of(connection.database(), table), connection.isolation());
            dialect = known;
        }
        if (known.isolation() != Connection.TRANSACTION_READ_COMMITTED) {
            connection.readCommitted(known.isolation());
        }
        if (!known.statements().queryTimeout()) {
            connection.withoutQueryTimeout();
        }
        return known.statements();
    }

    // One step: what expires while sixteen tickets are issued is on average less, so the table does not grow.
    private void cleanUp() {
        try (OwnConnection connection = OwnConnection.open(dataSource, timeout)) {
            Statements statements = statements(connection);
            List<String> expired = new ArrayList<>();
            try (PreparedStatement find = connection.prepare(statements.findExpired());
                    ResultSet rows = find.executeQuery()) {
                while (rows.next()) {
                    expired.add(rows.getString(1));
                }
            }
            if (!expired.isEmpty()) {
                try (PreparedStatement remove = connection.prepare(statements.removeExpired())) {
                    for (int i = 0; i < Statements.STEP; i++) {
                        remove.setString(i + 1, expired.get(Math.min(i, expired.size() - 1)));
                    }
                    int unused = remove.executeUpdate();
                }
            }
            cleans.set(true);
        } catch (Exception | LinkageError e) {
            // Not the ticket's matter; the next step may succeed.
            if (cleans.getAndSet(false)) {
                LOG.log(
                        Level.WARNING,
                        "Expired tickets are not removed: "
                                + JdbcFaults.failure(e, table).getMessage());
            }
        }
    }

    /** Ends the store: operations fail from then on. Waits up to the timeout for what was begun. The data source stays open. */
    @Override
    public void close() {
        threads.shutdown();
        try {
            boolean unused = threads.awaitTermination(timeout.toNanos(), TimeUnit.NANOSECONDS);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }

    private interface Operation<T> {
        T with(OwnConnection connection, Statements statements) throws SQLException;
    }

    /** What the first connection has told, so that no other is asked. */
    private record Dialect(Statements statements, int isolation) {}
}
