// SPDX-License-Identifier: Apache-2.0
package io.github.realtimeticket.redis;

import io.github.realtimeticket.TicketStoreException;
import io.lettuce.core.api.StatefulConnection;
import java.time.Duration;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.TimeoutException;
import java.util.function.BiConsumer;
import java.util.function.Function;

/**
 * The way to Redis: one connection, opened before it is needed and again by the first operation that finds it lost, and a time
 * within which every operation ends. Thread-safe.
 */
final class RedisLink implements AutoCloseable {

    // Looking for the master, connecting and greeting are each bounded by the timeout.
    private static final int STEPS_OF_OPENING = 4;

    // A Redis that refuses at once is not asked anew by every operation that comes.
    private static final long PAUSE_NANOS = Duration.ofMillis(20).toNanos();

    // Of a refusal whose words were lost, the next attempt tells.
    private static final int TRIES = 2;

    private final RedisAccess access;
    private final Duration timeout;
    private final Function<TicketConnection, CompletionStage<TicketConnection>> greeting;
    private final Outage outage;
    private final Deadlines deadlines;
    private volatile CompletableFuture<TicketConnection> current;
    private volatile long failedAt = System.nanoTime() - PAUSE_NANOS;
    private volatile boolean closed;

    /**
     * @param greeting what is asked on a new connection before it is used
     * @param outage who is told that the connection works, and that it does not
     */
    RedisLink(
            RedisAccess access,
            Duration timeout,
            Function<TicketConnection, CompletionStage<TicketConnection>> greeting,
            Outage outage) {
        this.access = access;
        this.timeout = timeout;
        this.greeting = greeting;
        this.outage = outage;
        deadlines = new Deadlines(access, timeout, this::giveUp);
        current = open();
    }

    /** Does one operation, connecting included, within the timeout. It is never started later than that. */
    <T> CompletionStage<T> run(BiConsumer<TicketConnection, Operation<T>> work) {
        var operation = new Operation<T>(deadlines);
        try {
            deadlines.add(operation);
        } catch (TicketStoreException e) {
            return CompletableFuture.failedFuture(e);
        }
        CompletableFuture<TicketConnection> way = connection();
        if (isOpened(way)) {
            start(way.join(), operation, work);
        } else {
            CompletableFuture<TicketConnection> unused = way.whenComplete((connection, fault) -> {
                if (connection != null) {
                    start(connection, operation, work);
                } else {
                    operation.fail(fault);
                }
            });
        }
        return operation;
    }

    private static <T> void start(
            TicketConnection connection, Operation<T> operation, BiConsumer<TicketConnection, Operation<T>> work) {
        if (operation.isDone()) {
            return;
        }
        try {
            work.accept(connection, operation);
        } catch (RuntimeException e) {
            operation.completeExceptionally(e);
        }
    }

    // A connection that has answered nothing for half of an operation's time may be one whose other end is silently
    // gone. In the first half, answers to what was sent before may still have come.
    // It is left first, so that whoever is told of the failure finds the way free for the next ticket.
    private void giveUp(Operation<?> operation) {
        TicketConnection connection = operation.connection();
        boolean silent = connection != null && connection.isSilentSince(operation.start + timeout.toNanos() / 2);
        if (connection != null && silent) {
            connection.leave();
        }
        var fault = RedisFaults.silence(timeout);
        if (operation.fail(fault) && (silent || connection == null || connection.isOfCluster())) {
            outage.begins(fault);
        }
    }

    private CompletableFuture<TicketConnection> connection() {
        CompletableFuture<TicketConnection> now = current;
        return isUsable(now) ? now : connect();
    }

    private synchronized CompletableFuture<TicketConnection> connect() {
        CompletableFuture<TicketConnection> now = current;
        if (closed || isUsable(now)) {
            return now;
        }
        current = open();
        if (isOpened(now)) {
            now.join().close();
        }
        return current;
    }

    private CompletableFuture<TicketConnection> open() {
        var opened = new CompletableFuture<TicketConnection>();
        long pause = Math.max(0, failedAt + PAUSE_NANOS - System.nanoTime());
        if (pause > 0) {
            access.later(() -> attempt(opened, TRIES), pause);
        } else {
            attempt(opened, TRIES);
        }
        access.later(
                () -> opened.completeExceptionally(new TimeoutException()),
                pause + STEPS_OF_OPENING * timeout.toNanos());
        return opened.whenComplete((connection, fault) -> {
            if (fault == null) {
                outage.ends();
            } else {
                failedAt = System.nanoTime();
                if (!outage.begins(fault)) {
                    // Until it works, or that is told.
                    access.later(
                            () -> {
                                CompletableFuture<?> unused = connection();
                            },
                            PAUSE_NANOS);
                }
            }
        });
    }

    private void attempt(CompletableFuture<TicketConnection> opened, int tries) {
        CompletionStage<TicketConnection> unused = connecting()
                .thenCompose(this::greet)
                .whenComplete((connection, fault) -> {
                    if (tries > 1 && fault != null && RedisFaults.isEndWithoutWords(fault) && !opened.isDone()) {
                        attempt(opened, tries - 1);
                    } else if (fault != null) {
                        opened.completeExceptionally(fault);
                    } else if (!opened.complete(connection)) {
                        connection.close();
                    }
                });
    }

    private CompletionStage<TicketConnection> greet(StatefulConnection<byte[], byte[]> opened) {
        var connection = new TicketConnection(opened, access, outage);
        return greeting.apply(connection).whenComplete((greeted, fault) -> {
            if (fault != null) {
                connection.close();
            }
        });
    }

    boolean checksHistory() {
        CompletableFuture<TicketConnection> now = current;
        return isOpened(now) && now.join().history().last() != null;
    }

    private CompletionStage<? extends StatefulConnection<byte[], byte[]>> connecting() {
        try {
            return access.open().get();
        } catch (RuntimeException e) {
            return CompletableFuture.failedStage(e);
        }
    }

    private static boolean isUsable(CompletableFuture<TicketConnection> connection) {
        return !connection.isDone()
                || (isOpened(connection) && connection.join().isUsable());
    }

    private static boolean isOpened(CompletableFuture<TicketConnection> connection) {
        return connection.isDone() && !connection.isCompletedExceptionally();
    }

    @Override
    public void close() {
        synchronized (this) {
            closed = true;
        }
        outage.isOver();
        deadlines.close();
    }
}
