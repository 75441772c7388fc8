// SPDX-License-Identifier: Apache-2.0
package io.github.realtimeticket.examples.backends;

import static org.assertj.core.api.Assertions.assertThat;

import io.github.realtimeticket.Gate;
import io.github.realtimeticket.TicketHolder;
import io.github.realtimeticket.Tickets;
import io.github.realtimeticket.fixtures.Connection;
import io.github.realtimeticket.fixtures.FreePorts;
import io.github.realtimeticket.fixtures.Redis;
import io.github.realtimeticket.redis.RedisTicketStore;
import java.net.URI;
import java.time.Duration;
import org.junit.jupiter.api.Test;

class SocketIoChatTest {

    @Test
    void theExampleGreetsAndEchoesWithTicketsInRedis() throws Exception {
        int port = FreePorts.one();
        try (var redis = new Redis();
                var store = RedisTicketStore.builder(redis.uri())
                        .timeout(Duration.ofSeconds(10))
                        .build();
                var server = new SocketIoChat(Gate.of(store), port)) {
            String ticket = Tickets.of(store)
                    .issue(TicketHolder.of(1, "alice"))
                    .toCompletableFuture()
                    .join()
                    .reveal();
            URI chat = URI.create("ws://127.0.0.1:" + port + "/socket.io/?EIO=4&transport=websocket&ticket=" + ticket);

            try (var client = Connection.open(chat)) {
                client.send("40");
                assertThat(client.next()).startsWith("0{\"sid\":");
                assertThat(client.next()).isEqualTo("42[\"message\",\"Hello alice\"]");
                assertThat(client.next()).startsWith("40{\"sid\":");
                client.send("42[\"message\",\"ping\"]");
                assertThat(client.next()).isEqualTo("42[\"message\",\"ping\"]");
            }
            assertThat(Connection.status(chat)).isEqualTo(401);
        }
    }
}
