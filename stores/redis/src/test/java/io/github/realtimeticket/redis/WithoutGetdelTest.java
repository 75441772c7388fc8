// SPDX-License-Identifier: Apache-2.0
package io.github.realtimeticket.redis;

import static io.github.realtimeticket.redis.Fixture.ALICE;
import static io.github.realtimeticket.redis.Fixture.awaitRecovery;
import static io.github.realtimeticket.redis.Fixture.patient;
import static io.github.realtimeticket.redis.Fixture.put;
import static io.github.realtimeticket.redis.Fixture.take;
import static io.github.realtimeticket.redis.Fixture.ticket;
import static org.assertj.core.api.Assertions.assertThat;

import io.github.realtimeticket.Ticket;
import io.github.realtimeticket.fixtures.FreePorts;
import io.github.realtimeticket.fixtures.Redis;
import io.github.realtimeticket.fixtures.Relay;
import java.io.IOException;
import org.junit.jupiter.api.Test;

/** A server whose GETDEL is renamed away answers as one from before 6.2 does. */
class WithoutGetdelTest {

    static final String WITHOUT_GETDEL = "rename-command GETDEL \"\"";

    @Test
    void t4_aScriptTakesTheTicket() throws IOException {
        Ticket ticket = ticket();

        try (Redis redis = new Redis(WITHOUT_GETDEL);
                RedisTicketStore store = patient(redis.uri())) {
            assertThat(put(store, ticket)).isTrue();

            assertThat(take(store, ticket)).contains(ALICE);

            assertThat(take(store, ticket)).isEmpty();
            assertThat(redis.cli().dbsize()).isZero();
        }
    }

    @Test
    void t4_thatGetdelIsUnknownIsFoundOutOnceAConnection() throws IOException {
        try (Redis redis = new Redis(WITHOUT_GETDEL);
                Relay relay = new Relay(redis.port());
                RedisTicketStore store = patient(relay.uri())) {
            for (int i = 0; i < 5; i++) {
                assertThat(take(store, ticket())).isEmpty();
            }

            assertThat(relay.requestsWith("GETDEL")).isEqualTo(1);
            assertThat(redis.calls("eval")).isEqualTo(5);
        }
    }

    @Test
    void t4_afterAReconnectToANewerServerGetdelIsUsed() throws IOException {
        int port = FreePorts.one();
        RedisTicketStore store;
        try (Redis older = Redis.at(port, WITHOUT_GETDEL)) {
            store = patient(older.uri());
            assertThat(take(store, ticket())).isEmpty();
        }

        try (store;
                Redis newer = Redis.at(port)) {
            awaitRecovery(store);
            assertThat(take(store, ticket())).isEmpty();

            assertThat(newer.calls("getdel")).isEqualTo(1);
            assertThat(newer.calls("eval")).isZero();
        }
    }

    @Test
    void t4_afterAReconnectToAnOlderServerTheScriptIsUsed() throws IOException {
        int port = FreePorts.one();
        RedisTicketStore store;
        try (Redis newer = Redis.at(port)) {
            store = patient(newer.uri());
            assertThat(take(store, ticket())).isEmpty();
        }

        try (store;
                Redis older = Redis.at(port, WITHOUT_GETDEL)) {
            awaitRecovery(store);
            assertThat(take(store, ticket())).isEmpty();

            assertThat(older.calls("eval")).isEqualTo(1);
        }
    }

    @Test
    void t5_aKeyOfAnotherTypeIsNothingAndStays() throws IOException {
        Ticket ticket = ticket();
        String key = "ticket:" + ticket.sha256();

        try (Redis redis = new Redis(WITHOUT_GETDEL);
                RedisTicketStore store = patient(redis.uri())) {
            redis.cli().rpush(key, "somebody's", "list");

            assertThat(take(store, ticket)).isEmpty();

            assertThat(redis.cli().llen(key)).isEqualTo(2);
        }
    }
}
