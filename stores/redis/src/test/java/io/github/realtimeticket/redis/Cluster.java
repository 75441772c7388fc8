// SPDX-License-Identifier: Apache-2.0
package io.github.realtimeticket.redis;

import io.github.realtimeticket.fixtures.Redis;
import io.lettuce.core.RedisException;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.function.BooleanSupplier;
import java.util.stream.IntStream;

/** A real Cluster, whose primaries share the slots in their order. */
final class Cluster implements AutoCloseable {

    static final int SLOTS = 16_384;

    private final Path directory;
    private final List<Redis> nodes = new ArrayList<>();

    /** @param directory where its nodes keep what they know of each other */
    Cluster(Path directory, int primaries) throws IOException {
        this.directory = directory;
        for (int i = 0; i < primaries; i++) {
            Redis node = start();
            node.cli()
                    .clusterAddSlots(IntStream.range(i * SLOTS / primaries, (i + 1) * SLOTS / primaries)
                            .toArray());
            if (i > 0) {
                node.cli().clusterMeet("127.0.0.1", node(0).port());
            }
        }
        for (Redis node : nodes) {
            await(() -> node.cli().clusterInfo().contains("cluster_state:ok")
                    && node.cli().clusterInfo().contains("cluster_size:" + primaries));
        }
    }

    Redis node(int number) {
        return nodes.get(number);
    }

    List<Redis> nodes() {
        return nodes;
    }

    /** Starts a replica of its first node. */
    Redis replica() throws IOException {
        int primaries = nodes.size();
        Redis replica = start();
        replica.cli().clusterMeet("127.0.0.1", node(0).port());
        String id = node(0).cli().clusterMyId();
        await(() -> replica.cli().clusterNodes().contains(id));
        replica.cli().clusterReplicate(id);
        await(() -> replica.cli().info("replication").contains("master_link_status:up"));
        for (Redis primary : nodes.subList(0, primaries)) {
            await(() -> primary.cli().clusterNodes().contains("slave " + id));
        }
        await(() -> replica.cli().clusterInfo().contains("cluster_size:" + primaries));
        return replica;
    }

    private Redis start() throws IOException {
        Redis node = new Redis(
                "cluster-enabled yes",
                "cluster-node-timeout 1000",
                // On a busy machine the votes can take longer than a replica waits for them otherwise.
                "cluster-replica-validity-factor 0",
                "dir " + Files.createTempDirectory(directory, "node"));
        nodes.add(node);
        // As redis-cli does it. Equal ones are settled by a new one, and a replica that has not heard of it is
        // refused every vote.
        node.cli().clusterSetConfigEpoch(nodes.size());
        return node;
    }

    /** Waits, and tells what the nodes see if it was in vain. */
    void await(BooleanSupplier condition) {
        try {
            Fixture.awaitAnswer(condition);
        } catch (AssertionError e) {
            throw new AssertionError(
                    "The nodes see: " + nodes.stream().map(Cluster::view).toList(), e);
        }
    }

    private static String view(Redis node) {
        try {
            return "\n" + node.port() + ":\n" + node.cli().clusterInfo()
                    + node.cli().clusterNodes();
        } catch (RedisException e) {
            return "\n" + node.port() + ": " + e;
        }
    }

    @Override
    public void close() throws IOException {
        for (Redis node : nodes) {
            node.close();
        }
    }
}
