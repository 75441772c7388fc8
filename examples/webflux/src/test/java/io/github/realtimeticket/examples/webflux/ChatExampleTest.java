// SPDX-License-Identifier: Apache-2.0
package io.github.realtimeticket.examples.webflux;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.github.realtimeticket.Ticket;
import io.github.realtimeticket.TicketHolder;
import io.github.realtimeticket.Tickets;
import java.net.URI;
import java.time.Duration;
import java.util.concurrent.CompletableFuture;
import org.junit.jupiter.api.Test;
import org.springframework.beans.factory.annotation.Autowired;
import org.springframework.boot.test.context.SpringBootTest;
import org.springframework.boot.test.context.SpringBootTest.WebEnvironment;
import org.springframework.boot.test.web.server.LocalServerPort;
import org.springframework.test.web.reactive.server.WebTestClient;
import org.springframework.web.reactive.socket.WebSocketMessage;
import org.springframework.web.reactive.socket.client.ReactorNettyWebSocketClient;

/** What docs/webflux.md shows. */
@SpringBootTest(webEnvironment = WebEnvironment.RANDOM_PORT, properties = "realtime-ticket.gate.paths=/realtime/**")
class ChatExampleTest {

    @LocalServerPort
    int port;

    @Autowired
    Tickets tickets;

    @Test
    void aTicketOpensOneSocket() {
        Ticket ticket =
                tickets.issue(TicketHolder.of(7, "bob")).toCompletableFuture().join();

        assertThat(greeting(ticket)).isEqualTo("Hello bob");
        assertThatThrownBy(() -> greeting(ticket)).hasMessageContaining("401");
    }

    @Test
    void aTicketOpensOneStream() {
        WebTestClient client =
                WebTestClient.bindToServer().baseUrl("http://localhost:" + port).build();
        Ticket ticket =
                tickets.issue(TicketHolder.of(7, "bob")).toCompletableFuture().join();

        String first = client.get()
                .uri("/realtime/listen?ticket=" + ticket.reveal())
                .exchange()
                .expectStatus()
                .isOk()
                .returnResult(String.class)
                .getResponseBody()
                .blockFirst(Duration.ofSeconds(30));
        assertThat(first).isEqualTo("Hello bob");
        client.get()
                .uri("/realtime/listen?ticket=" + ticket.reveal())
                .exchange()
                .expectStatus()
                .isUnauthorized();
    }

    private String greeting(Ticket ticket) {
        URI uri = URI.create("ws://localhost:" + port + "/realtime/chat?ticket=" + ticket.reveal());
        var greeting = new CompletableFuture<String>();
        new ReactorNettyWebSocketClient()
                .execute(uri, session -> session.receive()
                        .next()
                        .map(WebSocketMessage::getPayloadAsText)
                        .doOnNext(greeting::complete)
                        .then())
                .block(Duration.ofSeconds(30));
        return greeting.join();
    }
}
