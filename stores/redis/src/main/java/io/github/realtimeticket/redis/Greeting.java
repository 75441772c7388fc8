// SPDX-License-Identifier: Apache-2.0
package io.github.realtimeticket.redis;

import io.github.realtimeticket.TicketStoreException;
import java.lang.System.Logger.Level;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.function.BiConsumer;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/**
 * What is asked on a new connection before it is used: whether commands can be tried on it, and in which history its server is.
 * Thread-safe.
 */
final class Greeting {

    private static final System.Logger LOG = System.getLogger(RedisTicketStore.class.getName());

    private static final int MOST_HISTORIES = 10;

    /** A sign of life is enough. */
    static final Greeting PING = new Greeting(HistoryCheck.OFF, TicketConnection::info);

    private final HistoryCheck check;
    private final Question info;
    private final AtomicBoolean warned = new AtomicBoolean();

    // From then on the history is told, or the connection is no good: a server that has been restored may have lost the
    // right to be asked, too.
    private volatile boolean wasTold;

    Greeting(HistoryCheck check, Question info) {
        this.check = check;
        this.info = info;
    }

    CompletionStage<TicketConnection> on(TicketConnection connection) {
        var greeted = new CompletableFuture<TicketConnection>();
        ask(connection, greeted, List.of());
        return greeted;
    }

    /** @param told what the server has answered so far */
    private void ask(TicketConnection connection, CompletableFuture<TicketConnection> greeted, List<Replication> told) {
        BiConsumer<@Nullable Object, @Nullable Throwable> then = (answer, fault) -> {
            if (fault != null && !(RedisFaults.isAnswer(fault) && check == HistoryCheck.OFF)) {
                without(connection, greeted, fault);
            } else if (answer instanceof Replication now) {
                compare(connection, greeted, told, now);
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

    // A history that ends does not come back, and no server goes from one to another again and again. A proxy that asks
    // one server after another seems to.
    private void compare(
            TicketConnection connection,
            CompletableFuture<TicketConnection> greeted,
            List<Replication> told,
            Replication now) {
        Replication last = told.isEmpty() ? null : told.get(told.size() - 1);
        if (now.id() == null) {
            without(connection, greeted, new TicketStoreException("INFO has no master_replid"));
        } else if (now.equals(last)) {
            wasTold = true;
            connection.history().begin(now.id());
            greeted.complete(connection);
        } else if (told.contains(now) || told.size() >= MOST_HISTORIES) {
            without(connection, greeted, new TicketStoreException("INFO tells now this, now that"));
        } else {
            ask(
                    connection,
                    greeted,
                    Stream.concat(told.stream(), Stream.of(now)).toList());
        }
    }

    private void without(TicketConnection connection, CompletableFuture<TicketConnection> greeted, Throwable reason) {
        boolean untold = reason instanceof TicketStoreException || RedisFaults.isForbidden(reason);
        if (!untold || wasTold || check == HistoryCheck.REQUIRED) {
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
