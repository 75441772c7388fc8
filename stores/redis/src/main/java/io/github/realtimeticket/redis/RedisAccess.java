// SPDX-License-Identifier: Apache-2.0
package io.github.realtimeticket.redis;

import io.lettuce.core.RedisClient;
import io.lettuce.core.RedisURI;
import io.lettuce.core.SslOptions;
import io.lettuce.core.api.StatefulConnection;
import io.lettuce.core.cluster.ClusterClientOptions;
import io.lettuce.core.cluster.RedisClusterClient;
import io.lettuce.core.codec.ByteArrayCodec;
import io.lettuce.core.resource.ClientResources;
import io.lettuce.core.resource.Delay;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.TimeUnit;
import java.util.function.Consumer;
import java.util.function.Supplier;
import java.util.stream.Collectors;

/**
 * How to come to a connection, and what to close in the end.
 *
 * @param place where Redis is, in words for the log
 */
record RedisAccess(
        String place,
        ClientResources resources,
        Supplier<CompletionStage<TicketConnection>> open,
        Consumer<CompletableFuture<TicketConnection>> close) {

    private static final Duration LONGEST_PAUSE = Duration.ofMillis(500);

    static RedisAccess to(RedisURI uri, SslOptions ssl, Duration timeout) {
        ClientResources resources = newResources();
        RedisClient client = RedisClient.create(resources);
        // The link opens the next connection itself.
        client.setOptions(
                AtMostOnce.withoutReconnect(timeout).mutate().sslOptions(ssl).build());
        return new RedisAccess(
                place(uri), resources, through(client, ours(uri, timeout)).open(), connection -> {
                    client.shutdown();
                    shutdown(resources);
                });
    }

    static RedisAccess toCluster(List<RedisURI> nodes, SslOptions ssl, Duration timeout) {
        ClientResources resources = newResources();
        RedisClusterClient client = RedisClusterClient.create(
                resources, nodes.stream().map(node -> ours(node, timeout)).toList());
        // Here a lost connection to one node stays part of the whole, and nobody but Lettuce opens it again.
        ClusterClientOptions options = AtMostOnce.clusterOptions(timeout);
        client.setOptions(options.mutate().sslOptions(ssl).build());
        String places = nodes.stream().map(RedisAccess::place).collect(Collectors.joining(", "));
        return new RedisAccess(places, resources, through(client).open(), connection -> {
            client.shutdown();
            shutdown(resources);
        });
    }

    static RedisAccess through(RedisClient client, RedisURI uri) {
        AtMostOnce.require(client.getOptions());
        return new RedisAccess(
                place(uri),
                client.getResources(),
                () -> client.connectAsync(ByteArrayCodec.INSTANCE, uri)
                        .thenApply(TicketConnection::ours)
                        .thenCompose(TicketConnection::whenReady),
                RedisLink::closeWhenOpen);
    }

    static RedisAccess through(RedisClusterClient client) {
        AtMostOnce.require(client.getOptions());
        return new RedisAccess(
                "a Cluster that the application's client knows",
                client.getResources(),
                () -> client.refreshPartitionsAsync()
                        .thenCompose(known -> client.connectAsync(ByteArrayCodec.INSTANCE))
                        .thenApply(TicketConnection::ours)
                        .thenCompose(TicketConnection::whenReady),
                RedisLink::closeWhenOpen);
    }

    static RedisAccess through(StatefulConnection<?, ?> connection, TicketConnection theirs) {
        return new RedisAccess(
                "a connection of the application",
                connection.getResources(),
                () -> CompletableFuture.completedFuture(theirs),
                RedisLink::closeWhenOpen);
    }

    private static String place(RedisURI uri) {
        if (uri.getSentinelMasterId() != null) {
            return "the master that Sentinels call " + uri.getSentinelMasterId();
        }
        return uri.getSocket() == null ? uri.getHost() + ":" + uri.getPort() : uri.getSocket();
    }

    private static ClientResources newResources() {
        return ClientResources.builder()
                .reconnectDelay(Delay.exponential(Duration.ZERO, LONGEST_PAUSE, 2, TimeUnit.MILLISECONDS))
                .build();
    }

    private static void shutdown(ClientResources resources) {
        resources.shutdown(0, 2, TimeUnit.SECONDS).awaitUninterruptibly(2, TimeUnit.SECONDS);
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
