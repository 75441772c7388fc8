// SPDX-License-Identifier: Apache-2.0
package io.github.realtimeticket.examples.micronaut;

import static org.assertj.core.api.Assertions.assertThat;

import io.github.realtimeticket.Gate;
import io.github.realtimeticket.TicketHolder;
import io.github.realtimeticket.TicketStore;
import io.github.realtimeticket.Tickets;
import io.github.realtimeticket.fixtures.ChatScenarios;
import io.github.realtimeticket.fixtures.Wire;
import io.micronaut.context.annotation.Requires;
import io.micronaut.context.exceptions.BeanContextException;
import io.micronaut.http.annotation.ServerFilter;
import io.micronaut.websocket.exceptions.WebSocketSessionException;
import java.net.URI;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

class MicronautScenariosTest extends ChatScenarios {

    private ChatServer server;

    @Override
    protected URI serve(Gate gate) {
        server = ChatServer.with(gate);
        return server.uri();
    }

    @Override
    protected int open() {
        return server.open();
    }

    @Override
    protected int statusOfNoUri() {
        return 400;
    }

    @Override
    protected int statusOfTooLong() {
        return 413;
    }

    @Test
    void aContextPathLeavesNoWebSocketOpen() throws Exception {
        var tickets = Tickets.of(TicketStore.inMemory());
        server = ChatServer.with(Gate.of(tickets), Map.of("micronaut.server.context-path", "/app"));
        int port = server.uri().getPort();
        String ticket = tickets.issue(TicketHolder.of(7, "bob"))
                .toCompletableFuture()
                .join()
                .reveal();

        for (String path : List.of("/chat", "/app/chat", "/app", "/")) {
            try (var stranger = new Wire(port)) {
                stranger.handshake(path);
                assertThat(stranger.answer().status()).as(path).isBetween(400, 404);
            }
        }
        try (var client = new Wire(port)) {
            client.handshake("/chat?ticket=" + ticket);
            assertThat(client.answer().status()).isEqualTo(101);
        }
    }

    @Test
    void aHandshakeThatMeetsItsFilterTwiceUsesUpOneTicket() throws Exception {
        var tickets = Tickets.of(TicketStore.inMemory());
        server = ChatServer.with(Gate.of(tickets), Map.of("filters", "two"));
        String ticket = tickets.issue(TicketHolder.of(7, "bob"))
                .toCompletableFuture()
                .join()
                .reveal();

        try (var client = new Wire(server.uri().getPort())) {
            client.handshake("/chat?ticket=" + ticket);
            assertThat(client.answer().status()).isEqualTo(101);
            assertThat(client.frame()).isEqualTo("text Hello bob");
        }
    }

    @ServerFilter(value = ServerFilter.MATCH_ALL_PATTERN, appendContextPath = false)
    @Requires(property = "filters", value = "two")
    static class SecondFilter extends MicronautChat.TicketFilter {
        SecondFilter(Gate gate) {
            super(gate);
        }
    }

    // A frame that comes before the answer; @OnOpen greets one that has gone; the server stops while one opens.
    @Override
    protected boolean mayLog(Throwable fault) {
        return fault instanceof ClassCastException
                || fault instanceof WebSocketSessionException
                || fault instanceof BeanContextException;
    }

    @AfterEach
    void stop() {
        server.close();
    }
}
