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
import java.time.Duration;
import org.junit.jupiter.api.Test;

/** A Sentinel says which server is the master. */
class SentinelTest {

    @Test
    void theServerThatTheSentinelNamesIsUsedAndAfterwardsTheNextOne() throws Exception {
        Ticket ticket = ticket();
        int port = FreePorts.one();

        try (Redis first = new Redis();
                Redis second = new Redis();
                RedisTicketStore store = patient(Sentinel.uri(port))) {
            assertThat(failureOf(store.ping()))
                    .as("before the Sentinel is there")
                    .isNotNull();
            try (Sentinel sentinel = new Sentinel(port, first, Duration.ofMinutes(1))) {
                awaitRecovery(store);
                assertThat(put(store, ticket)).isTrue();
                assertThat(take(store, ticket)).contains(ALICE);
                assertThat(first.calls("getdel")).isEqualTo(1);

                sentinel.cli().remove(Sentinel.MASTER);
                sentinel.cli().monitor(Sentinel.MASTER, "127.0.0.1", second.port(), 1);
                first.close();

                awaitRecovery(store);
                assertThat(second.cli().dbsize()).isPositive();
            }
        }
    }
}
