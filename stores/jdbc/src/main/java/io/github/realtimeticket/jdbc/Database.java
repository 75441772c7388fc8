// SPDX-License-Identifier: Apache-2.0
package io.github.realtimeticket.jdbc;

import io.github.realtimeticket.TicketStoreException;
import java.sql.Connection;
import java.sql.SQLException;
import java.time.Duration;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.Executor;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.ScheduledFuture;
import java.util.concurrent.ScheduledThreadPoolExecutor;
import java.util.concurrent.ThreadPoolExecutor;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import javax.sql.DataSource;
import org.jspecify.annotations.Nullable;

/** A data source, the threads on which a store waits for it, and the time that each operation has. Thread-safe. */
final class Database implements AutoCloseable {

    private final DataSource dataSource;
    private final String table;
    private final Duration timeout;
    private final ThreadPoolExecutor threads;

    /** For what follows an answer or a time limit, such as callers' code. Nothing here waits for a thread, and the threads end by themselves. */
    private final ThreadPoolExecutor answers;

    private final ScheduledThreadPoolExecutor timer = BlockingWork.timer();
    private volatile @Nullable Dialect dialect;
    private volatile boolean revocations;

    Database(
            DataSource dataSource,
            String table,
            Duration timeout,
            ThreadPoolExecutor threads,
            ThreadPoolExecutor answers) {
        this.dataSource = dataSource;
        this.table = table;
        this.timeout = timeout;
        this.threads = threads;
        this.answers = answers;
    }

    interface Operation<T> {
        T with(OwnConnection connection, Statements statements) throws SQLException;
    }

    /** What the first connection has told, so that no other is asked. */
    private record Dialect(Statements statements, int isolation) {}

    /** From now on the tables of revocations are used, too. */
    void usesRevocations() {
        revocations = true;
    }

    /**
     * Does this on another thread, within the timeout.
     *
     * @param afterwards what happens there when the answer has been told, if the operation has not failed
     */
    <T> CompletionStage<T> run(Operation<T> operation, Runnable afterwards) {
        CompletableFuture<T> outcome = outcome();
        try {
            execute(() -> {
                work(operation, outcome);
                if (!outcome.isCompletedExceptionally()) {
                    afterwards.run();
                }
            });
        } catch (TicketStoreException e) {
            outcome.completeExceptionally(e);
        }
        return told(outcome, Runnable::run);
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
            outcome.completeExceptionally(failure(e));
        }
    }

    /** Does this on the calling thread, which is one of the store's. */
    <T> T ask(Operation<T> operation) throws SQLException {
        try (OwnConnection connection = OwnConnection.open(dataSource, timeout)) {
            return operation.with(connection, statements(connection));
        }
    }

    /** Something that fails when the time is over. */
    <T> CompletableFuture<T> outcome() {
        return new CompletableFuture<T>().orTimeout(timeout.toNanos(), TimeUnit.NANOSECONDS);
    }

    /** The same for others, who are told by this. */
    <T> CompletionStage<T> told(CompletableFuture<T> outcome, Executor executor) {
        var told = new CompletableFuture<T>();
        CompletableFuture<T> unused = outcome.whenComplete((answer, fault) -> {
            if (fault == null) {
                executor.execute(() -> told.complete(answer));
            } else if (!(fault instanceof TimeoutException)) {
                executor.execute(() -> told.completeExceptionally(fault));
            } else {
                // Not on the one thread of the JVM that watches over all time limits: what follows may be slow.
                elsewhere(
                        () -> told.completeExceptionally(new TicketStoreException("The database did not answer within "
                                + timeout.toMillis() + " ms, or no connection of its pool was free")));
            }
        });
        return told;
    }

    /** @throws TicketStoreException if this is closed, too much is waiting, or there is no thread */
    void execute(Runnable work) {
        try {
            threads.execute(work);
        } catch (RejectedExecutionException e) {
            throw isClosed() ? new TicketStoreException("The store is closed") : tooSlow();
        } catch (OutOfMemoryError e) {
            // Or of threads, which the system has no more of.
            throw new TicketStoreException("No thread could be started to ask the database", e);
        }
    }

    /** Does this at once on another thread, or on this one if there can be no other; even if this is closed. */
    void elsewhere(Runnable work) {
        try {
            answers.execute(work);
        } catch (OutOfMemoryError e) {
            work.run();
        }
    }

    Duration timeout() {
        return timeout;
    }

    static TicketStoreException tooSlow() {
        return new TicketStoreException(
                "The database is too slow: " + BlockingWork.WAITING + " operations are waiting for it");
    }

    /** Does this after a while on the one thread for that, unless this is closed then. */
    void later(Runnable work, Duration time) {
        ScheduledFuture<?> unused = timer.schedule(work, time.toNanos(), TimeUnit.NANOSECONDS);
    }

    /** Does this again and again on the same thread, with this pause in between, until this is closed. */
    void always(Runnable work, Duration pause) {
        Runnable each = () -> {
            try {
                work.run();
            } catch (Throwable e) {
                // Not even its fault could be told, and it is to be done the next time.
            }
        };
        ScheduledFuture<?> unused = timer.scheduleWithFixedDelay(each, 0, pause.toNanos(), TimeUnit.NANOSECONDS);
    }

    TicketStoreException failure(Throwable fault) {
        return JdbcFaults.failure(fault, table, revocations);
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

    boolean isClosed() {
        return threads.isShutdown();
    }

    /** Waits up to the timeout for what was begun. */
    @Override
    public void close() {
        timer.shutdown();
        threads.shutdown();
        long end = System.nanoTime() + timeout.toNanos();
        try {
            boolean unused = timer.awaitTermination(timeout.toNanos(), TimeUnit.NANOSECONDS)
                    && threads.awaitTermination(end - System.nanoTime(), TimeUnit.NANOSECONDS);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }
}
