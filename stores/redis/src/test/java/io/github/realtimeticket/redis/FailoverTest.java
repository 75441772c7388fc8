// SPDX-License-Identifier: Apache-2.0
package io.github.realtimeticket.redis;

import static org.assertj.core.api.Assertions.assertThat;

import io.github.realtimeticket.Ticket;
import io.github.realtimeticket.fixtures.FreePorts;
import io.github.realtimeticket.fixtures.Log;
import io.github.realtimeticket.fixtures.Redis;
import io.lettuce.core.KillArgs;
import io.lettuce.core.MigrateArgs;
import io.lettuce.core.RedisException;
import io.lettuce.core.RedisURI;
import io.lettuce.core.cluster.SlotHash;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.function.BooleanSupplier;
import java.util.function.Predicate;
import java.util.logging.Level;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import redis.embedded.RedisSentinel;

/** Servers that die, are replaced and move their keys while tickets are issued and redeemed: no ticket is let in twice. */
class FailoverTest {

    private static final System.Logger LOG = System.getLogger(FailoverTest.class.getName());

    private static final int SLOTS = 16_384;
    private static final int MOVED = 400;
    private static final Duration TIMEOUT = Duration.ofSeconds(1);

    @TempDir
    Path directory;

    private final List<Redis> nodes = new ArrayList<>();

    @Test
    void aSentinelReplacesTheMaster() throws IOException {
        assertShort(this::failOverWithSentinel);
    }

    private Measured failOverWithSentinel() throws IOException {
        int port = FreePorts.one();
        RedisURI uri = RedisURI.Builder.sentinel("127.0.0.1", port, SentinelTest.MASTER)
                .build();

        try (Redis master = new Redis();
                Redis replica = new Redis()) {
            replica.cli().replicaof("127.0.0.1", master.port());
            await(() -> replica.cli().info("replication").contains("master_link_status:up"));
            RedisSentinel sentinel = SentinelTest.sentinel(port, master.port(), Duration.ofSeconds(1));
            sentinel.start();
            try (RedisTicketStore store =
                    RedisTicketStore.builder(uri).timeout(TIMEOUT).build()) {
                await(() -> replica.cli().info("replication").contains("role:slave"));
                // A sentinel looks for replicas every ten seconds.
                await(() -> SentinelTest.knowsReplica(port));
                try (Load load = new Load(store)) {
                    load.awaitSuccesses(50);
                    master.close();
                    long death = System.nanoTime();
                    await(() -> replica.cli().info("replication").contains("role:master"));
                    Duration promotion = Duration.ofNanos(System.nanoTime() - death);
                    load.awaitSuccesses(50);
                    return outage(load, death, promotion, ticket -> true);
                }
            } finally {
                sentinel.stop();
            }
        }
    }

    @Test
    void aReplicaOfAClusterIsPromoted() throws IOException {
        assertShort(() -> {
            try (Log log = new Log(RedisTicketStore.class)) {
                Measured measured = failOverInCluster();

                assertThat(log.said(Level.WARNING)).singleElement().asString().contains("Redis could not be reached");
                assertThat(log.stackTraces()).isEmpty();
                return measured;
            }
        });
    }

    private Measured failOverInCluster() throws IOException {
        try {
            startCluster(3);
            Redis replica = startNode("replica");
            replica.cli().clusterMeet("127.0.0.1", nodes.get(0).port());
            String id = nodes.get(0).cli().clusterMyId();
            await(() -> replica.cli().clusterNodes().contains(id));
            replica.cli().clusterReplicate(id);
            await(() -> replica.cli().info("replication").contains("master_link_status:up"));
            for (Redis primary : nodes.subList(0, 3)) {
                await(() -> primary.cli().clusterNodes().contains("slave " + id));
            }
            await(() -> replica.cli().clusterInfo().contains("cluster_size:3"));

            try (RedisTicketStore store = RedisTicketStore.clusterBuilder(
                                    List.of(nodes.get(1).uri(), nodes.get(0).uri()))
                            .timeout(TIMEOUT)
                            .build();
                    Load load = new Load(store)) {
                load.awaitSuccesses(50);
                nodes.get(0).close();
                long death = System.nanoTime();
                await(() -> replica.cli().info("replication").contains("role:master"));
                await(() -> nodes.get(1).cli().clusterInfo().contains("cluster_state:ok"));
                Duration promotion = Duration.ofNanos(System.nanoTime() - death);
                load.awaitSuccesses(50, FailoverTest::isOfTheFirstNode);
                return outage(load, death, promotion, FailoverTest::isOfTheFirstNode);
            }
        } finally {
            stopCluster();
        }
    }

    @Test
    void slotsOfAClusterMoveToAnotherNode() throws IOException {
        try {
            startCluster(2);
            Redis from = nodes.get(0);
            Redis to = nodes.get(1);
            String fromId = from.cli().clusterMyId();
            String toId = to.cli().clusterMyId();

            try (RedisTicketStore store = RedisTicketStore.clusterBuilder(List.of(from.uri()))
                            .timeout(TIMEOUT)
                            .build();
                    Load load = new Load(store)) {
                load.awaitSuccesses(50);
                for (int slot = 0; slot < MOVED; slot++) {
                    to.cli().clusterSetSlotImporting(slot, fromId);
                    from.cli().clusterSetSlotMigrating(slot, toId);
                    List<String> keys = from.cli().clusterGetKeysInSlot(slot, 1000);
                    if (!keys.isEmpty()) {
                        from.cli().migrate("127.0.0.1", to.port(), 0, 1000, MigrateArgs.Builder.keys(keys));
                    }
                    for (Redis node : List.of(to, from)) {
                        node.cli().clusterSetSlotNode(slot, toId);
                    }
                }
                load.awaitSuccesses(20, ticket -> slot(ticket) < MOVED);
                load.awaitSuccesses(20, ticket -> slot(ticket) >= MOVED && slot(ticket) < SLOTS / 2);
                load.close();

                assertThat(load.doubles()).isEmpty();
                assertThat(load.failed()).as("of " + load.size()).isLessThan(load.size() / 10);
                assertThat(load.lost())
                        .allMatch(life -> slot(life.ticket) < MOVED && life.first == Load.Outcome.OTHER_HISTORY);
            }
        } finally {
            stopCluster();
        }
    }

