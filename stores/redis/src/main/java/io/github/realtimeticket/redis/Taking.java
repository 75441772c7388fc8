// SPDX-License-Identifier: Apache-2.0
package io.github.realtimeticket.redis;

import io.github.realtimeticket.TicketStoreException;
import io.github.realtimeticket.TicketValue;
import io.github.realtimeticket.TicketValueCodec;
import io.lettuce.core.codec.ByteArrayCodec;
import io.lettuce.core.output.ValueOutput;
import io.lettuce.core.protocol.CommandArgs;
import io.lettuce.core.protocol.CommandType;
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
final class Taking {

    // pcall, so that WRONGTYPE comes back as such and not inside a script's error.
    private static final String GET_AND_DELETE = """
            local value = redis.pcall('GET', KEYS[1])
            if type(value) == 'string' then redis.call('DEL', KEYS[1]) end
            return value""";

    private final TicketConnection connection;
    private final Operation<Optional<TicketValue>> operation;
    private final HistoryCheck check;
    private final @Nullable RedisRevocations feed;
    private @Nullable CompletableFuture<@Nullable StreamId> endElsewhere;

    Taking(
            TicketConnection connection,
            Operation<Optional<TicketValue>> operation,
            HistoryCheck check,
            @Nullable RedisRevocations feed) {
        this.connection = connection;
        this.operation = operation;
        this.check = check;
        this.feed = feed;
    }

    void fromServer(byte[] key) {
        getdel(key, feed == null ? List.of() : List.of(connection.end(feed.stream())));
    }

    /** In a Cluster the stream may be on another node, which is asked at the same time. */
    void fromCluster(byte[] key) {
        if (feed != null) {
            var end = new CompletableFuture<@Nullable StreamId>();
            endElsewhere = end;
            connection.send(feed.stream().end(connection, (id, fault) -> {
                boolean unused = id == null ? end.completeExceptionally(fault) : end.complete(id);
            }));
        }
        if (connection.history().last() == null) {
            getdel(key, List.of());
        } else {
            ClusterScripts.take(connection, operation, key, this::taken);
        }
    }

    private void getdel(byte[] key, List<Behind<?>> behind) {
        boolean inScript = connection.isWithoutGetdel();
        CommandArgs<byte[], byte[]> arguments = new CommandArgs<>(ByteArrayCodec.INSTANCE);
        connection.send(
                operation,
                inScript ? CommandType.EVAL : CommandType.GETDEL,
                new ValueOutput<>(ByteArrayCodec.INSTANCE),
                (inScript ? arguments.add(GET_AND_DELETE).add(1) : arguments).addKey(key),
                (json, fault) -> {
                    if (!inScript && fault != null && RedisFaults.isUnknownCommand(fault)) {
                        connection.hasNoGetdel();
                        getdel(key, behind);
                    } else {
                        taken(json, null, fault);
                    }
                },
                behind);
    }

    /** @param now what the server was then, if that is known already */
    private void taken(byte @Nullable [] json, @Nullable Replication now, @Nullable Throwable fault) {
        if (fault != null && !RedisFaults.isWrongType(fault)) {
            operation.fail(fault);
            return;
        }
        TicketValue value = json == null ? null : TicketValueCodec.decode(json).orElse(null);
        if (value == null) {
            operation.complete(Optional.empty());
        } else if (value.history() == null && check == HistoryCheck.REQUIRED) {
            operation.fail(TicketStoreException.ofOtherHistory("The ticket is of no history"));
        } else if (value.history() == null || connection.history().last() == null) {
            awaitRevocations(value, null);
        } else if (now != null) {
            judge(value, now);
        } else {
            connection.history().whenVouched((then, unknown) -> {
                if (then != null) {
                    judge(value, then);
                } else {
                    operation.fail(Objects.requireNonNull(unknown));
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
        Optional<TicketValue> taken = Optional.of(value.withHistory(null));
        RedisRevocations told = feed;
        if (told == null) {
            operation.complete(taken);
        } else if (endElsewhere == null) {
            connection
                    .end(told.stream())
                    .whenVouched(
                            (end, fault) -> told.whenTold(history, end, operation, () -> operation.complete(taken)));
        } else {
            // Each node has a history of its own.
            CompletableFuture<?> unused = within(told, endElsewhere)
                    .whenComplete((end, fault) -> told.whenTold(null, end, operation, () -> operation.complete(taken)));
        }
    }

    private CompletableFuture<@Nullable StreamId> within(
            RedisRevocations told, CompletableFuture<@Nullable StreamId> end) {
        return end.isDone() ? end : end.completeOnTimeout(null, told.patience(operation), TimeUnit.NANOSECONDS);
    }
}
