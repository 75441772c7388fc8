// SPDX-License-Identifier: Apache-2.0
package io.github.realtimeticket.docs;

import static org.assertj.core.api.Assertions.assertThat;

import io.github.realtimeticket.Ticket;
import io.github.realtimeticket.TicketBinding;
import io.github.realtimeticket.TicketHolder;
import io.github.realtimeticket.TicketValue;
import io.github.realtimeticket.fixtures.Redis;
import io.github.realtimeticket.redis.RedisTicketStore;
import io.github.realtimeticket.redis.TicketKeys;
import java.time.Duration;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;
import org.junit.jupiter.api.AutoClose;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.DynamicTest;
import org.junit.jupiter.api.TestFactory;
import tools.jackson.databind.JsonNode;

/** The keys that the protocol's test vectors name are the ones in Redis (T7). */
class KeyVectorsTest {

    private static final TicketValue ALICE = new TicketValue(TicketHolder.of(1, "alice"), TicketBinding.none(), null);

    @AutoClose
    private static Redis redis;

    @BeforeAll
    static void start() throws Exception {
        redis = new Redis();
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
        redis.cli().flushall();

        try (RedisTicketStore store =
                RedisTicketStore.builder(redis.uri()).keys(keys).build()) {
            assertThat(store.put(ticket, ALICE, Duration.ofSeconds(10)))
                    .succeedsWithin(10, TimeUnit.SECONDS)
                    .isEqualTo(true);
        }

        assertThat(redis.cli().keys("*")).containsExactly(Vectors.text(names, name));
    }
}