    @Test
    void aDeadNodeOfAClusterStopsItsOwnTicketsOnly() throws IOException {
        try {
            startCluster(3);
            nodes.forEach(node -> node.cli().configSet("cluster-require-full-coverage", "no"));
            nodes.get(0).close();
            Redis alive = nodes.get(1);
            await(() -> alive.cli().clusterInfo().contains("cluster_state:ok")
                    && !alive.cli().clusterInfo().contains("cluster_slots_fail:0"));

            try (RedisTicketStore store = RedisTicketStore.clusterBuilder(List.of(alive.uri()))
                    .timeout(Fixture.PATIENT)
                    .build()) {
                Predicate<Ticket> dead = FailoverTest::isOfTheFirstNode;
                for (Ticket ticket : tickets(3, dead)) {
                    assertThat(Fixture.failureOf(store.put(ticket, Fixture.ALICE, Fixture.LONG)))
                            .isNotNull();
                }
                for (Ticket ticket : tickets(7, dead.negate())) {
                    assertThat(Fixture.put(store, ticket)).isTrue();
                    assertThat(Fixture.take(store, ticket)).contains(Fixture.ALICE);
                }
                assertThat(store.checksHistory()).isTrue();

                nodes.subList(1, 3).forEach(node -> node.cli()
                        .clientKill(KillArgs.Builder.typeNormal().skipme()));
                Fixture.awaitRecovery(store);
            }
        } finally {
            stopCluster();
        }
    }

    private static List<Ticket> tickets(int number, Predicate<Ticket> wanted) {
        return Stream.generate(Fixture::ticket).filter(wanted).limit(number).toList();
    }

    private static boolean isOfTheFirstNode(Ticket ticket) {
        return slot(ticket) < SLOTS / 3;
    }

    private static int slot(Ticket ticket) {
        return SlotHash.getSlot("ticket:" + ticket.sha256());
    }

    private static Measured outage(Load load, long death, Duration promotion, Predicate<Ticket> concerned) {
        Duration length = load.outageSince(death, concerned);
        load.close();

        LOG.log(
                System.Logger.Level.INFO,
                "promotion {0} ms, outage {1} ms; of {2} tickets {3} failed, {4} were lost",
                promotion.toMillis(),
                length.toMillis(),
                load.size(),
                load.failed(),
                load.lost().size());
        assertThat(load.doubles()).isEmpty();
        assertThat(load.lost())
                .as("issued or redeemed in the outage")
                .allMatch(life -> life.isWithin(death, death + length.toNanos()));
        return new Measured(promotion, length);
    }

    /** A busy machine makes one outage too long, and not several. */
    private static void assertShort(Scenario failover) throws IOException {
        List<Measured> outages = new ArrayList<>();
        do {
            outages.add(failover.run());
        } while (outages.size() < 3 && outages.stream().noneMatch(Measured::isShort));

        assertThat(outages).anyMatch(Measured::isShort);
    }

    private interface Scenario {
        Measured run() throws IOException;
    }

    private record Measured(Duration promotion, Duration length) {
        boolean isShort() {
            return length.compareTo(promotion.multipliedBy(13).dividedBy(10).plusSeconds(1)) < 0;
        }
    }

    private void startCluster(int primaries) throws IOException {
        for (int i = 0; i < primaries; i++) {
            Redis node = startNode("node" + i);
            node.cli()
                    .clusterAddSlots(IntStream.range(i * SLOTS / primaries, (i + 1) * SLOTS / primaries)
                            .toArray());
            if (i > 0) {
                node.cli().clusterMeet("127.0.0.1", nodes.get(0).port());
            }
        }
        for (Redis node : nodes) {
            await(() -> node.cli().clusterInfo().contains("cluster_state:ok")
                    && node.cli().clusterInfo().contains("cluster_size:" + primaries));
        }
    }

    private Redis startNode(String name) throws IOException {
        Redis node = new Redis(
                "cluster-enabled yes",
                "cluster-node-timeout 1000",
                // On a busy machine the votes can take longer than a replica waits for them otherwise.
                "cluster-replica-validity-factor 0",
                "dir " + Files.createTempDirectory(directory, name));
        nodes.add(node);
        // As redis-cli does it. Equal ones are settled by a new one, and a replica that has not heard of it is
        // refused every vote.
        node.cli().clusterSetConfigEpoch(nodes.size());
        return node;
    }

    private void stopCluster() throws IOException {
        for (Redis node : nodes) {
            node.close();
        }
        nodes.clear();
    }

    private void await(BooleanSupplier condition) {
        try {
            Fixture.await(Duration.ofSeconds(60), () -> {
                try {
                    return condition.getAsBoolean();
                } catch (RedisException e) {
                    // A server that changes its role hangs up.
                    return false;
                }
            });
        } catch (AssertionError e) {
            throw new AssertionError(
                    "The nodes see: " + nodes.stream().map(FailoverTest::view).toList(), e);
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
}
