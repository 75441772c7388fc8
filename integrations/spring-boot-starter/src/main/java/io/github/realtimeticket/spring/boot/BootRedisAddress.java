// SPDX-License-Identifier: Apache-2.0
package io.github.realtimeticket.spring.boot;

import io.lettuce.core.RedisURI;
import java.util.List;
import org.springframework.boot.data.redis.autoconfigure.DataRedisConnectionDetails;
import org.springframework.boot.data.redis.autoconfigure.DataRedisConnectionDetails.Cluster;
import org.springframework.boot.data.redis.autoconfigure.DataRedisConnectionDetails.Node;
import org.springframework.boot.data.redis.autoconfigure.DataRedisConnectionDetails.Sentinel;
import org.springframework.boot.data.redis.autoconfigure.DataRedisConnectionDetails.Standalone;

/** The address of Boot's own {@code spring.data.redis} properties, or of whatever else knows it in their place. */
final class BootRedisAddress {

    private BootRedisAddress() {}

    static RedisAddress of(DataRedisConnectionDetails details) {
        RedisAddress address = place(details);
        for (RedisURI uri : address.uris()) {
            RedisAddress.login(uri, details.getUsername(), details.getPassword());
            if (details.getSslBundle() != null) {
                RedisAddress.secure(uri);
            }
        }
        return address;
    }

    private static RedisAddress place(DataRedisConnectionDetails details) {
        Sentinel sentinel = details.getSentinel();
        if (sentinel != null) {
            RedisURI uri = RedisAddress.sentinels(
                    sentinel.getMaster(), uris(sentinel.getNodes()), sentinel.getUsername(), sentinel.getPassword());
            uri.setDatabase(sentinel.getDatabase());
            return RedisAddress.of(uri);
        }
        Cluster cluster = details.getCluster();
        if (cluster != null) {
            return RedisAddress.cluster(uris(cluster.getNodes()));
        }
        Standalone standalone = details.getStandalone();
        if (standalone == null) {
            throw new IllegalStateException(
                    "Tickets cannot be kept in the servers of spring.data.redis, whose roles are fixed:"
                            + " set realtime-ticket.redis.host to the one that accepts writing");
        }
        RedisURI uri = RedisURI.create(standalone.getHost(), standalone.getPort());
        uri.setDatabase(standalone.getDatabase());
        return RedisAddress.of(uri);
    }

    private static List<RedisURI> uris(List<Node> nodes) {
        return nodes.stream()
                .map(node -> RedisURI.create(node.host(), node.port()))
                .toList();
    }
}
