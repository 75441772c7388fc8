// SPDX-License-Identifier: Apache-2.0
package io.github.realtimeticket.spring.boot;

import io.lettuce.core.RedisURI;
import java.util.List;
import org.springframework.boot.data.redis.autoconfigure.DataRedisConnectionDetails;
import org.springframework.boot.data.redis.autoconfigure.DataRedisConnectionDetails.Cluster;
import org.springframework.boot.data.redis.autoconfigure.DataRedisConnectionDetails.Node;
import org.springframework.boot.data.redis.autoconfigure.DataRedisConnectionDetails.Sentinel;
import org.springframework.boot.data.redis.autoconfigure.DataRedisConnectionDetails.Standalone;

/** The address of Boot's connection details: of its properties, of a container, or of a bean of the application. */
final class BootRedisAddress {

    private BootRedisAddress() {}

    /** {@code secure} is TLS that the details do not know of, because a URL asks for it. */
    static RedisAddress of(DataRedisConnectionDetails details, boolean secure) {
        RedisAddress address = place(details);
        for (RedisURI uri : address.uris()) {
            RedisAddress.login(uri, details.getUsername(), details.getPassword());
            if (secure || address.bundle() != null) {
                uri.setSsl(true);
                uri.getSentinels().forEach(sentinel -> sentinel.setSsl(true));
            }
        }
        return address;
    }

    private static RedisAddress place(DataRedisConnectionDetails details) {
        Sentinel sentinel = details.getSentinel();
        if (sentinel != null) {
            RedisURI.Builder uri = RedisURI.builder()
                    .withSentinelMasterId(sentinel.getMaster())
                    .withDatabase(sentinel.getDatabase());
            uris(sentinel.getNodes()).forEach(node -> {
                RedisAddress.login(node, sentinel.getUsername(), sentinel.getPassword());
                uri.withSentinel(node);
            });
            return new RedisAddress(uri.build(), details.getSslBundle());
        }
        Cluster cluster = details.getCluster();
        if (cluster != null) {
            return new RedisAddress(uris(cluster.getNodes()), true, details.getSslBundle());
        }
        Standalone standalone = details.getStandalone();
        if (standalone == null || details.getMasterReplica() != null) {
            throw WrongProperty.wrong(
                    "store",
                    RealtimeTicketProperties.Store.REDIS,
                    "Tickets are not kept in the servers of spring.data.redis, whose roles are fixed:"
                            + " set realtime-ticket.redis.url to the one that accepts writing");
        }
        RedisURI uri = RedisAddress.server(standalone.getHost(), standalone.getPort());
        uri.setDatabase(standalone.getDatabase());
        return new RedisAddress(uri, details.getSslBundle());
    }

    private static List<RedisURI> uris(List<Node> nodes) {
        return nodes.stream()
                .map(node -> RedisAddress.server(node.host(), node.port()))
                .toList();
    }
}
