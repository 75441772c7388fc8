// SPDX-License-Identifier: Apache-2.0
package io.github.realtimeticket.redis;

import io.lettuce.core.RedisChannelHandler;
import io.lettuce.core.RedisConnectionStateListener;
import io.lettuce.core.ScriptOutputType;
import io.lettuce.core.SetArgs;
import io.lettuce.core.api.StatefulConnection;
import io.lettuce.core.api.StatefulRedisConnection;
import io.lettuce.core.cluster.api.StatefulRedisClusterConnection;
import io.lettuce.core.cluster.api.async.RedisClusterAsyncCommands;
import java.net.SocketAddress;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.Executor;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;

/** The commands on one open connection, and what was found out about its server. */
final class TicketConnection {

    // pcall, so that WRONGTYPE comes back as such and not inside a script's error.
    private static final String GET_AND_DELETE = """
            local value = redis.pcall('GET', KEYS[1])
            if type(value) == 'string' then redis.call('DEL', KEYS[1]) end
            return value""";

    private static final int TRIES = 100;
    private static final Executor IN_A_MOMENT =
            CompletableFuture.delayedExecutor(5, TimeUnit.MILLISECONDS, Runnable::run);

    private final StatefulConnection<byte[], byte[]> connection;
    private final RedisClusterAsyncCommands<byte[], byte[]> commands;
    private final boolean ours;
    private final OnReconnect onReconnect = new OnReconnect();
    private volatile boolean withoutGetdel;
    private volatile long answered = System.nanoTime();

    private TicketConnection(
            StatefulConnection<byte[], byte[]> connection,
            RedisClusterAsyncCommands<byte[], byte[]> commands,
            boolean ours) {
        this.connection = connection;
        this.commands = commands;
        this.ours = ours;
        connection.addListener(onReconnect);
    }

    /**
     * This connection once commands can be tried on it: where Lettuce logs in with a password, it tells of a connection on another
     * thread than the one that makes it usable, and sometimes before.
     */
    CompletionStage<TicketConnection> whenReady() {
        return whenReady(TRIES);
    }

    private CompletionStage<TicketConnection> whenReady(int tries) {
        return commands.ping()
                .handle((pong, fault) -> {
                    if (fault == null || RedisFaults.isAnswer(fault)) {
                        return CompletableFuture.completedStage(this);
                    }
                    if (tries > 1 && RedisFaults.isNotConnected(fault)) {
                        return CompletableFuture.supplyAsync(() -> tries - 1, IN_A_MOMENT)
                                .thenCompose(this::whenReady);
                    }
                    close();
                    return CompletableFuture.<TicketConnection>failedStage(fault);
                })
                .thenCompose(stage -> stage);
    }

    static TicketConnection ours(StatefulRedisConnection<byte[], byte[]> connection) {
        return new TicketConnection(connection, connection.async(), true);
    }

    static TicketConnection ours(StatefulRedisClusterConnection<byte[], byte[]> connection) {
        return new TicketConnection(connection, connection.async(), true);
    }

    static TicketConnection theirs(StatefulRedisConnection<byte[], byte[]> connection) {
        AtMostOnce.require(connection.getOptions());
        return new TicketConnection(connection, connection.async(), false);
    }

    static TicketConnection theirs(StatefulRedisClusterConnection<byte[], byte[]> connection) {
        AtMostOnce.require(connection.getOptions());
        return new TicketConnection(connection, connection.async(), false);
    }

    CompletionStage<Boolean> put(byte[] key, byte[] value, long milliseconds) {
        return commands.set(key, value, SetArgs.Builder.nx().px(milliseconds)).thenApply("OK"::equals);
    }

    /** Nothing is {@code null}, and so is a key of another type, which is no ticket and stays as it is. */
    CompletionStage<byte @Nullable []> take(byte[] key) {
        return (withoutGetdel ? getAndDelete(key) : getdel(key))
                .exceptionallyCompose(fault -> RedisFaults.isWrongType(fault)
                        ? CompletableFuture.completedFuture(null)
                        : CompletableFuture.failedFuture(fault));
    }

    CompletionStage<String> ping() {
        return commands.ping();
    }

    private CompletionStage<byte[]> getdel(byte[] key) {
        return commands.getdel(key).exceptionallyCompose(fault -> {
            if (!RedisFaults.isUnknownCommand(fault)) {
                return CompletableFuture.failedFuture(fault);
            }
            withoutGetdel = true;
            return getAndDelete(key);
        });
    }

    private CompletionStage<byte[]> getAndDelete(byte[] key) {
        return commands.eval(GET_AND_DELETE, ScriptOutputType.VALUE, key);
    }

    /** Whether commands can be tried on it. A connection that is not ours is never given up. */
    boolean isUsable() {
        return !ours || isOpen();
    }

    boolean isOpen() {
        return connection.isOpen();
    }

    boolean isOurs() {
        return ours;
    }

    void answered() {
        answered = System.nanoTime();
    }

    boolean isSilentSince(long nanoTime) {
        return ours && answered - nanoTime < 0;
    }

    void close() {
        if (ours) {
            CompletableFuture<Void> unused = connection.closeAsync();
        } else {
            connection.removeListener(onReconnect);
        }
    }

    /** After a reconnect the server may be another one. */
    private final class OnReconnect implements RedisConnectionStateListener {
        @Override
        public void onRedisConnected(RedisChannelHandler<?, ?> reconnected, SocketAddress address) {
            withoutGetdel = false;
        }
    }
}
