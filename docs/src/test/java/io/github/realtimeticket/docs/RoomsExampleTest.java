// SPDX-License-Identifier: Apache-2.0
package io.github.realtimeticket.docs;

import static org.assertj.core.api.Assertions.assertThat;

import com.microsoft.playwright.Page;
import io.github.realtimeticket.Admission.Admitted;
import io.github.realtimeticket.Gate;
import io.github.realtimeticket.LiveConnection;
import io.github.realtimeticket.TicketGrant;
import io.github.realtimeticket.TicketHolder;
import io.github.realtimeticket.TicketStore;
import io.github.realtimeticket.Tickets;
import io.github.realtimeticket.fixtures.Chromium;
import io.github.realtimeticket.fixtures.Connection;
import io.github.realtimeticket.fixtures.WebUser;
import io.github.realtimeticket.spring.security.AuthenticationGrants;
import io.github.realtimeticket.spring.security.TicketAuthentication;
import io.github.realtimeticket.spring.web.TicketGrants;
import io.github.realtimeticket.vertx.TicketHandshakeHandler;
import io.vertx.core.Vertx;
import io.vertx.core.http.HttpServer;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.URI;
import java.net.http.HttpResponse;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.TimeUnit;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.springframework.beans.factory.annotation.Autowired;
import org.springframework.boot.SpringBootConfiguration;
import org.springframework.boot.autoconfigure.EnableAutoConfiguration;
import org.springframework.boot.test.context.SpringBootTest;
import org.springframework.boot.test.web.server.LocalServerPort;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Import;
import org.springframework.security.web.csrf.CsrfToken;
import org.springframework.stereotype.Controller;
import org.springframework.web.bind.annotation.GetMapping;
import org.springframework.web.bind.annotation.ResponseBody;
import org.springframework.web.socket.TextMessage;
import org.springframework.web.socket.WebSocketSession;
import org.springframework.web.socket.config.annotation.EnableWebSocket;
import org.springframework.web.socket.config.annotation.WebSocketConfigurer;
import org.springframework.web.socket.config.annotation.WebSocketHandlerRegistry;
import org.springframework.web.socket.handler.TextWebSocketHandler;

@SpringBootTest(
        webEnvironment = SpringBootTest.WebEnvironment.RANDOM_PORT,
        properties = {
            "server.address=127.0.0.1",
            "spring.main.banner-mode=off",
            "spring.security.user.name=alice",
            "spring.security.user.password=ticket",
            "realtime-ticket.gate.paths=/realtime/**"
        })
class RoomsExampleTest {

    private static final Pattern TICKET = Pattern.compile("\"message\":\"([^\"]+)\"");

    @LocalServerPort
    int port;

    @Autowired
    Rooms rooms;

    @Autowired
    Gate gate;

    @BeforeEach
    void everybodyIsLoggedInForAnHour() {
        rooms.loginLasts = Duration.ofHours(1);
    }

    @Test
    void theTicketOfARoomOpensThisRoomAndNoOther() throws Exception {
        WebUser alice = alice();

        assertThat(ask(alice, "8").statusCode()).isEqualTo(403);
        try (Connection entered = open(alice, ticket(alice), "7")) {
            assertThat(entered.next()).isEqualTo("alice is in room 7");
        }
        try (Connection refused = open(alice, ticket(alice), "8")) {
            assertThat(refused.status()).isEqualTo(101);
            assertThat(refused.closeCode()).isEqualTo(3003);
        }
    }

    @Test
    void theSameInVertx() throws Exception {
        Tickets tickets = Tickets.of(TicketStore.inMemory());
        var holder = TicketHolder.of(1, "alice").withAttributes(Map.of("room", "7"));
        Vertx vertx = Vertx.vertx();
        try {
            int there = rooms(vertx, Gate.of(tickets))
                    .listen(0, "127.0.0.1")
                    .await(10, TimeUnit.SECONDS)
                    .actualPort();
            String root = "ws://127.0.0.1:" + there + "/rooms/";
            assertThat(Connection.greeting(URI.create(root + "7?ticket=" + issued(tickets, holder)), "http://app"))
                    .isEqualTo("alice is in room 7");
            try (Connection refused = Connection.open(URI.create(root + "8?ticket=" + issued(tickets, holder)))) {
                assertThat(refused.closeCode()).isEqualTo(3003);
            }
        } finally {
            vertx.close().await(10, TimeUnit.SECONDS);
        }
    }

    @Test
    void t17_aConnectionThatShowsAnotherTicketOutlivesItsFirstDeadline() throws Exception {
        WebUser alice = alice();
        rooms.loginLasts = Duration.ofSeconds(6);
        try (Connection connection = open(alice, ticket(alice), "7")) {
            assertThat(connection.next()).isEqualTo("alice is in room 7");
            Instant first = live().until();

            rooms.loginLasts = Duration.ofHours(1);
            connection.send("renew " + ticket(alice));
            assertThat(connection.next()).isEqualTo("renewed");
            connection.send("renew " + "0".repeat(27));
            assertThat(connection.next()).isEqualTo("not renewed: NOTHING");
            connection.send("renew " + WebUser.find(TICKET, ask(alice, "9").body()));
            assertThat(connection.next()).isEqualTo("not renewed: FORBIDDEN");
            assertThat(live().until()).isAfter(first.plusSeconds(60));
            TimeUnit.MILLISECONDS.sleep(Duration.between(Instant.now(), first).toMillis() + 1500);

            connection.send("still there?");
            assertThat(connection.next()).isEqualTo("alice: still there?");
        }
    }

