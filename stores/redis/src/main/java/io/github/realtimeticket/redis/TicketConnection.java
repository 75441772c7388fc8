// SPDX-License-Identifier: Apache-2.0
package io.github.realtimeticket.redis;

import io.lettuce.core.api.StatefulConnection;
import io.lettuce.core.cluster.SlotHash;
import io.lettuce.core.cluster.api.StatefulRedisClusterConnection;
import io.lettuce.core.cluster.models.partitions.Partitions;
import io.lettuce.core.cluster.models.partitions.RedisClusterNode;
import io.lettuce.core.protocol.CommandType;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.function.BiConsumer;
import org.jspecify.annotations.Nullable;

/** One connection to Redis, from its opening until it is lost or left, and what is known of its server. Thread-safe. */
final class TicketConnection {

    private static final int MOST_TRIES = 6;

    private final StatefulConnection<byte[], byte[]> connection;
    private final RedisAccess access;
    private final Outage outage;
    private final History history = new History(this);
    private final List<Behind<?>> historyAlone = List.of(history.behind());

    private @Nullable Behind<Progress.End> end;
    private volatile boolean withoutGetdel;
    private volatile boolean left;
    private volatile long answered = System.nanoTime();

    TicketConnection(StatefulConnection<byte[], byte[]> connection, RedisAccess access, Outage outage) {
        this.connection = connection;
        this.access = access;
        this.outage = outage;
    }

    /**
     * Sends the next command of an operation, and behind it, where the history is checked, the question for it. The function is told the
     * answer or the fault, on the I/O thread.
     */
    <V> void send(Operation<?> operation, Call<V> call, BiConsumer<@Nullable V, @Nullable Throwable> then) {
        send(operation, call, then, historyBehind());
    }

    /**
     * As above, with other questions behind it.
     *
     * @param behind what is asked behind it, each of one instance for the connection
     */
    <V> void send(
            Operation<?> operation,
            Call<V> call,
            BiConsumer<@Nullable V, @Nullable Throwable> then,
            List<Behind<?>> behind) {
        var command = new Sent<>(this, call, then, behind);
        operation.sends(this, command);
        send(command);
    }

    /** As above, for no operation and with nothing behind it. */
    <V> void send(Call<V> call, BiConsumer<@Nullable V, @Nullable Throwable> then) {
        send(command(call, then));
    }

    /** A command of no operation, to be sent by this connection. */
    <V> Sent<V> command(Call<V> call, BiConsumer<@Nullable V, @Nullable Throwable> then) {
        return new Sent<>(this, call, then, List.of());
    }

    void send(Sent<?> command) {
        try {
            connection.dispatch(command);
        } catch (RuntimeException e) {
            boolean ignored = command.completeExceptionally(e);
        }
    }

    /**
     * Is told why a command has failed, and whether it is sent once more. Where Lettuce logs in with a password, it tells of a connection on
     * another thread than the one that makes it usable, and sometimes before: so at the greeting, and in a Cluster with each node's first
     * command. What has not come to the socket may be sent again.
     */
    boolean sendsAgain(Sent<?> command, Throwable fault) {
        boolean unsent = RedisFaults.isNotConnected(fault) && !command.isGivenToSocket();
        int tries = command.tries();
        if (!unsent || !connection.isOpen() || tries == MOST_TRIES) {
            return false;
        }
        Duration pause = Duration.ofMillis(1L << (2 * (tries - 1)));
        later(
                () -> {
                    command.tries(tries + 1);
                    send(command);
                },
                pause.toNanos());
        return true;
    }

    /** Does it after this time on a thread of the store's own, if the store is not closed by then. */
    void later(Runnable work, long nanoseconds) {
        access.later(work, nanoseconds);
    }

    /** Is told of each command that it was answered, or why not. */
    void hears(@Nullable Throwable fault) {
        boolean lives = fault == null || RedisFaults.isAnswer(fault);
        if (lives) {
            answered = System.nanoTime();
        }
        if (fault != null && isOutage(fault)) {
            outage.begins(fault);
        } else if (lives) {
            outage.ends();
        }
        // After a failover this can be the former master, and the way leads to the new one.
        if (fault != null && RedisFaults.isReadOnly(fault)) {
            leave();
        }
    }

    // A Cluster's connection stays open when that to one of the nodes is lost.
    private boolean isOutage(Throwable fault) {
        return RedisFaults.isAnswer(fault)
                ? RedisFaults.isOfBrokenCluster(fault)
                : !left && (isOfCluster() || !connection.isOpen());
    }

    /** {@code INFO replication}. */
    void info(BiConsumer<@Nullable Replication, @Nullable Throwable> then) {
        send(question(then));
    }

    /** {@code INFO replication}, to be sent by others. */
    Sent<?> question(BiConsumer<@Nullable Replication, @Nullable Throwable> then) {
        var info = Call.value(CommandType.INFO, Call.arguments().add("replication"));
        return command(info, (answer, fault) -> {
            // At the greeting it may be so: see HistoryCheck.
            if (fault != null && RedisFaults.isForbidden(fault) && history.last() != null) {
                leave();
            }
            then.accept(fault == null ? Replication.in(answer) : null, fault);
        });
    }

    History history() {
        return history;
    }

    /** The question for the history, where it is checked. */
    List<Behind<?>> historyBehind() {
        return history.last() == null ? List.of() : historyAlone;
    }

    /** The question for the end of the stream of revocations, of which a store has one. */
    synchronized Behind<Progress.End> end(RedisRevocations feed) {
        if (end == null) {
            end = new Behind<>(this, then -> feed.end(this, then));
        }
        return end;
    }

    boolean isWithoutGetdel() {
        return withoutGetdel;
    }

    void hasNoGetdel() {
        withoutGetdel = true;
    }

    /** Takes no further operation: the next one opens another connection and closes this one. */
    void leave() {
        left = true;
    }

    boolean isUsable() {
        return !left && connection.isOpen();
    }

    boolean isOfCluster() {
        return connection instanceof StatefulRedisClusterConnection;
    }

    /** How many nodes the Cluster has. */
    int nodes() {
        return cluster().map(Partitions::size).orElse(0);
    }

    /** Which node of the Cluster has this key; {@code null} if none. */
    @Nullable
    String nodeOf(byte[] key) {
        return cluster()
                .map(known -> known.getPartitionBySlot(SlotHash.getSlot(key)))
                .map(RedisClusterNode::getNodeId)
                .orElse(null);
    }

    private Optional<Partitions> cluster() {
        return connection instanceof StatefulRedisClusterConnection<byte[], byte[]> cluster
                ? Optional.of(cluster.getPartitions())
                : Optional.empty();
    }

    boolean isSilentSince(long nanoTime) {
        return answered - nanoTime < 0;
    }

    void close() {
        CompletableFuture<Void> unused = connection.closeAsync();
    }
}
