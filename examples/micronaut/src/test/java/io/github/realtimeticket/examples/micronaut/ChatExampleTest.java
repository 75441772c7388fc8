// SPDX-License-Identifier: Apache-2.0
package io.github.realtimeticket.examples.micronaut;

import static org.assertj.core.api.Assertions.assertThat;

import io.github.realtimeticket.Gate;
import io.github.realtimeticket.Ticket;
import io.github.realtimeticket.TicketHolder;
import io.github.realtimeticket.TicketStore;
import io.github.realtimeticket.Tickets;
import io.github.realtimeticket.fixtures.Connection;
import io.micronaut.context.ApplicationContext;
import io.micronaut.context.annotation.Factory;
import io.micronaut.context.annotation.Replaces;
import io.micronaut.context.annotation.Requires;
import io.micronaut.runtime.server.EmbeddedServer;
import jakarta.inject.Singleton;
import java.net.URI;
import java.util.Map;
import org.junit.jupiter.api.Test;

class ChatExampleTest {

    @Factory
    @Requires(property = "tickets", value = "in-memory")
    static class InMemory {

        @Singleton
        Tickets tickets() {
            return Tickets.of(TicketStore.inMemory());
        }

        @Singleton
        @Replaces(Gate.class)
        Gate gate(Tickets tickets) {
            return Gate.of(tickets);
        }
    }

    @Test
    void aTicketOpensOneSocket() throws Exception {
        Map<String, Object> properties = Map.of("micronaut.server.port", -1, "tickets", "in-memory");

        try (var server = ApplicationContext.run(EmbeddedServer.class, properties)) {
            Tickets tickets = server.getApplicationContext().getBean(Tickets.class);
            Ticket ticket = tickets.issue(TicketHolder.of(7, "bob"))
                    .toCompletableFuture()
                    .join();
            URI chat = URI.create("ws://localhost:" + server.getPort() + "/chat?ticket=" + ticket.reveal());

            try (var client = Connection.open(chat)) {
                assertThat(client.next()).isEqualTo("Hello bob");
                client.send("ping");
                assertThat(client.next()).isEqualTo("ping");
            }
            assertThat(Connection.status(chat)).isEqualTo(401);
        }
    }
}