    @Test
    void thePageOfTheDocumentRenewsItsConnection() throws Exception {
        rooms.loginLasts = Duration.ofMinutes(10);
        try (Page page = Chromium.browser().newPage()) {
            page.navigate("http://127.0.0.1:" + port + "/room");
            page.getByPlaceholder("Username").fill("alice");
            page.getByPlaceholder("Password").fill("ticket");
            page.locator("form button[type=submit]").first().click();
            page.waitForURL("**/room*");

            page.evaluate("async () => { const { TicketSource, TicketWebSocket } ="
                    + " await import('/realtime-ticket/realtime-ticket.js');"
                    + inDocument().replace("60_000", "200")
                    + "window.socket = socket; }");
            Object renewed = page.evaluate("() => new Promise(told => socket.addEventListener('message',"
                    + " message => message.data === 'renewed' && told(message.data)))");

            assertThat(renewed).isEqualTo("renewed");
        }
    }

    private static String inDocument() throws IOException {
        Matcher script = Pattern.compile(
                        "```js\\nimport \\{ TicketSource, TicketWebSocket \\}[^\\n]*\\n(.*?)```", Pattern.DOTALL)
                .matcher(Files.readString(Path.of("rooms.md")));
        assertThat(script.find()).isTrue();
        return script.group(1);
    }

    private WebUser alice() throws Exception {
        return new WebUser("http://127.0.0.1:" + port).logsIn("alice", "ticket");
    }

    private LiveConnection live() {
        return gate.connections().stream().findFirst().orElseThrow();
    }

    private static HttpResponse<String> ask(WebUser user, String room) throws Exception {
        return user.post("/ticket/?room=" + room, "Sec-Fetch-Site", "same-origin");
    }

    private static String ticket(WebUser user) throws Exception {
        return WebUser.find(TICKET, ask(user, "7").body());
    }

    private Connection open(WebUser user, String ticket, String room) throws Exception {
        return Connection.open(
                URI.create("ws://127.0.0.1:" + port + "/realtime/rooms/" + room + "?ticket=" + ticket),
                "Origin",
                user.origin());
    }

    private static String issued(Tickets tickets, TicketHolder holder) {
        return tickets.issue(holder).toCompletableFuture().join().reveal();
    }

    private static HttpServer rooms(Vertx vertx, Gate gate) {
        return vertx.createHttpServer().requestHandler(TicketHandshakeHandler.of(gate, (admitted, socket) -> {
            String room = socket.path().substring("/rooms/".length());
            if (!admitted.allows("room", room)) {
                admitted.forbid();
                return;
            }
            socket.writeTextMessage(admitted.holder().username() + " is in room " + room);
        }));
    }

    /** Who may enter which room, and how long a login lasts. */
    static class Rooms {

        private volatile Duration loginLasts = Duration.ofHours(1);

        boolean mayEnter(String user, String room) {
            return user.equals("alice") && Set.of("7", "9").contains(room);
        }

        Instant endOfLogin(String user) {
            return Instant.now().plus(loginLasts);
        }
    }

    @SpringBootConfiguration
    @EnableAutoConfiguration
    @EnableWebSocket
    @Import(Pages.class)
    static class Application implements WebSocketConfigurer {

        @Override
        public void registerWebSocketHandlers(WebSocketHandlerRegistry registry) {
            registry.addHandler(new RoomHandler(), "/realtime/rooms/{room}");
        }

        @Bean
        static Rooms rooms() {
            return new Rooms();
        }

        @Bean
        static TicketGrants grants(Rooms rooms) {
            return AuthenticationGrants.of((user, request) -> {
                String name = user.getName();
                String room = request.getParameter("room");
                return rooms.mayEnter(name, room)
                        ? TicketGrant.to(TicketHolder.of(name, name).withAttributes(Map.of("room", room)))
                                .withUntil(rooms.endOfLogin(name))
                        : TicketGrant.denied("not in this room");
            });
        }
    }

    @Controller
    static class Pages {

        @GetMapping(path = "/room", produces = "text/html")
        @ResponseBody
        String room(CsrfToken csrf) {
            return "<meta name=_csrf content='" + csrf.getToken() + "'><meta name=_csrf_header content='"
                    + csrf.getHeaderName() + "'>";
        }
    }

    static class RoomHandler extends TextWebSocketHandler {

        @Override
        public void afterConnectionEstablished(WebSocketSession session) throws IOException {
            Admitted admitted = admitted(session);
            String room = room(session);
            if (!admitted.allows("room", room)) {
                admitted.forbid();
                return;
            }
            say(session, admitted.holder().username() + " is in room " + room);
        }

        @Override
        protected void handleTextMessage(WebSocketSession session, TextMessage message) throws IOException {
            String text = message.getPayload();
            if (text.startsWith("renew ")) {
                renew(session, text.substring("renew ".length()));
            } else {
                say(session, admitted(session).holder().username() + ": " + text);
            }
        }

        private static void renew(WebSocketSession session, String ticket) {
            LiveConnection connection = admitted(session).connection().orElseThrow();
            String room = room(session);
            CompletionStage<String> answer = connection
                    .renew(ticket, renewed -> renewed.allows("room", room))
                    .thenApply(outcome ->
                            outcome.fold(renewed -> "renewed", refused -> "not renewed: " + refused.reason()));
            answer.thenAccept(text -> say(session, text));
        }

        private static String room(WebSocketSession session) {
            return session.getUri().getPath().substring("/realtime/rooms/".length());
        }

        private static Admitted admitted(WebSocketSession session) {
            return ((TicketAuthentication) session.getPrincipal()).admitted();
        }

        private static void say(WebSocketSession session, String text) {
            try {
                session.sendMessage(new TextMessage(text));
            } catch (IOException e) {
                throw new UncheckedIOException(e);
            }
        }
    }
}
