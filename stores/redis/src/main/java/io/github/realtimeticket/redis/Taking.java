// SPDX-License-Identifier: Apache-2.0
package io.github.realtimeticket.redis;

import io.github.realtimeticket.Presentation;
import io.github.realtimeticket.RememberingTicketStore.Taken;
import io.github.realtimeticket.Revision;
import io.github.realtimeticket.TicketStoreException;
import io.github.realtimeticket.TicketValue;
import io.github.realtimeticket.TicketValueCodec;
import io.lettuce.core.codec.ByteArrayCodec;
import io.lettuce.core.output.ValueOutput;
import io.lettuce.core.protocol.CommandArgs;
import io.lettuce.core.protocol.CommandType;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
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

    private static final Answers<Optional<TicketValue>> PLAIN = new Answers<>() {
        @Override
        public Optional<TicketValue> of(TicketValue value) {
            return Optional.of(value);
        }

        @Override
        public Optional<TicketValue> otherwise(byte @Nullable [] found) {
            return Optional.empty();
        }
    };

    private static final Answers<Taken> TRACED = new Answers<>() {
        @Override
        public Taken of(TicketValue value) {
            return new Taken(value, null);
        }

        @Override
        public Taken otherwise(byte @Nullable [] found) {
            return found == null
                    ? Taken.NOTHING
                    : Presentation.parse(found)
                            .map(before -> new Taken(null, before))
                            .orElse(Taken.NOTHING);
        }
    };

    private final TicketConnection connection;
    private final Operation<T> operation;
    private final HistoryCheck check;
    private final @Nullable RedisRevocations feed;
    private final Answers<T> answers;
    private final byte @Nullable [] trace;
    private @Nullable CompletableFuture<@Nullable Revision> endElsewhere;

    private Taking(
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

    static Taking<Optional<TicketValue>> of(
            TicketConnection connection,
            Operation<Optional<TicketValue>> operation,
            HistoryCheck check,
            @Nullable RedisRevocations feed) {
        return new Taking<>(connection, operation, check, feed, PLAIN, null);
    }

    /** One that leaves a trace (T19). */
    static Taking<Taken> leavingTrace(
            TicketConnection connection,
            Operation<Taken> operation,
            HistoryCheck check,
            @Nullable RedisRevocations feed,
            Presentation presentation) {
        byte[] trace = presentation.json().getBytes(StandardCharsets.US_ASCII);
        return new Taking<>(connection, operation, check, feed, TRACED, trace);
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
            behind.add(connection.end(feed.stream()));
        }
        getdel(key, behind);
    }

    /** In a Cluster the stream may be on another node, which is asked at the same time. */
    private void fromCluster(byte[] key) {
        if (feed != null) {
            var end = new CompletableFuture<@Nullable Revision>();
            endElsewhere = end;
            connection.send(feed.stream().end(connection, (id, fault) -> {
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
        CommandType alone = trace == null ? CommandType.GETDEL : CommandType.SET;
        connection.send(
                operation,
                inScript ? CommandType.EVAL : alone,
                new ValueOutput<>(ByteArrayCodec.INSTANCE),
                arguments(key, inScript),
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

    private CommandArgs<byte[], byte[]> arguments(byte[] key, boolean inScript) {
        CommandArgs<byte[], byte[]> arguments = new CommandArgs<>(ByteArrayCodec.INSTANCE);
        if (inScript) {
            arguments.add(trace == null ? GET_AND_DELETE : GET_AND_TRACE).add(1).addKey(key);
            return trace == null ? arguments : arguments.add(trace);
        }
        arguments.addKey(key);
        return trace == null
                ? arguments
                : arguments.add(trace).add("XX").add("GET").add("KEEPTTL");
    }

    /** @param now what the server was then, if that is known already */
    private void taken(byte @Nullable [] json, @Nullable Replication now, @Nullable Throwable fault) {
        if (fault != null && !RedisFaults.isWrongType(fault)) {
            operation.fail(fault);
            return;
        }
        TicketValue value = json == null ? null : TicketValueCodec.decode(json).orElse(null);
        if (value == null) {
            operation.complete(answers.otherwise(json));
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
        T taken = answers.of(value.withHistory(null));
        if (feed == null) {
            operation.complete(taken);
            return;
        }
        Progress told = feed.progress();
        if (endElsewhere == null) {
            connection
                    .end(feed.stream())
                    .whenVouched(
                            (end, fault) -> told.whenTold(history, end, operation, () -> operation.complete(taken)));
        } else {
            // Each node has a history of its own.
            CompletableFuture<?> unused = within(told, endElsewhere)
                    .whenComplete((end, fault) -> told.whenTold(null, end, operation, () -> operation.complete(taken)));
        }
    }

    private CompletableFuture<@Nullable Revision> within(Progress told, CompletableFuture<@Nullable Revision> end) {
        return end.isDone() ? end : end.completeOnTimeout(null, told.patience(operation), TimeUnit.NANOSECONDS);
    }

    /** In what form the caller has it. */
    private interface Answers<T> {
        T of(TicketValue value);

        /** What is no ticket's value, or nothing at all. */
        T otherwise(byte @Nullable [] found);
    }
}
