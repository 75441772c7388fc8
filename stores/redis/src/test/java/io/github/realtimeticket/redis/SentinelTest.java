// SPDX-License-Identifier: Apache-2.0
package io.github.realtimeticket.redis;

import static io.github.realtimeticket.redis.Fixture.ALICE;
import static io.github.realtimeticket.redis.Fixture.awaitRecovery;
import static io.github.realtimeticket.redis.Fixture.failureOf;
import static io.github.realtimeticket.redis.Fixture.patient;
import static io.github.realtimeticket.redis.Fixture.put;
import static io.github.realtimeticket.redis.Fixture.take;
import static io.github.realtimeticket.redis.Fixture.ticket;
import static org.assertj.core.api.Assertions.assertThat;

import io.github.realtimeticket.Ticket;
import io.github.realtimeticket.fixtures.FreePorts;
import io.github.realtimeticket.fixtures.Redis;
import io.lettuce.core.RedisClient;
import io.lettuce.core.RedisURI;
import io.lettuce.core.sentinel.api.StatefulRedisSentinelConnection;
import java.time.Duration;
import org.junit.jupiter.api.Test;
import redis.embedded.RedisSentinel;
import redis.embedded.core.RedisSentinelBuilder;

/** A Sentinel says which server is the master. */
class SentinelTest {

    static final String MASTER = "tickets";

    @Test
    void theServerThatTheSentinelNamesIsUsedAndAfterwardsTheNextOne() throws Exception {
        Ticket ticket = ticket();
        int port = FreePorts.one();
        RedisURI uri = RedisURI.Builder.sentinel("127.0.0.1", port, MASTER).build();

        try (Redis first = new Redis();
                Redis second = new Redis();
                RedisTicketStore store = patient(uri)) {
            assertThat(failureOf(store.ping()))
                    .as("before the Sentinel is there")
                    .isNotNull();
            RedisSentinel sentinel = sentinel(port, first.port(), Duration.ofMinutes(1));
            sentinel.start();
            try {
                awaitRecovery(store);
                assertThat(put(store, ticket)).isTrue();
                assertThat(take(store, ticket)).contains(ALICE);
                assertThat(first.calls("getdel")).isEqualTo(1);

                monitorInstead(port, second.port());
                first.close();

                awaitRecovery(store);
                assertThat(second.cli().dbsize()).isPositive();
            } finally {
                sentinel.stop();
            }
        }
    }

    static RedisSentinel sentinel(int port, int master, Duration downAfter) {
        var builder = new RedisSentinelBuilder();
        builder.reset();
        return builder.bind("127.0.0.1")
                .port(port)
                .masterName(MASTER)
                .masterPort(master)
                .quorumSize(1)
                .downAfterMilliseconds(downAfter.toMillis())
                .failOverTimeout(60_000)
                .parallelSyncs(1)
                .build();
    }

    static boolean knowsReplica(int sentinel) {
        RedisClient client = RedisClient.create(RedisURI.create("127.0.0.1", sentinel));
        try (StatefulRedisSentinelConnection<String, String> connection =
                client.connectSentinel(RedisURI.create("127.0.0.1", sentinel))) {
            return !connection.sync().replicas(MASTER).isEmpty();
        } finally {
            client.shutdown(Duration.ZERO, Duration.ofSeconds(2));
        }
    }

    private static void monitorInstead(int sentinel, int master) {
        RedisClient client = RedisClient.create(RedisURI.create("127.0.0.1", sentinel));
        try (StatefulRedisSentinelConnection<String, String> connection =
                client.connectSentinel(RedisURI.create("127.0.0.1", sentinel))) {
            connection.sync().remove(MASTER);
            connection.sync().monitor(MASTER, "127.0.0.1", master, 1);
        } finally {
            client.shutdown(Duration.ZERO, Duration.ofSeconds(2));
        }
    }
}
