// SPDX-License-Identifier: Apache-2.0
package io.github.realtimeticket.redis;

import io.github.realtimeticket.Presentation;
import io.github.realtimeticket.RememberingTicketStore;
import io.github.realtimeticket.RememberingTicketStore.Taken;
import io.github.realtimeticket.Revocations;
import io.github.realtimeticket.Ticket;
import io.github.realtimeticket.TicketStore;
import io.github.realtimeticket.TicketValue;
import io.github.realtimeticket.TicketValueCodec;
import io.lettuce.core.RedisURI;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.Collection;
import java.util.List;
import java.util.Objects;
import java.util.Optional;
import java.util.UUID;
import java.util.concurrent.CompletionStage;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/**
 * A store in Redis: one server, a server found through Sentinels, or a Cluster.
 *
 * <p>Thread-safe, and only {@link #close()} blocks. All operations share one connection; a feed has its own. A store can be made while Redis is
 * down: an operation then fails within the timeout, connecting included, and the first one after Redis is back succeeds. A
 * connection on which an operation has failed for time, and that was silent for half of it, is replaced. No command is sent a second
 * time (T5).
 *
 * <p><b>Storage details.</b> The key is {@code ticket:} and the lower-case hexadecimal SHA-256 of the ticket unless other
 * {@link TicketKeys} are set; the value is a string, the JSON object of {@link TicketValueCodec}.
 *
 * <pre>
 * put   SET ticket:9f86d08... {"id":1,"username":"alice","rt":{"history":"8371b4fb..."}} NX PX 10000
 * take  GETDEL ticket:9f86d08...
 *       EVAL "(GET, then DEL)" 1 ticket:9f86d08...    where GETDEL is unknown (Redis before 6.2)
 *       INFO replication    behind a take or ping, and behind a put if the last one is ten milliseconds old, for all that is under way together
 * ping  PING
 * </pre>
 *
 * <p><b>Second presentation (T19).</b> With {@link #remembering() traces} of used tickets, a take leaves one behind, for the rest of the ticket's life:
 *
 * <pre>
 * take  SET ticket:9f86d08... {"rt":{"presented":{"at":1767225600000,"key":"...","origin":"..."}}} XX GET KEEPTTL
 *       EVAL "(GET, then SET with what PTTL says)" 1 ticket:9f86d08... {"rt":...}    before Redis 6.2
 * </pre>
 *
 * <p>It is written, so a Redis that has no memory left lets in nobody then, where {@code GETDEL} goes on. A key without a time to live, which no issuer
 * of this protocol sets, leaves its trace for good.
 *
 * <p><b>History (T15).</b> A ticket is bound to the replication id of its server, and is let in only if the server still has that id and
 * is a primary, asked behind the redemption on the same connection. So no ticket comes back with a failover, a split brain or
 * a restart from a snapshot. {@link HistoryCheck} says where that is not to be had. In a Cluster, where each node has its own
 * history, a script does both on the node of the key.
 *
 * <p><b>Revocations (T16).</b> {@link #revocations()} is a feed beside the tickets, in a stream that keeps at least the last 100,000, on a
 * second connection:
 *
 * <pre>
 * revoke  XADD ticket-revocations MAXLEN ~ 100000 * r {"session":"4f6f2f0c..."}
 * feed    XREVRANGE ticket-revocations + - COUNT 1    at the beginning, to read from six minutes before it
 *         XREAD COUNT 1000 BLOCK 500 STREAMS ticket-revocations 1767225600000-0    again and again
 *         XREVRANGE ticket-revocations 1767225600000-0 1767225600000-0 COUNT 1    after a fault: does it go back as far?
 * take    XREVRANGE ticket-revocations + - COUNT 1    behind it, for all that is under way together
 * </pre>
 *
 * <p>A feed is current while it has read on within the last three seconds. A take waits for it for three quarters of its time at the most, and
 * only the first one does: then the gate admits tickets of no session and no others. A server that leaves the end of the stream unanswered
 * answers nothing that comes later either, so the take fails at its limit as every operation does; in a Cluster, where that may be another node
 * than the ticket's, it goes on without. If the stream is gone, whatever was revoked
 * meanwhile is too, and the feed begins another one with the revocation of a session that is none: all connections of sessions end. A gate that may
 * not write ({@code +xadd}) is not current until somebody who may has revoked something. So is everybody while the stream has an id of more than 18
 * digits, until it is deleted.
 *
 * <p>A failover or a restart can lose what was revoked just before: whoever has revoked it within the last minute adds it again, and holders who have come back meanwhile come back once more. For a feed that has
 * been away for more than 50 seconds then, that may not be enough: all connections of sessions end. Ids of the stream never go back, though the server's clock may: the first to notice adds one above all others.
 *
 * <p>A string that is no ticket's value is removed and is "nothing". A key of another type is "nothing" and stays: nobody's
 * ticket is there, and the service is not down.
 *
 * <p><b>Security.</b> These accounts of Redis 7.0 and later are enough; 6.2 has {@code ~ticket:*} in place of {@code %W~} and
 * {@code %RW~}.
 *
 * <pre>
 * ACL SETUSER issuer   on &gt;... resetchannels -@all +set    +info +ping +hello +client|setname %W~ticket:*
 * ACL SETUSER redeemer on &gt;... resetchannels -@all +getdel +info +ping +hello +client|setname %RW~ticket:*
 * </pre>
 *
 * <p>With a feed, add {@code +xread +xrevrange %R~ticket-revocations}; whoever revokes has {@code +xadd
 * %RW~ticket-revocations}, too.
 *
 * <p>A redeemer with traces has {@code +set} in place of {@code +getdel}, so it could issue, too; in a script {@code +get +set +pttl +del}.
 *
 * <p>Add {@code +select} for a database other than 0, {@code +eval +get +del} for the script. In a Cluster, add {@code +cluster|nodes +eval}
 * to both, {@code +get +del} to the redeemer, and {@code %RW~ticket:*} to the issuer. From Redis 7.2 on, add {@code +client|setinfo}, which is
 * otherwise refused without harm. The store names its connection {@code realtime-ticket} in {@code CLIENT LIST} unless the address
 * has a name.
 */
