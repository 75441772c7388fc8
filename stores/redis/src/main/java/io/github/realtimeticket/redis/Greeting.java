// SPDX-License-Identifier: Apache-2.0
package io.github.realtimeticket.redis;

import io.github.realtimeticket.TicketStoreException;
import java.lang.System.Logger.Level;
import java.util.List;
import java.util.Objects;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.BiConsumer;
import java.util.function.Function;
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
    static final Greeting PING = new Greeting(HistoryCheck.OFF, connection -> List.of());

    private final HistoryCheck check;
    private final Function<TicketConnection, List<Question>> questions;
    private final AtomicBoolean warned = new AtomicBoolean();

    // From then on the history is told, or the connection is no good: a server that has been restored may have lost the
    // right to be asked, too.
    private volatile boolean wasTold;

    /** @param questions one for each server that the connection leads to, of which one that answers is enough */
    Greeting(HistoryCheck check, Function<TicketConnection, List<Question>> questions) {
        this.check = check;
        this.questions = questions;
    }

    CompletionStage<TicketConnection> on(TicketConnection connection) {
        var greeted = new CompletableFuture<TicketConnection>();
        if (check == HistoryCheck.OFF) {
            connection.ping((pong, fault) -> {
                boolean unused = (fault == null || RedisFaults.isAnswer(fault))
                        ? greeted.complete(connection)
                        : greeted.completeExceptionally(fault);
            });
            return greeted;
        }
        List<Question> asked = questions.apply(connection);
        var open = new AtomicInteger(asked.size());
        asked.forEach(question -> ask(new Asked(connection, question, greeted, open), List.of()));
        return greeted;
    }

    /** @param told what the server has answered so far */
    private void ask(Asked asked, List<Replication> told) {
        asked.question.ask(asked.connection, (now, fault) -> {
            if (asked.greeted.isDone()) {
                return;
            }
            if (now == null) {
                without(asked, Objects.requireNonNull(fault));
            } else {
                compare(asked, told, now);
            }
        });
    }

    // A history that ends does not come back, and no server goes from one to another again and again. A proxy that asks
    // one server after another seems to.
    private void compare(Asked asked, List<Replication> told, Replication now) {
        Replication last = told.isEmpty() ? null : told.get(told.size() - 1);
        if (now.id() == null) {
            without(asked, new TicketStoreException("INFO has no master_replid"));
        } else if (now.equals(last)) {
            wasTold = true;
            asked.connection.history().begin(now.id());
            asked.greeted.complete(asked.connection);
        } else if (told.contains(now) || told.size() >= MOST_HISTORIES) {
            without(asked, new TicketStoreException("INFO tells now this, now that"));
        } else {
            ask(asked, Stream.concat(told.stream(), Stream.of(now)).toList());
        }
    }

    private void without(Asked asked, Throwable reason) {
        boolean untold = reason instanceof TicketStoreException || RedisFaults.isForbidden(reason);
        if (!untold || wasTold || check == HistoryCheck.REQUIRED) {
            asked.fails(reason);
        } else if (asked.greeted.complete(asked.connection) && warned.compareAndSet(false, true)) {
            LOG.log(
                    Level.WARNING,
                    "Redis does not tell the history of its data, so a ticket that was used before a failover or a restart from a"
                            + " backup could be used again. Allow INFO to this account, or set the check to OFF: "
                            + RedisFaults.reason(reason));
        }
    }

    /** @param open how many servers may still answer */
    private record Asked(
            TicketConnection connection,
            Question question,
            CompletableFuture<TicketConnection> greeted,
            AtomicInteger open) {

        void fails(Throwable reason) {
            if (open.decrementAndGet() == 0) {
                greeted.completeExceptionally(reason);
            }
        }
    }

    interface Question {
        void ask(TicketConnection connection, BiConsumer<@Nullable Replication, @Nullable Throwable> then);
    }
}
