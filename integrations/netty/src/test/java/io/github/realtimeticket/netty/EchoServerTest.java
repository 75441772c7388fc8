// SPDX-License-Identifier: Apache-2.0
package io.github.realtimeticket.netty;

import static org.assertj.core.api.Assertions.assertThat;

import io.github.realtimeticket.Revocation;
import io.github.realtimeticket.Ticket;
import io.github.realtimeticket.TicketHolder;
import io.github.realtimeticket.Tickets;
import io.github.realtimeticket.fixtures.Connection;
import io.github.realtimeticket.fixtures.Leaks;
import io.github.realtimeticket.fixtures.Redis;
import io.github.realtimeticket.redis.RedisTicketStore;
import io.lettuce.core.RedisURI;
import java.net.URI;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;

class EchoServerTest {

    @RegisterExtension
    static final Leaks LEAKS = new Leaks();

    @Test
    void theExampleGreetsAndEchoesUpToTheEndOfTheLogin() throws Exception {
        try (var redis = new Redis();
                var store = RedisTicketStore.connect(RedisURI.create(redis.url()));
                var server = new EchoServer(redis.url(), 0)) {
            Ticket ticket = Tickets.of(store)
                    .issue(TicketHolder.of(1, "alice"))
                    .toCompletableFuture()
                    .join();
            URI base = URI.create("ws://127.0.0.1:" + server.port());
            URI chat = base.resolve("/chat?ticket=" + ticket.reveal());

            try (var client = Connection.open(chat)) {
                assertThat(client.next()).isEqualTo("Hello alice");
                client.send("ping");
                assertThat(client.next()).isEqualTo("ping");
                store.revocations()
                        .revoke(Revocation.holder(1))
                        .toCompletableFuture()
                        .join();
                assertThat(client.closeCode()).isEqualTo(3000);
            }
            assertThat(Connection.status(chat)).isEqualTo(401);
            assertThat(Connection.status(base.resolve("/other"))).isEqualTo(404);
        }
    }
}