public final class RedisTicketStore implements TicketStore, AutoCloseable {

    /** Within which time an operation ends unless told otherwise. */
    public static final Duration DEFAULT_TIMEOUT = Duration.ofSeconds(1);

    /** The key of the stream of revocations unless told otherwise. */
    public static final String DEFAULT_REVOCATIONS = "ticket-revocations";

    private static final System.Logger LOG = System.getLogger(RedisTicketStore.class.getName());

    private final RedisLink redis;
    private final TicketKeys keys;
    private final HistoryCheck check;
    private final RedisAccess access;
    private final Duration timeout;
    private final Greeting greeting;
    private final RevocationStream stream;
    private volatile @Nullable RedisRevocations revocations;
    private boolean closed;

    RedisTicketStore(
            RedisAccess access, Duration timeout, TicketKeys keys, HistoryCheck check, RevocationStream stream) {
        this.access = access;
        this.timeout = timeout;
        this.keys = keys;
        this.check = check;
        this.stream = stream;
        boolean cluster = access.cluster();
        Supplier<byte[]> anyKeys =
                () -> keys.of(Ticket.parse(UUID.randomUUID().toString()).orElseThrow());
        greeting = new Greeting(
                check,
                connection -> cluster ? ClusterScripts.questions(connection, anyKeys) : List.of(TicketConnection::info),
                // Or the operation that waits for it would fail.
                late -> access.later(late, timeout.toNanos() / 2));
        redis = new RedisLink(
                access,
                timeout,
                greeting::on,
                new Outage(
                        (cluster ? "Tickets, or some of them, can" : "Tickets can")
                                + " be neither kept nor redeemed until Redis (" + access.place() + ") works again",
                        "Redis (" + access.place() + ") works again",
                        cluster ? timeout.multipliedBy(2) : Duration.ZERO));
        if (keys.leaveTheKeyToTheClient()) {
            LOG.log(
                    System.Logger.Level.WARNING,
                    "Tickets are kept under themselves, without a prefix: whoever asks a gate can delete any string in this"
                            + " Redis database whose key looks like a ticket (22 to 64 letters, digits, - or _)."
                            + " Keep nothing else in it, or use hashed keys");
        }
    }

