// SPDX-License-Identifier: Apache-2.0
package io.github.realtimeticket.redis;

import io.lettuce.core.ClientOptions;
import io.lettuce.core.ClientOptions.DisconnectedBehavior;
import io.lettuce.core.LettuceVersion;
import io.lettuce.core.MaintNotificationsConfig;
import io.lettuce.core.RedisClient;
import io.lettuce.core.RedisURI;
import io.lettuce.core.SocketOptions;
import io.lettuce.core.SslOptions;
import io.lettuce.core.TimeoutOptions;
import io.lettuce.core.api.StatefulConnection;
import io.lettuce.core.cluster.ClusterClientOptions;
import io.lettuce.core.cluster.ClusterTopologyRefreshOptions;
import io.lettuce.core.cluster.RedisClusterClient;
import io.lettuce.core.codec.ByteArrayCodec;
import io.lettuce.core.resource.ClientResources;
import io.lettuce.core.resource.Delay;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.ScheduledFuture;
import java.util.concurrent.TimeUnit;
import java.util.function.Supplier;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Collectors;

/**
 * Where Redis is, and how a connection to it is opened: one that sends each command at most once (T5). With Lettuce's own defaults a
 * {@code GETDEL} whose answer was lost is sent again after a reconnect; it then finds nothing, and "nothing" would be the answer
 * where nobody knows.
 *
 * @param place where Redis is, in words for the log
 * @param cluster whether it is a Cluster, whose nodes have each their own part of the keys
 * @param open opens one connection, within a few times the timeout
 * @param close ends all connections, and the threads
 */
record RedisAccess(
        String place,
        boolean cluster,
        ClientResources resources,
        Supplier<CompletionStage<? extends StatefulConnection<byte[], byte[]>>> open,
        Runnable close) {

    /** How many operations wait at most. At 100 bytes of JSON this is a few megabytes, and more than a second's work. */
    static final int MOST_OPERATIONS = 10_000;

    private static final Pattern NUMBERS = Pattern.compile("(\\d{1,4})\\.(\\d{1,4})");

    private static final Duration LONGEST_PAUSE = Duration.ofMillis(500);

    static RedisAccess to(RedisURI uri, SslOptions ssl, Duration timeout) {
        ClientResources resources = newResources();
        RedisClient client = RedisClient.create(resources);
        // The link opens the next connection itself.
        client.setOptions(options(ClientOptions.builder(), ssl, timeout)
                .autoReconnect(false)
                .build());
        RedisURI address = ours(uri, timeout);
        return new RedisAccess(
                place(uri),
                false,
                resources,
                () -> client.connectAsync(ByteArrayCodec.INSTANCE, address),
                () -> shutdown(client::shutdown, resources));
    }

    static RedisAccess toCluster(List<RedisURI> nodes, SslOptions ssl, Duration timeout) {
        requireForCluster(LettuceVersion.getVersion());
        ClientResources resources = newResources();
        RedisClusterClient client = RedisClusterClient.create(
                resources, nodes.stream().map(node -> ours(node, timeout)).toList());
        ClusterClientOptions.Builder options = ClusterClientOptions.builder();
        var unused = options(options, ssl, timeout);
        // A connection to one node that is lost stays part of the whole, and nobody but Lettuce opens it again.
        client.setOptions(
                options.autoReconnect(true).topologyRefreshOptions(refresh()).build());
        return new RedisAccess(
                nodes.stream().map(RedisAccess::place).collect(Collectors.joining(", ")),
                true,
                resources,
                () -> client.refreshPartitionsAsync()
                        .thenCompose(known -> client.connectAsync(ByteArrayCodec.INSTANCE)),
                () -> shutdown(client::shutdown, resources));
    }

    // An older one sends again what was under way when its own reconnecting succeeds.
    static void requireForCluster(String lettuce) {
        Matcher version = NUMBERS.matcher(lettuce);
        if (!version.lookingAt()) {
            // Packed into another jar, it does not tell.
            return;
        }
        int major = Integer.parseInt(version.group(1));
        if (major < 6 || (major == 6 && Integer.parseInt(version.group(2)) < 7)) {
            throw new IllegalStateException("A Cluster needs Lettuce 6.7 or later, which sends no command twice, not "
                    + lettuce + ". With Spring Boot, set lettuce.version");
        }
    }

    // With Lettuce's defaults, an outage is twice as long as the promotion of a replica takes.
    @SuppressWarnings("deprecation") // Since Lettuce 7 all triggers are there without asking.
    private static ClusterTopologyRefreshOptions refresh() {
        return ClusterTopologyRefreshOptions.builder()
                .enablePeriodicRefresh(Duration.ofSeconds(1))
                .enableAllAdaptiveRefreshTriggers()
                .adaptiveRefreshTriggersTimeout(Duration.ofMillis(250))
                .refreshTriggersReconnectAttempts(1)
                .build();
    }

    /** Does it after this time, if the store is not closed by then. */
    void later(Runnable work, long nanoseconds) {
        try {
            ScheduledFuture<?> unused =
                    resources.eventExecutorGroup().schedule(work, nanoseconds, TimeUnit.NANOSECONDS);
        } catch (RejectedExecutionException e) {
            // It is being closed, which ends whatever waits.
        }
    }

    private static ClientOptions.Builder options(ClientOptions.Builder options, SslOptions ssl, Duration timeout) {
        options.disconnectedBehavior(DisconnectedBehavior.REJECT_COMMANDS)
                // Operations are counted by us; what is added to them asks for the history, or was given up.
                .requestQueueSize(3 * MOST_OPERATIONS)
                .timeoutOptions(TimeoutOptions.builder().timeoutCommands(false).build())
                .sslOptions(ssl)
                .socketOptions(SocketOptions.builder()
                        .connectTimeout(timeout)
                        .keepAlive(true)
                        .build());
        return withoutMaintenance(options);
    }

    // Only some hosted servers announce maintenance, and an account of least privilege may not ask for it.
    private static ClientOptions.Builder withoutMaintenance(ClientOptions.Builder options) {
        try {
            return options.maintNotificationsConfig(MaintNotificationsConfig.disabled());
        } catch (LinkageError e) {
            // A Lettuce before 7.0, which never asks.
            return options;
        }
    }

    private static ClientResources newResources() {
        return ClientResources.builder()
                .reconnectDelay(Delay.exponential(Duration.ZERO, LONGEST_PAUSE, 2, TimeUnit.MILLISECONDS))
                .nettyCustomizer(Flushes.consolidated())
                .build();
    }

    private static void shutdown(Runnable client, ClientResources resources) {
        try {
            client.run();
        } finally {
            resources.shutdown(0, 2, TimeUnit.SECONDS).awaitUninterruptibly(2, TimeUnit.SECONDS);
        }
    }

    private static String place(RedisURI uri) {
        if (uri.getSentinelMasterId() != null) {
            return "the master that Sentinels call " + uri.getSentinelMasterId();
        }
        return uri.getSocket() == null ? uri.getHost() + ":" + uri.getPort() : uri.getSocket();
    }

    // Lettuce bounds its handshake by the timeout in the address, a minute unless told otherwise.
    private static RedisURI ours(RedisURI uri, Duration timeout) {
        RedisURI.Builder copy = RedisURI.builder(uri).withTimeout(timeout);
        if (uri.getClientName() == null) {
            copy.withClientName("realtime-ticket");
        }
        if (uri.getSentinelMasterId() != null) {
            copy.withSentinelMasterId(uri.getSentinelMasterId());
        }
        uri.getSentinels().forEach(sentinel -> copy.withSentinel(ours(sentinel, timeout)));
        return copy.build();
    }
}
