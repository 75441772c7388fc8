// SPDX-License-Identifier: Apache-2.0
package io.github.realtimeticket.redis;

import io.github.realtimeticket.Ticket;
import io.github.realtimeticket.TicketStore;
import io.github.realtimeticket.TicketValue;
import io.github.realtimeticket.TicketValueCodec;
import io.lettuce.core.RedisClient;
import io.lettuce.core.RedisURI;
import io.lettuce.core.api.StatefulRedisConnection;
import io.lettuce.core.cluster.RedisClusterClient;
import io.lettuce.core.cluster.api.StatefulRedisClusterConnection;
import java.time.Duration;
import java.util.Collection;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CompletionStage;

/**
 * A store in Redis: one server, a server found through Sentinels, or a Cluster.
 *
 * <p>Thread-safe, and only {@link #close()} blocks. All operations share one connection. A store can be made while Redis is
 * down: an operation then fails within the timeout, connecting included, and the first one after Redis is back succeeds. A
 * connection that answers nothing for a whole timeout is replaced. No command is sent a second time (T5, {@link AtMostOnce}).
 *
 * <p><b>Storage details.</b> The key is {@code ticket:} and the lower-case hexadecimal SHA-256 of the ticket unless other
 * {@link TicketKeys} are set; the value is a string, the JSON object of {@link TicketValueCodec}.
 *
 * <pre>
 * put   SET ticket:9f86d08... {"id":1,"username":"alice","rt":{...}} NX PX 10000
 * take  GETDEL ticket:9f86d08...
 *       EVAL "(GET, then DEL)" 1 ticket:9f86d08...    where GETDEL is unknown (Redis before 6.2)
 * ping  PING
 * </pre>
 *
 * <p>A string that is no ticket's value is removed and is "nothing". A key of another type is "nothing" and stays: nobody's
 * ticket is there, and the service is not down.
 *
 * <p><b>Security.</b> These accounts of Redis 7.0 and later are enough; 6.2 has {@code ~ticket:*} in place of {@code %W~} and
 * {@code %RW~}.
 *
 * <pre>
 * ACL SETUSER issuer   on &gt;... resetchannels -@all +set    +ping +hello +client|setname %W~ticket:*
 * ACL SETUSER redeemer on &gt;... resetchannels -@all +getdel +ping +hello +client|setname %RW~ticket:*
 * </pre>
 *
 * <p>Add {@code +select} for a database other than 0, {@code +eval +get +del} for the script, {@code +cluster|nodes +info} for a
 * Cluster, and, from Redis 7.2 on, {@code +client|setinfo}, which is otherwise refused without harm. The store names its
 * connection {@code realtime-ticket} in {@code CLIENT LIST} unless the address has a name.
 */
public final class RedisTicketStore implements TicketStore, AutoCloseable {

    /** Within which time an operation ends unless told otherwise. */
    public static final Duration DEFAULT_TIMEOUT = Duration.ofSeconds(1);

    private static final System.Logger LOG = System.getLogger(RedisTicketStore.class.getName());

    private final RedisLink redis;
    private final TicketKeys keys;

    RedisTicketStore(RedisLink redis, TicketKeys keys) {
        this.redis = redis;
        this.keys = keys;
        if (keys.leaveTheKeyToTheClient()) {
            LOG.log(
                    System.Logger.Level.WARNING,
                    "Tickets are kept under themselves, without a prefix: whoever asks a gate can delete any string in this"
                            + " Redis database whose key looks like a ticket (22 to 64 letters, digits, - or _)."
                            + " Keep nothing else in it, or use hashed keys");
        }
    }

    /** A store on this server, or on the one that the Sentinels of this address name, with the settings that are right. */
    public static RedisTicketStore connect(RedisURI uri) {
        return builder(uri).build();
    }

    /** A store on this server, or on the one that the Sentinels of this address name. */
    public static RedisTicketStoreBuilder builder(RedisURI uri) {
        return RedisTicketStoreBuilder.opening((ssl, timeout) -> RedisAccess.to(uri, ssl, timeout));
    }

    /** A store on the Redis Cluster that these nodes know. */
    public static RedisTicketStoreBuilder clusterBuilder(Collection<RedisURI> nodes) {
        List<RedisURI> copy = List.copyOf(nodes);
        if (copy.isEmpty()) {
            throw new IllegalArgumentException("nodes must name at least one node of the Cluster");
        }
        return RedisTicketStoreBuilder.opening((ssl, timeout) -> RedisAccess.toCluster(copy, ssl, timeout));
    }

    /** A store that opens a connection of its own through a client of the application, which stays open. */
    public static RedisTicketStoreBuilder builder(RedisClient client, RedisURI uri) {
        return RedisTicketStoreBuilder.using(() -> RedisAccess.through(client, uri));
    }

    /** A store that opens a connection of its own through a client of the application, which stays open. */
    public static RedisTicketStoreBuilder builder(RedisClusterClient client) {
        return RedisTicketStoreBuilder.using(() -> RedisAccess.through(client));
    }

    /** A store on a connection of the application, which stays open and reconnects by itself. */
    public static RedisTicketStoreBuilder builder(StatefulRedisConnection<byte[], byte[]> connection) {
        return RedisTicketStoreBuilder.using(
                () -> RedisAccess.through(connection, TicketConnection.theirs(connection)));
    }

    /** A store on a connection of the application, which stays open and reconnects by itself. */
    public static RedisTicketStoreBuilder builder(StatefulRedisClusterConnection<byte[], byte[]> connection) {
        return RedisTicketStoreBuilder.using(
                () -> RedisAccess.through(connection, TicketConnection.theirs(connection)));
    }

    @Override
    public CompletionStage<Boolean> put(Ticket ticket, TicketValue value, Duration timeToLive) {
        TicketStore.requireTimeToLive(timeToLive);
        byte[] key = keys.of(ticket);
        byte[] json = TicketValueCodec.encode(value);
        long milliseconds = Math.max(1, timeToLive.toMillis());
        return redis.run(connection -> connection.put(key, json, milliseconds));
    }

    @Override
    public CompletionStage<Optional<TicketValue>> take(Ticket ticket) {
        byte[] key = keys.of(ticket);
        return redis.run(connection -> connection.take(key))
                .thenApply(json -> Optional.ofNullable(json).flatMap(TicketValueCodec::decode));
    }

    /** Asks Redis for a sign of life on the connection that tickets use, as a health check does. Fails as an operation does. */
    public CompletionStage<Void> ping() {
        return redis.run(connection -> connection.ping()).thenAccept(pong -> {});
    }

    /**
     * Closes what the store opened, which takes a few seconds at most. Operations fail from then on. Not to be called from what is
     * chained to an operation, because it waits for the thread that runs it.
     */
    @Override
    public void close() {
        redis.close();
    }
}
