// SPDX-License-Identifier: Apache-2.0
package io.github.realtimeticket.interop.servers;

import static org.assertj.core.api.Assertions.assertThat;

import io.github.realtimeticket.redis.RedisTicketStore;
import io.github.realtimeticket.redis.RedisTicketStoreBuilder;
import io.lettuce.core.RedisURI;
import io.lettuce.core.api.sync.RedisCommands;
import io.lettuce.core.cluster.SlotHash;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.LockSupport;
import java.util.stream.IntStream;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.io.TempDir;

/** The same accounts in a Cluster, of two nodes, with what its Javadoc adds to them. */
class ClusterAccountsTest extends AccountScenarios {

    private static final int HALF = SlotHash.SLOT_COUNT / 2;

    @TempDir
    private static Path directory;

    private static final List<Valkey> NODES = new ArrayList<>();

    @BeforeAll
    static void start() throws Exception {
        for (int i = 0; i < 2; i++) {
            Path home = Files.createDirectory(directory.resolve("node-" + i));
            var node = new Valkey(home, "--cluster-enabled", "yes");
            NODES.add(node);
            int[] slots = IntStream.range(i * HALF, (i + 1) * HALF).toArray();
            node.operate(cli -> {
                assertThat(cli.clusterAddSlots(slots)).isEqualTo("OK");
                makeAccounts(cli);
            });
        }
        NODES.get(0).operate(cli -> assertThat(
                        cli.clusterMeet("127.0.0.1", NODES.get(1).port()))
                .isEqualTo("OK"));
        NODES.forEach(node -> node.operate(ClusterAccountsTest::awaitWhole));
    }

    private static void makeAccounts(RedisCommands<String, String> cli) {
        String inCluster = BOTH + "+cluster|nodes +eval ";
        account(cli, "issuer", inCluster + "+set %RW~ticket:*");
        account(cli, "redeemer", inCluster + "+getdel +get +del %RW~ticket:*");
        account(cli, "tracer", inCluster + "+get +set +pttl +del %RW~ticket:*");
        account(cli, "revoker", inCluster + "+set %RW~ticket:*" + FEED + " +xadd %RW~ticket-revocations");
        account(cli, "listener", inCluster + "+getdel +get +del %RW~ticket:*" + FEED);
    }

    private static void awaitWhole(RedisCommands<String, String> cli) {
        long end = System.nanoTime() + TimeUnit.SECONDS.toNanos(60);
        while (!cli.clusterInfo().contains("cluster_state:ok")
                || !cli.clusterInfo().contains("cluster_size:2")) {
            assertThat(System.nanoTime()).as(cli.clusterInfo()).isLessThan(end);
            LockSupport.parkNanos(10_000_000);
        }
    }

    @AfterAll
    static void stop() throws Exception {
        for (Valkey node : NODES) {
            node.close();
        }
    }

    @Override
    protected RedisURI uri() {
        return NODES.get(0).uri();
    }

    @Override
    protected RedisTicketStoreBuilder storeAt(RedisURI uri) {
        return RedisTicketStore.clusterBuilder(List.of(uri));
    }
}
