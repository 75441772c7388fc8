// SPDX-License-Identifier: Apache-2.0
package io.github.realtimeticket.docs;

import static org.assertj.core.api.Assertions.assertThat;

import io.github.realtimeticket.Gate;
import io.github.realtimeticket.LiveConnection;
import io.github.realtimeticket.Ticket;
import io.github.realtimeticket.TicketHolder;
import io.github.realtimeticket.TicketStore;
import io.github.realtimeticket.Tickets;
import io.github.realtimeticket.fixtures.Connection;
import io.github.realtimeticket.vertx.TicketHandshakeHandler;
import io.vertx.core.Vertx;
import io.vertx.core.http.HttpServer;
import java.net.URI;
import java.util.List;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;

class DrainExampleTest {

    @Test
    void everyClientIsSentAway() throws Exception {
        Tickets tickets = Tickets.of(TicketStore.inMemory());
        Gate gate = Gate.of(tickets);
        Vertx vertx = Vertx.vertx();
        try {
            HttpServer server = vertx.createHttpServer()
                    .requestHandler(
                            TicketHandshakeHandler.of(gate, (admitted, socket) -> socket.writeTextMessage("in")))
                    .listen(0, "127.0.0.1")
                    .await(10, TimeUnit.SECONDS);
            try (Connection one = open(tickets, server);
                    Connection another = open(tickets, server);
                    Connection last = open(tickets, server)) {

                drain(gate, 2);

                for (Connection connection : List.of(one, another, last)) {
                    assertThat(connection.closeCode()).isEqualTo(1001);
                }
            }
        } finally {
            vertx.close().await(10, TimeUnit.SECONDS);
        }
    }

    private static Connection open(Tickets tickets, HttpServer server) throws Exception {
        Ticket ticket =
                tickets.issue(TicketHolder.of(1, "alice")).toCompletableFuture().get(10, TimeUnit.SECONDS);
        Connection connection =
                Connection.open(URI.create("ws://127.0.0.1:" + server.actualPort() + "/?ticket=" + ticket.reveal()));
        assertThat(connection.next()).isEqualTo("in");
        return connection;
    }

    /** Closes what is open now, so many a second. */
    static void drain(Gate gate, int aSecond) throws InterruptedException {
        List<LiveConnection> open = gate.connections().stream().toList();
        for (int i = 0; i < open.size(); i++) {
            if (i > 0 && i % aSecond == 0) {
                TimeUnit.SECONDS.sleep(1);
            }
            open.get(i).close(1001, "going away");
        }
    }
}
