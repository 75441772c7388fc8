// SPDX-License-Identifier: Apache-2.0
package io.github.realtimeticket.examples.quarkus;

import static org.assertj.core.api.Assertions.assertThat;

import io.github.realtimeticket.Ticket;
import io.github.realtimeticket.TicketHolder;
import io.github.realtimeticket.TicketStore;
import io.github.realtimeticket.Tickets;
import io.github.realtimeticket.fixtures.Connection;
import io.github.realtimeticket.fixtures.WebUser;
import io.quarkus.test.common.QuarkusTestResource;
import io.quarkus.test.common.http.TestHTTPResource;
import io.quarkus.test.junit.QuarkusTest;
import jakarta.inject.Inject;
import java.net.URI;
import org.junit.jupiter.api.Test;

@QuarkusTest
@QuarkusTestResource(RealRedis.class)
class ChatExampleTest {

    @TestHTTPResource("/chat")
    URI address;

    @Inject
    TicketStore store;

    @Test
    void aTicketOpensOneSocket() throws Exception {
        Ticket ticket = Tickets.of(store)
                .issue(TicketHolder.of(7, "bob"))
                .toCompletableFuture()
                .join();
        URI chat = URI.create("ws://localhost:" + address.getPort() + "/chat?ticket=" + ticket.reveal());

        try (var client = Connection.open(chat)) {
            assertThat(client.next()).isEqualTo("Hello bob");
            client.send("ping");
            assertThat(client.next()).isEqualTo("ping");
        }
        assertThat(Connection.status(chat)).isEqualTo(401);
    }

    @Test
    void whereThereIsNoIssuerThereIsNoRouteToIt() throws Exception {
        var user = new WebUser("http://localhost:" + address.getPort());

        assertThat(user.post("/ticket/").statusCode()).isEqualTo(404);
    }
}
