// SPDX-License-Identifier: Apache-2.0
package io.github.realtimeticket.docs;

import static org.assertj.core.api.Assertions.assertThat;

import io.github.realtimeticket.Ticket;
import io.github.realtimeticket.TicketBinding;
import io.github.realtimeticket.TicketHolder;
import io.github.realtimeticket.TicketValue;
import io.github.realtimeticket.redis.RedisTicketStore;
import io.github.realtimeticket.redis.TicketKeys;
import io.lettuce.core.RedisClient;
import io.lettuce.core.RedisURI;
import io.lettuce.core.api.StatefulRedisConnection;
import java.time.Duration;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.DynamicTest;
import org.junit.jupiter.api.TestFactory;
import redis.embedded.RedisServer;
import tools.jackson.databind.JsonNode;

/** The keys that the protocol's test vectors name are the ones in Redis (T7). */
class KeyVectorsTest {

    private static final TicketValue ALICE = new TicketValue(TicketHolder.of(1, "alice"), TicketBinding.none(), null);

    private static RedisServer redis;
    private static RedisClient client;
    private static StatefulRedisConnection<String, String> operator;

    @BeforeAll
    static void start() throws Exception {
        redis = Servers.redis();
        client = RedisClient.create(uri());
        operator = client.connect();
    }

    @AfterAll
    static void stop() throws Exception {
        client.shutdown();
        redis.stop();
    }

    @TestFactory
    Stream<DynamicTest> aHashedKey() {
        return new Vectors().each("tickets", vector -> assertKept(vector, TicketKeys.hashed(), "key"));
    }

    @TestFactory
    Stream<DynamicTest> aCompatibleKey() {
        return new Vectors().each("tickets", vector -> vector.required("compatible_keys")
                .propertyNames()
                .forEach(prefix ->
                        assertKept(vector.required("compatible_keys"), vector, TicketKeys.plain(prefix), prefix)));
    }

    private static void assertKept(JsonNode vector, TicketKeys keys, String name) {
        assertKept(vector, vector, keys, name);
    }

    private static void assertKept(JsonNode names, JsonNode vector, TicketKeys keys, String name) {
        Ticket ticket = Ticket.parse(Vectors.text(vector, "ticket")).orElseThrow();
        operator.sync().flushall();

        try (RedisTicketStore store = RedisTicketStore.builder(uri()).keys(keys).build()) {
            assertThat(store.put(ticket, ALICE, Duration.ofSeconds(10)))
                    .succeedsWithin(10, TimeUnit.SECONDS)
                    .isEqualTo(true);
        }

        assertThat(operator.sync().keys("*")).containsExactly(Vectors.text(names, name));
    }

    private static RedisURI uri() {
        return RedisURI.create("127.0.0.1", redis.ports().get(0));
    }
}