    /** A store for one server, or one that Sentinels find, with {@link TicketKeys#hashed()} and {@link #DEFAULT_TIMEOUT}. */
    public static RedisTicketStore connect(RedisURI uri) {
        return builder(uri).build();
    }

    /** A store for one server, or for the master that the Sentinels in the address find. */
    public static RedisTicketStoreBuilder builder(RedisURI uri) {
        Objects.requireNonNull(uri, "uri");
        return new RedisTicketStoreBuilder((ssl, timeout) -> RedisAccess.to(uri, ssl, timeout));
    }

    /**
     * A store for a Cluster, of which some nodes are named. It needs Lettuce 6.7 or later, and is not built with an older one, which
     * sends again what was under way when a connection is lost.
     */
    public static RedisTicketStoreBuilder clusterBuilder(Collection<RedisURI> nodes) {
        List<RedisURI> copy = List.copyOf(nodes);
        if (copy.isEmpty()) {
            throw new IllegalArgumentException("nodes must name at least one node of the Cluster");
        }
        return new RedisTicketStoreBuilder((ssl, timeout) -> RedisAccess.toCluster(copy, ssl, timeout));
    }

    @Override
    public CompletionStage<Boolean> put(Ticket ticket, TicketValue value, Duration timeToLive) {
        TicketStore.requireTimeToLive(timeToLive);
        byte[] key = keys.of(ticket);
        long milliseconds = Math.max(1, timeToLive.toMillis());
        return redis.run(
                (connection, operation) -> new Putting(connection, operation, key, value, milliseconds).start());
    }

    @Override
    public CompletionStage<Optional<TicketValue>> take(Ticket ticket) {
        return take(ticket, (value, otherwise) -> Optional.ofNullable(value), null);
    }

    /** With traces of used tickets, under the tickets' keys until their time is over (T19). */
    @Override
    public Optional<RememberingTicketStore> remembering() {
        return Optional.of((ticket, presentation) ->
                take(ticket, RedisTicketStore::taken, presentation.json().getBytes(StandardCharsets.US_ASCII)));
    }

    private static Taken taken(@Nullable TicketValue value, byte @Nullable [] otherwise) {
        return new Taken(
                value, otherwise == null ? null : Presentation.parse(otherwise).orElse(null));
    }

    private <T> CompletionStage<T> take(Ticket ticket, Taking.Answers<T> answers, byte @Nullable [] trace) {
        byte[] key = keys.of(ticket);
        RedisRevocations feed = revocations;
        return redis.run(
                (connection, operation) -> new Taking<>(connection, operation, check, feed, answers, trace).start(key));
    }

    /**
     * The feed of what is revoked, beside these tickets: always the same one, which ends with the store. The first call opens a connection
     * for it. From then on a ticket that is taken waits until the feed has told what was revoked before, for which the end of the stream
     * is asked for with the ticket.
     */
    public synchronized Revocations revocations() {
        RedisRevocations feed = revocations;
        if (feed == null) {
            feed = new RedisRevocations(redis, access, timeout, access.cluster() ? Greeting.PING : greeting, stream);
            revocations = feed;
            if (closed) {
                feed.close();
            }
        }
        return feed;
    }

    /** Asks Redis for a sign of life on the connection that tickets use, as a health check does. Fails as an operation does. */
    public CompletionStage<Void> ping() {
        return redis.run((connection, operation) -> connection.send(operation, Call.ping(), operation::end))
                .thenAccept(pong -> {});
    }

    /** Whether the history of tickets is checked on the connection that there is now: see {@link HistoryCheck}. */
    public boolean checksHistory() {
        return redis.checksHistory();
    }

    /**
     * Closes what the store opened, which takes a few seconds at most. Operations fail from then on, and those that wait fail at once.
     * Not to be called from what is chained to an operation, because it waits for the thread that runs it.
     */
    @Override
    public void close() {
        RedisRevocations feed;
        synchronized (this) {
            if (closed) {
                return;
            }
            closed = true;
            feed = revocations;
        }
        if (feed != null) {
            feed.close();
        }
        redis.close();
        access.close().run();
    }
}
