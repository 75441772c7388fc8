// SPDX-License-Identifier: Apache-2.0
package io.github.realtimeticket.examples.graphql;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.github.realtimeticket.Ticket;
import io.github.realtimeticket.TicketHolder;
import io.github.realtimeticket.Tickets;
import java.net.URI;
import java.time.Duration;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.springframework.beans.factory.annotation.Autowired;
import org.springframework.boot.test.context.SpringBootTest;
import org.springframework.boot.test.context.SpringBootTest.WebEnvironment;
import org.springframework.boot.test.web.server.LocalServerPort;
import org.springframework.graphql.client.WebSocketGraphQlClient;
import org.springframework.graphql.client.WebSocketGraphQlClientInterceptor;
import org.springframework.web.reactive.socket.client.ReactorNettyWebSocketClient;
import reactor.core.publisher.Mono;

/** What docs/graphql.md shows. */
@SpringBootTest(
        webEnvironment = WebEnvironment.RANDOM_PORT,
        properties = {"realtime-ticket.gate.graphql=true", "spring.graphql.websocket.path=/graphql"})
class ChatExampleTest {

    @LocalServerPort
    int port;

    @Autowired
    Tickets tickets;

    @Test
    void aTicketOpensOneSession() {
        Ticket ticket =
                tickets.issue(TicketHolder.of(7, "bob")).toCompletableFuture().join();

        assertThat(firstWords(ticket)).isEqualTo("Hello bob");
        assertThatThrownBy(() -> firstWords(ticket)).hasStackTraceContaining("4401");
    }

    private String firstWords(Ticket ticket) {
        WebSocketGraphQlClient client = WebSocketGraphQlClient.builder(
                        URI.create("ws://localhost:" + port + "/graphql"), new ReactorNettyWebSocketClient())
                .interceptor(new WebSocketGraphQlClientInterceptor() {
                    @Override
                    public Mono<Object> connectionInitPayload() {
                        return Mono.just(Map.of("ticket", ticket.reveal()));
                    }
                })
                .build();
        try {
            return client.document("subscription { said }")
                    .retrieveSubscription("said")
                    .toEntity(String.class)
                    .blockFirst(Duration.ofSeconds(30));
        } finally {
            client.stop().block(Duration.ofSeconds(30));
        }
    }
}
