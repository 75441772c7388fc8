// SPDX-License-Identifier: Apache-2.0
package io.github.realtimeticket.spring.boot;

import io.lettuce.core.RedisCredentials;
import io.lettuce.core.RedisCredentialsProvider;
import io.lettuce.core.RedisURI;
import java.util.List;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/**
 * Where Redis is: the address of a server or of Sentinels, or the nodes of a Cluster.
 *
 * @param uris one address, or those of a Cluster's nodes
 * @param cluster whether it is a Cluster
 */
record RedisAddress(List<RedisURI> uris, boolean cluster) {

    static RedisAddress of(RedisURI uri) {
        return new RedisAddress(List.of(uri), false);
    }

    static RedisAddress cluster(List<RedisURI> nodes) {
        return new RedisAddress(nodes, true);
    }

    /** The address that the properties have, which {@link RedisProperties#hasAddress() have one} or mean this machine. */
    static RedisAddress of(RedisProperties properties) {
        if (!properties.cluster().nodes().isEmpty()) {
            return cluster(properties.cluster().nodes().stream()
                    .map(RedisAddress::node)
                    .toList());
        }
        RedisProperties.Sentinel sentinel = properties.sentinel();
        if (sentinel.master() != null) {
            List<RedisURI> nodes =
                    sentinel.nodes().stream().map(RedisAddress::node).toList();
            return of(sentinels(sentinel.master(), nodes, sentinel.username(), sentinel.password()));
        }
        if (properties.url() != null) {
            try {
                return of(RedisURI.create(properties.url()));
            } catch (IllegalArgumentException e) {
                // Not with the cause, whose message shows the password.
                throw AllowedValues.wrong("redis.url", null);
            }
        }
        String host = properties.host() == null ? "localhost" : properties.host();
        return of(RedisURI.create(host, properties.port() == null ? RedisProperties.DEFAULT_PORT : properties.port()));
    }

    static RedisURI sentinels(
            String master, List<RedisURI> nodes, @Nullable String username, @Nullable String password) {
        RedisURI.Builder uri = RedisURI.builder().withSentinelMasterId(master);
        nodes.forEach(node -> {
            login(node, username, password);
            uri.withSentinel(node);
        });
        return uri.build();
    }

    /** What the properties say besides the address, put over it. */
    RedisAddress with(RedisProperties properties) {
        for (RedisURI uri : uris) {
            login(uri, properties.username(), properties.password());
            if (properties.database() != null) {
                uri.setDatabase(properties.database());
            }
            if (properties.ssl().isOn()) {
                secure(uri);
            }
        }
        return this;
    }

    /** Hosts and ports, or the name that Sentinels know; no credentials. */
    String places() {
        return uris.stream()
                .map(uri -> uri.getSentinelMasterId() != null
                        ? "the master that Sentinels call " + uri.getSentinelMasterId()
                        : uri.getHost() + ":" + uri.getPort())
                .collect(Collectors.joining(", "));
    }

    static void login(RedisURI uri, @Nullable String username, @Nullable String password) {
        if (password != null) {
            uri.setCredentialsProvider(RedisCredentialsProvider.from(() -> RedisCredentials.just(username, password)));
        }
    }

    static void secure(RedisURI uri) {
        uri.setSsl(true);
        uri.getSentinels().forEach(sentinel -> sentinel.setSsl(true));
    }

    private static RedisURI node(String text) {
        int colon = text.lastIndexOf(':');
        String host = text.substring(0, colon);
        return RedisURI.create(
                host.startsWith("[") ? host.substring(1, host.length() - 1) : host,
                Integer.parseInt(text.substring(colon + 1)));
    }
}
