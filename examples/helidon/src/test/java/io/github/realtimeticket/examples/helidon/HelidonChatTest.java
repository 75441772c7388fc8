// SPDX-License-Identifier: Apache-2.0
package io.github.realtimeticket.examples.helidon;

import static io.github.realtimeticket.fixtures.StoreWithRedis.PATIENCE;
import static org.assertj.core.api.Assertions.assertThat;

import io.github.realtimeticket.Gate;
import io.github.realtimeticket.TicketHolder;
import io.github.realtimeticket.TicketStore;
import io.github.realtimeticket.Tickets;
import io.github.realtimeticket.fixtures.ChatScenarios;
import io.github.realtimeticket.fixtures.Connection;
import io.github.realtimeticket.fixtures.StoreWithRedis;
import io.github.realtimeticket.redis.RedisTicketStore;
import io.github.realtimeticket.testkit.GateContract;
import io.helidon.webserver.WebServer;
import io.helidon.webserver.websocket.WsRouting;
import java.io.IOException;
import java.net.URI;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.RejectedExecutionException;
import java.util.function.LongSupplier;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Nested;
import org.junit.jupiter.api.Test;

class HelidonChatTest {

    private final TicketStore store = TicketStore.inMemory();

    @Nested
    class WebSockets extends GateContract {

        // All that the contract tries, so that the gate decides on them and not Helidon.
        private static final Set<String> ORIGINS = Set.of(
                ORIGIN,
                "https://evil.example",
                "http://app.example",
                "https://app.example.evil.example",
                "https://app.example:8443",
                "null");

        @Override
        protected RunningServer serve(Gate gate) {
            return start(gate, ORIGINS);
        }

        @Override
        protected Optional<String> username(String greeting) {
            return Optional.of(greeting.replaceFirst("^Hello ", ""));
        }
    }

    static GateContract.RunningServer start(Gate gate, Set<String> origins) {
        var server = new HelidonChat(gate, 0, origins);
        return GateContract.RunningServer.of(() -> uri(server, "/chat"), server::close);
    }

    @Nested
    class WebSocketsWithTicketsInRedis extends WebSockets {
        @Override
        protected TicketStore store(LongSupplier unused) throws IOException {
            return new StoreWithRedis(
                    uri -> RedisTicketStore.builder(uri).timeout(PATIENCE).build());
        }
    }

    @Nested
    class Scenarios extends ChatScenarios {

        private Gate gate;
        private HelidonChat server;

        @Override
        protected URI serve(Gate gate) {
            this.gate = gate;
            server = new HelidonChat(gate, 0, Set.of());
            return uri(server, "/chat");
        }

        @Override
        protected int open() {
            return gate.connections().count();
        }

        // A client comes while the server stops.
        @Override
        protected boolean mayLog(Throwable fault) {
            return fault instanceof RejectedExecutionException;
        }

        @AfterEach
        void stop() {
            server.close();
        }
    }

    @Test
    void aTicketOpensOneWebSocket() throws Exception {
        try (var server = new HelidonChat(Gate.of(store), 0, Set.of())) {
            URI chat = uri(server, "/chat?ticket=" + issue());

            try (var client = Connection.open(chat)) {
                assertThat(client.next()).isEqualTo("Hello alice");
            }
            assertThat(Connection.status(chat)).isEqualTo(401);
        }
    }

    @Test
    void aRequestThatMeetsItsGateTwiceUsesUpOneTicket() throws Exception {
        try (var chat = new HelidonChat(Gate.of(store), 0, Set.of())) {
            WebServer twice = WebServer.builder()
                    .host("127.0.0.1")
                    .routing(routing -> routing.addFilter(chat::admit).addFilter(chat::admit))
                    .addRouting(WsRouting.builder().endpoint("/chat", HelidonChat.Chat::new))
                    .build()
                    .start();
            URI address = URI.create("ws://127.0.0.1:" + twice.port() + "/chat?ticket=" + issue());

            try (var client = Connection.open(address)) {
                assertThat(client.next()).isEqualTo("Hello alice");
            } finally {
                twice.stop();
            }
        }
    }

    @Test
    void t20_anOriginThatHelidonRefusesUsesUpNoTicket() throws Exception {
        try (var server = new HelidonChat(Gate.of(store), 0, Set.of())) {
            URI chat = uri(server, "/chat?ticket=" + issue());

            assertThat(Connection.status(chat, "Origin", "https://evil.example"))
                    .isEqualTo(403);
            assertThat(Connection.status(chat)).isEqualTo(101);
        }
    }

    private static URI uri(HelidonChat server, String target) {
        return URI.create("ws://127.0.0.1:" + server.port() + target);
    }

    private String issue() {
        return Tickets.of(store)
                .issue(TicketHolder.of(1, "alice"))
                .toCompletableFuture()
                .join()
                .reveal();
    }
}
