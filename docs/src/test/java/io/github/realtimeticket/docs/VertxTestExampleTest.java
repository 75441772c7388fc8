// SPDX-License-Identifier: Apache-2.0
package io.github.realtimeticket.docs;

import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.github.realtimeticket.Gate;
import io.github.realtimeticket.Ticket;
import io.github.realtimeticket.TicketHolder;
import io.github.realtimeticket.TicketStore;
import io.github.realtimeticket.Tickets;
import io.github.realtimeticket.vertx.TicketHandshakeHandler;
import io.vertx.core.Vertx;
import io.vertx.core.http.HttpServer;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.WebSocket;
import java.net.http.WebSocketHandshakeException;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;

/** What docs/testing.md shows. */
class VertxTestExampleTest {

    @Test
    void aTicketOpensOneSocket() throws Exception {
        Tickets tickets = Tickets.of(TicketStore.inMemory());
        Vertx vertx = Vertx.vertx();
        HttpServer server = chat(vertx, Gate.of(tickets)).listen(0).await(20, TimeUnit.SECONDS);
        Ticket ticket =
                tickets.issue(TicketHolder.of(7, "bob")).toCompletableFuture().join();

        open(server, ticket).abort();

        assertThatThrownBy(() -> open(server, ticket)).hasCauseInstanceOf(WebSocketHandshakeException.class);
        vertx.close().await(20, TimeUnit.SECONDS);
    }

    private static WebSocket open(HttpServer server, Ticket ticket) {
        URI uri = URI.create("ws://localhost:" + server.actualPort() + "/?ticket=" + ticket.reveal());
        return HttpClient.newHttpClient()
                .newWebSocketBuilder()
                .buildAsync(uri, new WebSocket.Listener() {})
                .join();
    }

    private static HttpServer chat(Vertx vertx, Gate gate) {
        return vertx.createHttpServer()
                .requestHandler(TicketHandshakeHandler.of(
                        gate,
                        (admitted, socket) -> socket.writeTextMessage(
                                "Hello " + admitted.holder().username())));
    }
}
