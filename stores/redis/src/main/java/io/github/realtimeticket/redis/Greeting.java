// SPDX-License-Identifier: Apache-2.0
package io.github.realtimeticket.redis;

import io.github.realtimeticket.TicketStoreException;
import java.lang.System.Logger.Level;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.Executor;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.function.BiConsumer;
import org.jspecify.annotations.Nullable;

/**
 * What is asked on a new connection before it is used: whether commands can be tried on it, and in which history its server is.
 * Thread-safe.
 */
final class Greeting {

    private static final System.Logger LOG = System.getLogger(RedisTicketStore.class.getName());

    private static final int TRIES = 100;
    private static final Executor IN_A_MOMENT =
            CompletableFuture.delayedExecutor(5, TimeUnit.MILLISECONDS, Runnable::run);

    private final HistoryCheck check;
    private final Question info;
    private final AtomicBoolean warned = new AtomicBoolean();

    Greeting(HistoryCheck check, Question info) {
        this.check = check;
        this.info = info;
    }

    CompletionStage<TicketConnection> on(TicketConnection connection) {
        var greeted = new CompletableFuture<TicketConnection>();
        ask(connection, greeted, TRIES);
        return greeted;
    }

    private void ask(TicketConnection connection, CompletableFuture<TicketConnection> greeted, int tries) {
        BiConsumer<@Nullable Object, @Nullable Throwable> then = (answer, fault) -> {
            if (fault != null && RedisFaults.isNotConnected(fault) && tries > 1) {
                // Where Lettuce logs in with a password, it tells of a connection on another thread than the one that
                // makes it usable, and sometimes before.
                IN_A_MOMENT.execute(() -> ask(connection, greeted, tries - 1));
            } else if (fault != null && !(RedisFaults.isAnswer(fault) && check == HistoryCheck.OFF)) {
                without(connection, greeted, fault);
            } else if (answer instanceof Replication first) {
                info.ask(connection, (second, silent) -> compare(connection, greeted, first, second, silent));
            } else {
                greeted.complete(connection);
            }
        };
        if (check == HistoryCheck.OFF) {
            connection.ping(then::accept);
        } else {
            info.ask(connection, then::accept);
        }
    }

    // Behind a proxy, one question may go to one server and the next to another.
    private void compare(
            TicketConnection connection,
            CompletableFuture<TicketConnection> greeted,
            Replication first,
            @Nullable Replication second,
            @Nullable Throwable fault) {
        if (second == null) {
            without(connection, greeted, fault == null ? new IllegalStateException() : fault);
        } else if (first.id() == null || !first.equals(second)) {
            without(
                    connection,
                    greeted,
                    new TicketStoreException(
                            first.id() == null ? "INFO has no master_replid" : "INFO tells now this, now that"));
        } else {
            connection.history().begin(first.id());
            greeted.complete(connection);
        }
    }

    private void without(TicketConnection connection, CompletableFuture<TicketConnection> greeted, Throwable reason) {
        boolean untold = reason instanceof TicketStoreException || RedisFaults.isForbidden(reason);
        if (!untold || check == HistoryCheck.REQUIRED) {
            greeted.completeExceptionally(reason);
            return;
        }
        if (warned.compareAndSet(false, true)) {
            LOG.log(
                    Level.WARNING,
                    "Redis does not tell the history of its data, so a ticket that was used before a failover or a restart from a"
                            + " backup could be used again. Allow INFO to this account, or set the check to OFF: "
                            + RedisFaults.reason(reason));
        }
        greeted.complete(connection);
    }

    interface Question {
        void ask(TicketConnection connection, BiConsumer<@Nullable Replication, @Nullable Throwable> then);
    }
}
