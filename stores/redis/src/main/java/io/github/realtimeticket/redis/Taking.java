// SPDX-License-Identifier: Apache-2.0
package io.github.realtimeticket.redis;

import io.github.realtimeticket.TicketStoreException;
import io.github.realtimeticket.TicketValue;
import io.github.realtimeticket.TicketValueCodec;
import io.lettuce.core.protocol.CommandArgs;
import io.lettuce.core.protocol.CommandType;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import java.util.function.BiConsumer;
import org.jspecify.annotations.Nullable;

/**
 * One take on its way: the command, then in which history it ran (T15), then whether everything is told that was revoked before (T16).
 * What both need is asked with the command, and no later.
 */
final class Taking<T> {

    // pcall, so that WRONGTYPE comes back as such and not inside a script's error.
    private static final String GET_AND_DELETE = """
            local value = redis.pcall('GET', KEYS[1])
            if type(value) == 'string' then redis.call('DEL', KEYS[1]) end
            return value""";

    // KEEPTTL is younger, and a key without a time to live is not kept for ever.
    private static final String GET_AND_TRACE = """
            local value = redis.pcall('GET', KEYS[1])
            if type(value) ~= 'string' then return value end
            local left = redis.call('PTTL', KEYS[1])
            if left > 0 then redis.call('SET', KEYS[1], ARGV[1], 'PX', left) else redis.call('DEL', KEYS[1]) end
            return value""";

    private final TicketConnection connection;
    private final Operation<T> operation;
    private final HistoryCheck check;
    private final @Nullable RedisRevocations feed;
    private final Answers<T> answers;
    private final byte @Nullable [] trace;
    private @Nullable CompletableFuture<Progress.@Nullable End> endElsewhere;

    /** @param trace what is to be in the place of what is taken (T19) */
    Taking(
            TicketConnection connection,
            Operation<T> operation,
            HistoryCheck check,
            @Nullable RedisRevocations feed,
            Answers<T> answers,
            byte @Nullable [] trace) {
        this.connection = connection;
        this.operation = operation;
        this.check = check;
        this.feed = feed;
        this.answers = answers;
        this.trace = trace;
    }

    void start(byte[] key) {
        if (connection.isOfCluster()) {
            fromCluster(key);
        } else {
            fromServer(key);
        }
    }

    private void fromServer(byte[] key) {
        var behind = new ArrayList<>(connection.historyBehind());
        if (feed != null) {
            behind.add(connection.end(feed));
        }
        getdel(key, behind);
    }

    /** In a Cluster the stream may be on another node, which is asked at the same time. */
    private void fromCluster(byte[] key) {
        if (feed != null) {
            var end = new CompletableFuture<Progress.@Nullable End>();
            endElsewhere = end;
            connection.send(feed.end(connection, (id, fault) -> {
                boolean unused = id == null ? end.completeExceptionally(fault) : end.complete(id);
            }));
        }
        if (connection.history().last() == null) {
            getdel(key, List.of());
        } else {
            ClusterScripts.take(connection, operation, key, trace, this::taken);
        }
    }

    private void getdel(byte[] key, List<Behind<?>> behind) {
        boolean inScript = connection.isWithoutGetdel();
        connection.send(
                operation,
                inScript ? script(key) : command(key),
                (json, fault) -> {
                    if (!inScript && fault != null && RedisFaults.isOfOlderServer(fault)) {
                        connection.hasNoGetdel();
                        getdel(key, behind);
                    } else {
                        taken(json, null, fault);
                    }
                },
                behind);
    }

    private Call<byte[]> command(byte[] key) {
        CommandArgs<byte[], byte[]> arguments = Call.arguments().addKey(key);
        return trace == null
                ? Call.value(CommandType.GETDEL, arguments)
                : Call.value(
                        CommandType.SET,
                        arguments.add(trace).add("XX").add("GET").add("KEEPTTL"));
    }

    private Call<byte[]> script(byte[] key) {
        CommandArgs<byte[], byte[]> arguments =
                ClusterScripts.script(trace == null ? GET_AND_DELETE : GET_AND_TRACE, key);
        return Call.value(CommandType.EVAL, trace == null ? arguments : arguments.add(trace));
    }

    /** @param now what the server was then, if that is known already */
    private void taken(byte @Nullable [] json, @Nullable Replication now, @Nullable Throwable fault) {
        if (fault != null && !RedisFaults.isWrongType(fault)) {
            operation.fail(fault);
            return;
        }
        TicketValue value = json == null ? null : TicketValueCodec.decode(json).orElse(null);
        if (value == null) {
            operation.complete(answers.of(null, json));
        } else if (value.history() == null && check == HistoryCheck.REQUIRED) {
            operation.fail(TicketStoreException.ofOtherHistory("The ticket is of no history"));
        } else if (value.history() == null || connection.history().last() == null) {
            awaitRevocations(value, null);
        } else if (now != null) {
            judge(value, now);
        } else {
            connection.history().whenVouched((then, unknown) -> {
                if (unknown != null) {
                    operation.fail(unknown);
                } else if (then != null) {
                    judge(value, then);
                } else {
                    awaitRevocations(value, null);
                }
            });
        }
    }

    private void judge(TicketValue value, Replication now) {
        if (now.isPrimaryIn(Objects.requireNonNull(value.history()))) {
            awaitRevocations(value, now.id());
            return;
        }
        if (!now.primary()) {
            connection.leave();
        }
        operation.fail(TicketStoreException.ofOtherHistory(
                now.primary()
                        ? "The ticket is of another history than the data of Redis, which was restored or has failed over since"
                        : "The ticket was on a replica"));
    }

    private void awaitRevocations(TicketValue value, @Nullable String history) {
        T taken = answers.of(value.withHistory(null), null);
        if (feed == null) {
            operation.complete(taken);
            return;
        }
        Progress told = feed.progress();
        // Each node of a Cluster has a history of its own.
        String in = endElsewhere == null ? history : null;
        BiConsumer<Progress.@Nullable End, @Nullable Throwable> goOn =
                (end, fault) -> told.whenTold(in, end, operation, () -> operation.complete(taken));
        if (endElsewhere == null) {
            connection.end(feed).whenVouched(goOn);
        } else {
            CompletableFuture<?> unused = within(told, endElsewhere).whenComplete((end, fault) -> {
                if (end == null && fault == null) {
                    // Too late. Whoever waits for the take is not called by the thread of all timers.
                    connection.later(() -> goOn.accept(null, null), 0);
                } else {
                    goOn.accept(end, fault);
                }
            });
        }
    }

    private CompletableFuture<Progress.@Nullable End> within(
            Progress told, CompletableFuture<Progress.@Nullable End> end) {
        return end.isDone() ? end : end.completeOnTimeout(null, told.patience(operation), TimeUnit.NANOSECONDS);
    }

    /** In what form the caller has it. */
    interface Answers<T> {
        /**
         * What the caller is told.
         *
         * @param value the ticket's, if there was one
         * @param otherwise what there was instead, if there was anything
         */
        T of(@Nullable TicketValue value, byte @Nullable [] otherwise);
    }
}
