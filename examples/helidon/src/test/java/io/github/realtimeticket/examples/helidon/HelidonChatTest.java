// SPDX-License-Identifier: Apache-2.0
package io.github.realtimeticket.examples.helidon;

import static org.assertj.core.api.Assertions.assertThat;

import io.github.realtimeticket.Gate;
import io.github.realtimeticket.TicketCarrier;
import io.github.realtimeticket.TicketHolder;
import io.github.realtimeticket.TicketStore;
import io.github.realtimeticket.Tickets;
import io.github.realtimeticket.fixtures.Connection;
import io.github.realtimeticket.fixtures.EndScenarios;
import io.github.realtimeticket.fixtures.Redis;
import io.github.realtimeticket.fixtures.RemoteStore;
import io.github.realtimeticket.fixtures.Wire;
import io.github.realtimeticket.redis.RedisTicketStore;
import io.github.realtimeticket.testkit.GateContract;
import io.helidon.webserver.WebServer;
import io.helidon.webserver.websocket.WsRouting;
import java.net.URI;
import java.time.Duration;
import java.util.Optional;
import java.util.Set;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Nested;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class HelidonChatTest {

    private static final String VERSION = "Sec-WebSocket-Version: 13\r\n";
    private static final String UPGRADE = "Upgrade: websocket\r\n";

    private final RemoteStore store = new RemoteStore();

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
    class Ends extends EndScenarios {

        private HelidonChat server;

        @Override
        protected URI serve(Gate gate) {
            server = new HelidonChat(gate, 0, Set.of());
            return uri(server, "/chat");
        }

        @AfterEach
        void stop() {
            server.close();
        }
    }

    @Test
    void theExampleGreetsAndEchoesWithTicketsInRedis() throws Exception {
        try (var redis = new Redis();
                var remote = RedisTicketStore.builder(redis.uri())
                        .timeout(Duration.ofSeconds(10))
                        .build();
                var server = new HelidonChat(Gate.of(remote), 0, Set.of())) {
            URI chat = uri(server, "/chat?ticket=" + issue(remote));

            try (var client = Connection.open(chat)) {
                assertThat(client.next()).isEqualTo("Hello alice");
                client.send("ping");
                assertThat(client.next()).isEqualTo("ping");
            }
            assertThat(Connection.status(chat)).isEqualTo(401);
        }
    }

    @Test
    void aTicketOpensOneWebSocket() throws Exception {
        try (var server = new HelidonChat(Gate.of(store), 0, Set.of())) {
            URI chat = uri(server, "/chat?ticket=" + issue(store));

            try (var client = Connection.open(chat)) {
                assertThat(client.next()).isEqualTo("Hello alice");
            }
            assertThat(Connection.status(chat)).isEqualTo(401);
        }
    }

    @Test
    void aTicketInAHeaderOpensAWebSocket() throws Exception {
        Gate gate =
                Gate.builder(Tickets.of(store)).carrier(TicketCarrier.header()).build();

        try (var server = new HelidonChat(gate, 0, Set.of());
                var client = Connection.open(uri(server, "/chat"), "Realtime-Ticket", issue(store))) {
            assertThat(client.next()).isEqualTo("Hello alice");
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
            URI address = URI.create("ws://127.0.0.1:" + twice.port() + "/chat?ticket=" + issue(store));

            try (var client = Connection.open(address)) {
                assertThat(client.next()).isEqualTo("Hello alice");
            } finally {
                twice.stop();
            }
        }
    }

    @Test
    void t20_whatHelidonRefusesUsesUpNoTicket() throws Exception {
        String ticket = issue(store);

        try (var server = new HelidonChat(Gate.of(store), 0, Set.of())) {
            assertThat(status(server, "GET /chat?ticket=" + ticket, VERSION)).isEqualTo(400);
            assertThat(status(server, "POST /chat?ticket=" + ticket, VERSION + UPGRADE))
                    .isEqualTo(400);
            assertThat(status(server, "GET /chat?ticket=" + ticket, "Sec-WebSocket-Version: 12\r\n" + UPGRADE))
                    .isEqualTo(400);
            assertThat(status(
                            server,
                            "GET /chat?ticket=" + ticket,
                            VERSION + UPGRADE + "Origin: https://evil.example\r\n"))
                    .isEqualTo(403);
            assertThat(status(server, "GET /chat?x=" + "x".repeat(20_000) + "&ticket=" + ticket, VERSION + UPGRADE))
                    .isIn(400, 414, 431);

            try (var client = Connection.open(uri(server, "/chat?ticket=" + ticket))) {
                assertThat(client.next()).isEqualTo("Hello alice");
            }
        }
    }

    @Test
    void aHandshakeThatNothingServesOpensNothing() throws Exception {
        try (var server = new HelidonChat(Gate.of(store), 0, Set.of())) {
            assertThat(status(server, "GET /other?ticket=" + issue(store), VERSION + UPGRADE))
                    .isEqualTo(404);
        }
    }

    @ParameterizedTest
    @ValueSource(strings = {"/other", "/chat/", "//chat", "/./chat", "/%63hat", "/chat;x=1", "/x/../chat", "/"})
    void whoHasNoTicketIsRefusedOnEveryPath(String path) throws Exception {
        try (var server = new HelidonChat(Gate.of(store), 0, Set.of());
                var client = new Wire(server.port())) {
            client.handshake(path);

            assertThat(client.answer().status()).isIn(400, 401);
        }
    }

    @Test
    void theServerServesOthersWhileTheStoreIsAsked() throws Exception {
        String ticket = issue(store);
        store.hold();

        try (var server = new HelidonChat(Gate.of(store), 0, Set.of());
                var client = new Wire(server.port());
                var other = new Wire(server.port())) {
            client.handshake("/chat?ticket=" + ticket);
            store.awaitTake();
            other.handshake("/chat");
            assertThat(other.answer().status()).isEqualTo(401);
            store.up();

            assertThat(client.answer().status()).isEqualTo(101);
        }
    }

    private static int status(HelidonChat server, String line, String headers) throws Exception {
        try (var client = new Wire(server.port())) {
            client.send(line + " HTTP/1.1\r\nHost: localhost\r\nConnection: Upgrade\r\n"
                    + "Sec-WebSocket-Key: dGhlIHNhbXBsZSBub25jZQ==\r\n" + headers + "\r\n");
            return client.answer().status();
        }
    }

    private static URI uri(HelidonChat server, String target) {
        return URI.create("ws://127.0.0.1:" + server.port() + target);
    }

    private static String issue(TicketStore store) {
        return Tickets.of(store)
                .issue(TicketHolder.of(1, "alice"))
                .toCompletableFuture()
                .join()
                .reveal();
    }
}
