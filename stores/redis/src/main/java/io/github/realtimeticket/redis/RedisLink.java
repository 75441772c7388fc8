// SPDX-License-Identifier: Apache-2.0
package io.github.realtimeticket.redis;

import io.github.realtimeticket.TicketStoreException;
import io.lettuce.core.RedisCommandExecutionException;
import io.lettuce.core.RedisCommandTimeoutException;
import java.time.Duration;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.Future;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.Function;
import java.util.function.Predicate;
import org.jspecify.annotations.Nullable;

/**
 * The way to Redis: one connection, opened before it is needed and again by the first operation that finds it lost, and a time
 * within which every operation ends. Thread-safe.
 */
final class RedisLink implements AutoCloseable {

    private final RedisAccess access;
    private final Duration timeout;
    private final Outage outage;
    private final AtomicInteger waiting = new AtomicInteger();
    private volatile @Nullable Attempt current;
    private volatile boolean closed;

    RedisLink(RedisAccess access, Duration timeout) {
        this.access = access;
        this.timeout = timeout;
        this.outage = new Outage(access.place());
        CompletableFuture<TicketConnection> unused = connection();
    }

    /** Does one operation, connecting included, within the timeout. It is never started later than that. */
    <T> CompletionStage<T> run(Function<TicketConnection, CompletionStage<T>> operation) {
        if (waiting.incrementAndGet() > AtMostOnce.WAITING_COMMANDS) {
            waiting.decrementAndGet();
            return CompletableFuture.failedFuture(new TicketStoreException(
                    "Redis is too slow: " + AtMostOnce.WAITING_COMMANDS + " operations are waiting for it"));
        }
        return start(operation).whenComplete((answer, fault) -> waiting.decrementAndGet());
    }

    private <T> CompletableFuture<T> start(Function<TicketConnection, CompletionStage<T>> operation) {
        var outcome = new CompletableFuture<T>();
        long start = System.nanoTime();
        Future<?> deadline;
        try {
            deadline = access.resources()
                    .eventExecutorGroup()
                    .schedule(() -> giveUp(outcome, start), timeout.toNanos(), TimeUnit.NANOSECONDS);
        } catch (RejectedExecutionException e) {
            return CompletableFuture.failedFuture(isClosed());
        }
        CompletableFuture<T> unused = connection()
                .thenCompose(connection -> outcome.isDone()
                        ? new CompletableFuture<>()
                        : operation.apply(connection).whenComplete((answer, fault) -> note(connection, fault)))
                .whenComplete((answer, fault) -> {
                    boolean ignored = deadline.cancel(false);
                    if (fault == null) {
                        outcome.complete(answer);
                    } else if (TicketStoreException.unwrap(fault) instanceof RedisCommandTimeoutException) {
                        giveUp(outcome, start);
                    } else {
                        outcome.completeExceptionally(RedisFaults.failure(fault));
                    }
                });
        return outcome;
    }

    // A connection that has answered nothing for a whole timeout may be one whose other end is gone without a word.
    // It is detached first, so that who is told of the failure finds the way free for the next ticket.
    private void giveUp(CompletableFuture<?> outcome, long start) {
        CompletableFuture<TicketConnection> silent =
                outcome.isDone() ? null : detachIf(connection -> connection.isSilentSince(start));
        var fault = new TicketStoreException("Redis did not answer within " + timeout.toMillis() + " ms");
        if (outcome.completeExceptionally(fault) && (silent != null || isOpening())) {
            outageBegins(fault);
        }
        if (silent != null) {
            closeWhenOpen(silent);
        }
    }

    private void note(TicketConnection connection, @Nullable Throwable fault) {
        if (fault == null || TicketStoreException.unwrap(fault) instanceof RedisCommandExecutionException) {
            connection.answered();
            outage.ends();
        } else if (!connection.isOpen()) {
            outageBegins(fault);
        }
        // After a failover this can be the former master, and the way leads to the new one.
        if (fault != null && RedisFaults.isReadOnly(fault) && connection.isOurs()) {
            CompletableFuture<TicketConnection> former = detachIf(connection::equals);
            if (former != null) {
                closeWhenOpen(former);
            }
        }
    }

    private CompletableFuture<TicketConnection> connection() {
        Attempt now = current;
        return now != null && isUsable(now) ? now.connection() : connect();
    }

    private synchronized CompletableFuture<TicketConnection> connect() {
        Attempt now = current;
        if (closed) {
            return CompletableFuture.failedFuture(isClosed());
        }
        if (now != null && isUsable(now)) {
            return now.connection();
        }
        var next = new Attempt(open().whenComplete(this::noteOpening), System.nanoTime());
        current = next;
        if (now != null && now.connection().isDone()) {
            closeWhenOpen(now.connection());
        } else if (now != null) {
            CompletableFuture<Void> unused = now.connection().thenAccept(this::arriveLate);
        }
        return next.connection();
    }

    private void noteOpening(@Nullable TicketConnection connection, @Nullable Throwable fault) {
        if (fault != null) {
            outageBegins(fault);
        } else {
            outage.ends();
        }
    }

    private void outageBegins(Throwable fault) {
        if (!closed) {
            outage.begins(fault);
        }
    }

    // Where connecting takes longer than the timeout, this is the connection that there will be.
    private synchronized void arriveLate(TicketConnection connection) {
        Attempt now = current;
        if (closed || (now != null && isOpened(now.connection()))) {
            connection.close();
            return;
        }
        current = new Attempt(CompletableFuture.completedFuture(connection), System.nanoTime());
        if (now != null) {
            closeWhenOpen(now.connection());
        }
    }

    private CompletableFuture<TicketConnection> open() {
        try {
            return access.open().get().toCompletableFuture();
        } catch (RuntimeException e) {
            return CompletableFuture.failedFuture(e);
        }
    }

    private synchronized @Nullable CompletableFuture<TicketConnection> detachIf(Predicate<TicketConnection> condition) {
        Attempt now = current;
        if (now == null
                || !isOpened(now.connection())
                || !condition.test(now.connection().join())) {
            return null;
        }
        current = null;
        return now.connection();
    }

    // A client of the application may wait for a greeting far longer than an operation does.
    private boolean isUsable(Attempt attempt) {
        CompletableFuture<TicketConnection> connection = attempt.connection();
        return connection.isDone()
                ? isOpened(connection) && connection.join().isUsable()
                : System.nanoTime() - attempt.start() < timeout.toNanos();
    }

    private boolean isOpening() {
        Attempt now = current;
        return now == null || !now.connection().isDone();
    }

    private static boolean isOpened(CompletableFuture<TicketConnection> connection) {
        return connection.isDone() && !connection.isCompletedExceptionally();
    }

    static void closeWhenOpen(CompletableFuture<TicketConnection> connection) {
        CompletableFuture<Void> unused = connection.thenAccept(TicketConnection::close);
    }

    private static TicketStoreException isClosed() {
        return new TicketStoreException("The store is closed");
    }

    @Override
    public void close() {
        Attempt last;
        synchronized (this) {
            if (closed) {
                return;
            }
            closed = true;
            last = current;
            current = null;
        }
        access.close().accept(last == null ? CompletableFuture.failedFuture(isClosed()) : last.connection());
    }

    private record Attempt(CompletableFuture<TicketConnection> connection, long start) {}
}
