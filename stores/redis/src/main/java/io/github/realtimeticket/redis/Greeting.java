// SPDX-License-Identifier: Apache-2.0
package io.github.realtimeticket.redis;

import io.github.realtimeticket.TicketStoreException;
import java.lang.System.Logger.Level;
import java.util.List;
import java.util.Objects;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.Executor;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicReference;
import java.util.function.BiConsumer;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/**
 * What is asked on a new connection before it is used: whether commands can be tried on it, and in which history its server is.
 * Thread-safe.
 */
final class Greeting {

    private static final System.Logger LOG = System.getLogger(RedisTicketStore.class.getName());

    private static final int MOST_HISTORIES = 10;

    // So many equal answers in a row are believed, more of them once the answers have contradicted each other.
    private static final int ENOUGH = 2;
    private static final int ENOUGH_AFTERWARDS = 10;

    /** A sign of life is enough. */
    static final Greeting PING = new Greeting(HistoryCheck.OFF, connection -> List.of(), late -> {});

    private final HistoryCheck check;
    private final Function<TicketConnection, List<Question>> questions;
    private final Executor inTime;
    private final AtomicBoolean warned = new AtomicBoolean();

    // From then on the history is told, or the connection is no good: a server that has been restored may have lost the
    // right to be asked, too.
    private volatile boolean wasTold;

    private volatile boolean contradicted;

    /**
     * @param questions one for each server that the connection leads to, of which one that answers is enough
     * @param inTime runs what it is given when the others have had time enough
     */
    Greeting(HistoryCheck check, Function<TicketConnection, List<Question>> questions, Executor inTime) {
        this.check = check;
        this.questions = questions;
        this.inTime = inTime;
    }

    CompletionStage<TicketConnection> on(TicketConnection connection) {
        var greeted = new CompletableFuture<TicketConnection>();
        if (check == HistoryCheck.OFF) {
            connection.send(Call.ping(), (pong, fault) -> {
                boolean unused = (fault == null || RedisFaults.isAnswer(fault))
                        ? greeted.complete(connection)
                        : greeted.completeExceptionally(fault);
            });
            return greeted;
        }
        List<Question> asked = questions.apply(connection);
        var open = new AtomicInteger(asked.size());
        var untold = new AtomicReference<@Nullable Throwable>();
        asked.forEach(question -> ask(new Asked(connection, question, greeted, open, untold, new Succession())));
        return greeted;
    }

    private void ask(Asked asked) {
        asked.question.ask(asked.connection, (now, fault) -> {
            if (asked.greeted.isDone()) {
                return;
            }
            if (now == null) {
                without(asked, Objects.requireNonNull(fault));
            } else if (now.id() == null) {
                without(asked, new TicketStoreException("INFO has no master_replid"));
            } else {
                compare(asked, now);
            }
        });
    }

    private void compare(Asked asked, Replication now) {
        if (!asked.told.add(now) || asked.told.changes() > MOST_HISTORIES) {
            isContradicted();
            without(asked, contradiction());
        } else if (asked.told.inARow() == (contradicted ? ENOUGH_AFTERWARDS : ENOUGH)) {
            wasTold = true;
            warned.set(false);
            asked.connection.history().begin(now, asked.told, this::goesOnWithout);
            asked.greeted.complete(asked.connection);
        } else {
            ask(asked);
        }
    }

    // What was told before was worth nothing.
    private void isContradicted() {
        contradicted = true;
        wasTold = false;
    }

    /** Is told that the answers on a connection in use contradict each other, and says whether it can be used without them. */
    private boolean goesOnWithout() {
        isContradicted();
        if (check == HistoryCheck.REQUIRED) {
            return false;
        }
        warn(contradiction());
        return true;
    }

    static TicketStoreException contradiction() {
        return new TicketStoreException("INFO tells now this, now that");
    }

    private void without(Asked asked, Throwable reason) {
        boolean untold = reason instanceof TicketStoreException || RedisFaults.isForbidden(reason);
        if (untold && !wasTold && check != HistoryCheck.REQUIRED && asked.untold.getAndSet(reason) == null) {
            inTime.execute(() -> goOn(asked, reason));
        }
        if (asked.open.decrementAndGet() == 0) {
            Throwable why = asked.untold.get();
            if (why == null) {
                asked.greeted.completeExceptionally(reason);
            } else {
                goOn(asked, why);
            }
        }
    }

    // No other server tells it, of which each may have rights of its own.
    private void goOn(Asked asked, Throwable untold) {
        if (asked.greeted.complete(asked.connection)) {
            warn(untold);
        }
    }

    private void warn(Throwable reason) {
        if (warned.compareAndSet(false, true)) {
            LOG.log(
                    Level.WARNING,
                    "Redis does not tell the history of its data, so a ticket that was used before a failover or a restart from a"
                            + " backup could be used again. Allow INFO to this account, or set the check to OFF: "
                            + RedisFaults.reason(reason));
        }
    }

    /**
     * @param open how many servers may still answer
     * @param untold why one of them does not tell, though it works, and the connection can be used without
     * @param told what this one has answered so far
     */
    private record Asked(
            TicketConnection connection,
            Question question,
            CompletableFuture<TicketConnection> greeted,
            AtomicInteger open,
            AtomicReference<@Nullable Throwable> untold,
            Succession told) {}

    interface Question {
        void ask(TicketConnection connection, BiConsumer<@Nullable Replication, @Nullable Throwable> then);
    }
}
