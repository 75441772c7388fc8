// SPDX-License-Identifier: Apache-2.0
package io.github.realtimeticket.micronaut;

import static io.github.realtimeticket.fixtures.Eventually.eventually;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.github.realtimeticket.Gate;
import io.github.realtimeticket.Refusal;
import io.github.realtimeticket.Revocation;
import io.github.realtimeticket.Revocations;
import io.github.realtimeticket.TicketCarrier;
import io.github.realtimeticket.TicketHolder;
import io.github.realtimeticket.Tickets;
import io.github.realtimeticket.fixtures.Connection;
import io.github.realtimeticket.fixtures.RemoteStore;
import io.github.realtimeticket.fixtures.Requests;
import io.github.realtimeticket.fixtures.WebUser;
import io.github.realtimeticket.fixtures.Wire;
import io.micronaut.context.annotation.Requires;
import io.micronaut.context.exceptions.BeanContextException;
import io.micronaut.http.HttpRequest;
import io.micronaut.http.HttpResponse;
import io.micronaut.http.HttpStatus;
import io.micronaut.http.MutableHttpResponse;
import io.micronaut.http.annotation.RequestFilter;
import io.micronaut.http.annotation.ResponseFilter;
import io.micronaut.http.annotation.ServerFilter;
import io.micronaut.websocket.WebSocketSession;
import io.micronaut.websocket.annotation.OnMessage;
import io.micronaut.websocket.annotation.OnOpen;
import io.micronaut.websocket.annotation.ServerWebSocket;
import java.io.IOException;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.CompletionStage;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class TicketFilterTest {

    private static final TicketHolder ALICE = TicketHolder.of(1, "alice");

    private final Revocations revocations = Revocations.inMemory();
    private final RemoteStore store = new RemoteStore();
    private final Tickets tickets =
            Tickets.builder(store).revocations(revocations).build();
    private final Gate gate = Gate.of(tickets);

    @Test
    void anApplicationWithAWebSocketAndWithoutAGateDoesNotStart() {
        assertThatThrownBy(MicronautServer::with)
                .isInstanceOf(BeanContextException.class)
                .hasMessageContaining("no Gate bean");
    }

    @Test
    void anApplicationWithTwoGatesDoesNotStart() {
        Gate second = Gate.builder(tickets).audience("second").build();

        assertThatThrownBy(() -> MicronautServer.with(gate, second))
                .isInstanceOf(BeanContextException.class)
                .hasMessageContaining("Gate");
    }

    @Test
    void withoutWebSocketsNoGateIsNeededAndNothingOpens() throws Exception {
        try (var server = MicronautServer.set(Map.of("sockets", "none", "site", true))) {
            assertThat(status(server, "/chat?ticket=" + issue())).isBetween(400, 503);
            assertThat(server.login("alice").csrf()).isNotEmpty();
        }
    }

    @Test
    void aWebSocketThatIsExceptedIsTheApplicationsOwn() throws Exception {
        var settings = Map.<String, Object>of("open", true, "realtime-ticket.gate.except", "/open, /nothing");
        try (var server = MicronautServer.set(settings, gate);
                var client = new Wire(server.port())) {
            client.handshake("/open");
            assertThat(client.answer().status()).isEqualTo(101);
            assertThat(client.frame()).isEqualTo("text Hello all");

            assertThat(status(server, "/chat")).isEqualTo(401);
        }
    }

    @Test
    void aWebSocketThatIsNotExceptedIsNotOpenByAnotherSpelling() throws Exception {
        var settings = Map.<String, Object>of("open", true, "realtime-ticket.gate.except", "/op, open, /open/, /OPEN");
        try (var server = MicronautServer.set(settings, gate)) {
            for (String path : List.of("/open", "/open/", "/op", "/OPEN", "//open")) {
                assertThat(status(server, path)).as(path).isBetween(400, 404);
            }
        }
    }

    @Test
    void onlyWebSocketsExceptedNeedNoGate() throws Exception {
        var settings = Map.<String, Object>of("open", true, "realtime-ticket.gate.except", "/open,/chat,/any");
        try (var server = MicronautServer.set(settings)) {
            assertThat(status(server, "/open")).isEqualTo(101);
        }
    }

    @Test
    void aContextPathLeavesNoWebSocketOpen() throws Exception {
        try (var server = MicronautServer.set(Map.of("micronaut.server.context-path", "/app"), gate)) {
            for (String path : List.of("/chat", "/app/chat", "/app", "/")) {
                assertThat(status(server, path)).as(path).isBetween(400, 404);
            }
            assertThat(status(server, "/chat?ticket=" + issue())).isEqualTo(101);
        }
    }

    @Test
    void whereHttp2IsOnAHandshakeOfHttp1IsDecidedOn() throws Exception {
        try (var server = MicronautServer.set(Map.of("micronaut.server.http-version", "2.0"), gate)) {
            assertThat(status(server, "/chat")).isEqualTo(401);
            assertThat(status(server, "/chat?ticket=" + issue())).isEqualTo(101);
            eventually(() -> gate.connections().count() == 0);
        }
    }

    @Test
    void aHandshakeThatMeetsTheFilterTwiceUsesUpOneTicket() throws Exception {
        try (var server = MicronautServer.set(Map.of("filters", "two"), gate);
                var client = open(server, "/chat?ticket=" + issue())) {
            assertThat(client.frame()).isEqualTo("text Hello alice");
        }
    }

    @Test
    void t20_whatAnotherFilterRefusesUsesUpNoTicket() throws Exception {
        try (var server = MicronautServer.set(Map.of("filters", "more"), gate)) {
            String target = "/chat?ticket=" + issue();

            assertThat(status(server, target, "X-Refuse: 1")).isEqualTo(406);

            assertThat(status(server, target)).isEqualTo(101);
        }
    }

    @Test
    void t20_whatAnotherFilterAnswersUsesUpNoTicket() throws Exception {
        try (var server = MicronautServer.set(Map.of("filters", "more"), gate)) {
            String target = "/chat?ticket=" + issue();

            assertThat(status(server, target, "X-Answer: 1")).isEqualTo(202);

            assertThat(status(server, target)).isEqualTo(101);
        }
    }

    @Test
    void whatAnotherFilterMakesOfTheRequestDoesNotMatter() throws Exception {
        try (var server = MicronautServer.set(Map.of("filters", "more"), gate);
                var client = open(server, "/chat?ticket=" + issue(), "X-Another: 1")) {
            assertThat(client.frame()).isEqualTo("text Hello alice");
            eventually(() -> gate.connections().count() == 1);
        }
    }

    @Test
    void nothingOpensThatAFilterRefusesInItsLastWord() throws Exception {
        var settings = Map.<String, Object>of("filters", "more", "open", true, "realtime-ticket.gate.except", "/open");
        try (var server = MicronautServer.set(settings, gate);
                var client = new Wire(server.port())) {
            // Both on one connection.
            for (String path : List.of("/open", "/chat")) {
                client.handshake(path, "X-Refuse-Late: 1");

                assertThat(client.answer().status()).as(path).isEqualTo(406);
            }
            assertThat(server.bean(Chat.Sessions.class).everOpened).hasValue(0);
        }
    }

    @Test
    void theHolderIsTheUserWhoeverElseIsLoggedIn() throws Exception {
        try (var server = MicronautServer.set(Map.of("site", true), gate)) {
            WebUser bob = server.login("bob");
            String cookie = "Cookie: session=" + bob.cookies().get(0).getValue();

            try (var client = new Wire(server.port())) {
                client.handshake("/chat?ticket=" + issue(), cookie);
                assertThat(client.answer().status()).isEqualTo(101);
                assertThat(client.frame()).isEqualTo("text Hello alice");
            }
            assertThat(status(server, "/chat", cookie)).isEqualTo(401);
        }
    }

    @Test
    void aPlainRequestForAWebSocketIsToldSo() throws Exception {
        try (var server = MicronautServer.with(gate)) {
            String target = "/chat?ticket=" + issue();

            var answer = new WebUser("http://127.0.0.1:" + server.port()).get(target);

            assertThat(answer.statusCode()).isEqualTo(400);
            assertThat(answer.body()).contains("handshake");
            assertThat(status(server, target)).isEqualTo(101);
        }
    }

    @Test
    void aRequestThatMicronautDoesNotTakeForAHandshakeIsPlain() throws Exception {
        String request = "GET /login HTTP/1.1\r\nHost: localhost\r\nUpgrade: websocket\r\n\r\n";
        try (var server = MicronautServer.set(Map.of("site", true), gate);
                var client = new Wire(server.port())) {
            client.send(request);
            assertThat(client.answer().status()).isEqualTo(200);
        }
        try (var server = MicronautServer.set(Map.of("sockets", "none", "site", true));
                var client = new Wire(server.port())) {
            client.send(request);
            assertThat(client.answer().status()).isEqualTo(200);
        }
    }

    @ParameterizedTest
    @ValueSource(
            strings = {"Connection: Upgraded\r\nUpgrade: websocket", "Connection: Upgrade\r\nUpgrade: websocket, h2c"})
    void t20_aHandshakeThatNettyWouldRefuseUsesUpNoTicket(String lines) throws Exception {
        try (var server = MicronautServer.with(gate);
                var client = new Wire(server.port())) {
            String target = "/chat?ticket=" + issue();

            client.send(handshake(target, lines));
            Wire.Answer answer = client.answer();

            assertThat(answer.status()).isEqualTo(400);
            assertThat(answer.body()).isEqualTo(Refusal.UNSUITABLE.body());
            assertThat(status(server, target)).isEqualTo(101);
        }
    }

    @ParameterizedTest
    @ValueSource(strings = {"keep-alive, Upgrade", "keep-alive\r\nConnection: Upgrade"})
    void aTicketOpensWhateverElseIsSaidOfTheConnection(String connection) throws Exception {
        try (var server = MicronautServer.with(gate);
                var client = new Wire(server.port())) {
            client.send(handshake("/chat?ticket=" + issue(), "Connection: " + connection + "\r\nUpgrade: websocket"));

            assertThat(client.answer().status()).isEqualTo(101);
            assertThat(client.frame()).isEqualTo("text Hello alice");
        }
    }

    @Test
    void t10_aWildcardEchoesNoTicket() throws Exception {
        Gate bySubprotocol =
                Gate.builder(tickets).carrier(TicketCarrier.subprotocol()).build();
        try (var server = MicronautServer.with(bySubprotocol)) {
            try (var client = new Wire(server.port())) {
                client.handshake("/any", "Sec-WebSocket-Protocol: ticket." + issue() + ", other");
                assertThat(client.answer().headers()).containsEntry("sec-websocket-protocol", "other");
                assertThat(client.frame()).isEqualTo("text Hello other");
            }
            try (var client = new Wire(server.port())) {
                client.handshake("/any", "Sec-WebSocket-Protocol: ticket." + issue());
                assertThat(client.answer().headers()).doesNotContainKey("sec-websocket-protocol");
            }
        }
    }

    @Test
    void aSecondHandshakeOnAConnectionOpensNothing() throws Exception {
        try (var server = MicronautServer.with(gate);
                var client = new Wire(server.port())) {
            List<String> issued = List.of(issue(), issue());
            store.hold();
            client.handshake("/chat?ticket=" + issued.get(0));
            store.awaitTake();
            client.handshake("/chat?ticket=" + issued.get(1));
            assertThat(client.rest()).isEmpty();
            store.up();

            eventually(() -> gate.connections().count() == 0 && server.chat().open() == 0);
            assertThat(status(server, "/chat?ticket=" + issue())).isEqualTo(101);
        }
    }

    @Test
    void aRefusedClientMayTryAgainOnItsConnection() throws Exception {
        try (var server = MicronautServer.with(gate);
                var client = new Wire(server.port())) {
            client.handshake("/chat");
            assertThat(client.answer().status()).isEqualTo(401);

            client.handshake("/chat?ticket=" + issue());
            assertThat(client.answer().status()).isEqualTo(101);
        }
    }

    @Test
    void theApplicationMayForbidWhatTheHolderWants() throws Exception {
        try (var server = MicronautServer.with(gate);
                var client = open(server, "/chat?ticket=" + issue())) {
            assertThat(client.frame()).isEqualTo("text Hello alice");

            client.text("forbidden");

            assertThat(client.frame()).isEqualTo("close 3003");
        }
    }

    @Test
    void t16_theEndpointIsToldTheEndOnce() throws Exception {
        try (var server = MicronautServer.with(gate);
                var client = Connection.open(server.uri("ws", "/any?ticket=" + issue()))) {
            assertThat(client.next()).isEqualTo("Hello nothing");
            revokeAlice();

            assertThat(client.closeCode()).isEqualTo(3000);
            eventually(() -> gate.connections().count() == 0);
            assertThat(server.bean(Chat.Any.class).ends).containsExactly(3000);
        }
    }

    @Test
    void t16_aClientThatDoesNotAnswerTheCloseIsCutOff() throws Exception {
        try (var server = MicronautServer.with(gate);
                var client = open(server, "/chat?ticket=" + issue())) {
            assertThat(client.frame()).isEqualTo("text Hello alice");
            revokeAlice();

            assertThat(client.frame()).isEqualTo("close 3000");
            assertThat(client.rest()).isEmpty();
            eventually(() -> gate.connections().count() == 0);
        }
    }

    private void revokeAlice() {
        assertThat(revocations.revoke(Revocation.holder(1))).isCompleted();
    }

    private String issue() {
        return tickets.issue(ALICE).toCompletableFuture().join().reveal();
    }

    private static String handshake(String target, String lines) {
        return new String(Requests.handshake(target), StandardCharsets.US_ASCII)
                .replace("Connection: Upgrade\r\nUpgrade: websocket", lines);
    }

    private static Wire open(MicronautServer server, String target, String... headers) throws IOException {
        var client = new Wire(server.port());
        client.handshake(target, headers);
        assertThat(client.answer().status()).isEqualTo(101);
        return client;
    }

    private static int status(MicronautServer server, String target, String... headers) throws IOException {
        try (var client = new Wire(server.port())) {
            client.handshake(target, headers);
            return client.answer().status();
        }
    }

    /** Guarded by nobody. */
    @ServerWebSocket("/open")
    @Requires(property = "open", value = "true")
    static class Open {

        @OnOpen
        CompletionStage<String> open(WebSocketSession session) {
            return session.sendAsync("Hello all");
        }

        @OnMessage
        void hear(String text) {}
    }

    @ServerFilter(value = ServerFilter.MATCH_ALL_PATTERN, appendContextPath = false)
    @Requires(property = "filters", value = "two")
    static class Second {

        private final TicketFilter filter;

        Second(TicketFilter filter) {
            this.filter = filter;
        }

        @ResponseFilter
        CompletionStage<Optional<HttpResponse<?>>> admit(HttpRequest<?> request, HttpResponse<?> answer) {
            return filter.admit(request, answer);
        }
    }

    @ServerFilter(ServerFilter.MATCH_ALL_PATTERN)
    @Requires(property = "filters", value = "more")
    static class Refusing {

        @RequestFilter
        Optional<HttpResponse<?>> refuse(HttpRequest<?> request) {
            return request.getHeaders().contains("X-Refuse")
                    ? Optional.of(HttpResponse.status(HttpStatus.NOT_ACCEPTABLE))
                    : Optional.empty();
        }

        @RequestFilter
        Optional<HttpResponse<?>> answer(HttpRequest<?> request) {
            return request.getHeaders().contains("X-Answer") ? Optional.of(HttpResponse.accepted()) : Optional.empty();
        }

        @RequestFilter
        HttpRequest<?> replace(HttpRequest<?> request) {
            return request.getHeaders().contains("X-Another")
                    ? request.mutate().uri(URI.create("/elsewhere"))
                    : request;
        }

        // Micronaut opens a WebSocket if the answer is the object that it has made for it, whatever it says.
        @ResponseFilter
        void refuseLate(HttpRequest<?> request, MutableHttpResponse<?> answer) {
            if (request.getHeaders().contains("X-Refuse-Late")) {
                var unused = answer.status(HttpStatus.NOT_ACCEPTABLE);
            }
        }
    }
}
