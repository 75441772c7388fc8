// SPDX-License-Identifier: Apache-2.0
package io.github.realtimeticket.examples.backends;

import static io.github.realtimeticket.fixtures.StoreWithRedis.PATIENCE;
import static org.assertj.core.api.Assertions.assertThat;

import io.github.realtimeticket.Gate;
import io.github.realtimeticket.Issuer;
import io.github.realtimeticket.Revocation;
import io.github.realtimeticket.Revocations;
import io.github.realtimeticket.TicketCarrier;
import io.github.realtimeticket.TicketGrant;
import io.github.realtimeticket.TicketHolder;
import io.github.realtimeticket.TicketStore;
import io.github.realtimeticket.Tickets;
import io.github.realtimeticket.fixtures.ChatScenarios;
import io.github.realtimeticket.fixtures.Connection;
import io.github.realtimeticket.fixtures.RemoteStore;
import io.github.realtimeticket.fixtures.StoreWithRedis;
import io.github.realtimeticket.fixtures.WebIssuer;
import io.github.realtimeticket.fixtures.WebUser;
import io.github.realtimeticket.fixtures.Wire;
import io.github.realtimeticket.jakarta.TicketGrants;
import io.github.realtimeticket.jakarta.TicketServlet;
import io.github.realtimeticket.redis.RedisTicketStore;
import io.github.realtimeticket.testkit.GateContract;
import io.github.realtimeticket.testkit.IssuerContract;
import io.javalin.Javalin;
import jakarta.servlet.http.HttpServletRequest;
import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Iterator;
import java.util.List;
import java.util.Objects;
import java.util.Optional;
import java.util.UUID;
import java.util.function.LongSupplier;
import java.util.function.Predicate;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Nested;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

class JavalinChatTest {

    private final RemoteStore store = new RemoteStore();

    @Nested
    class WebSockets extends GateContract {
        @Override
        protected RunningServer serve(Gate gate) {
            return start(gate);
        }

        @Override
        protected Optional<String> username(String greeting) {
            return Optional.of(greeting.replaceFirst("^Hello ", ""));
        }
    }

    @Nested
    class WebSocketsWithTicketsInRedis extends WebSockets {
        @Override
        protected TicketStore store(LongSupplier unused) throws IOException {
            return inRedis();
        }
    }

    /** Users who log in to the same Javalin get their tickets there. */
    @Nested
    class Issuing extends IssuerContract {
        @Override
        protected RunningIssuer serve(Issuer issuer) {
            return start(issuer);
        }
    }

    @Nested
    class IssuingIntoRedis extends Issuing {
        @Override
        protected TicketStore store(LongSupplier unused) throws IOException {
            return inRedis();
        }
    }

    private static TicketStore inRedis() throws IOException {
        return new StoreWithRedis(
                uri -> RedisTicketStore.builder(uri).timeout(PATIENCE).build());
    }

    static GateContract.RunningServer start(Gate gate) {
        var server = new JavalinChat(gate, 0);
        return GateContract.RunningServer.of(() -> uri(server, "/chat"), server::close);
    }

    static IssuerContract.RunningIssuer start(Issuer issuer) {
        Javalin server = site(issuer, Gate.of(TicketStore.inMemory()));
        return new WebIssuer(URI.create(origin(server) + "/ticket/"), server::stop);
    }

    @Test
    void aUserOfTheSameServerGetsATicketAndOpensAWebSocketWithIt() throws Exception {
        Javalin server = site(Issuer.of(Tickets.of(store)), Gate.of(store));

        try {
            WebUser alice = new WebUser(origin(server)).logsIn("alice", "none");
            String ticket = alice.ticket("Sec-Fetch-Site", "same-origin");
            URI chat = URI.create("ws://127.0.0.1:" + server.port() + "/chat?ticket=" + ticket);
            try (var client = Connection.open(chat)) {
                assertThat(client.next()).isEqualTo("Hello alice");
            }
            assertThat(Connection.status(chat)).isEqualTo(401);
        } finally {
            server.stop();
        }
    }

    private static Javalin site(Issuer issuer, Gate gate) {
        TicketGrants users =
                request -> inSession(request, "user").map(user -> TicketGrant.to(TicketHolder.of(user, user)));
        Predicate<HttpServletRequest> csrfProof = request -> inSession(request, "csrf")
                .filter(expected -> expected.equals(request.getHeader("X-CSRF-Token")))
                .isPresent();

        return Javalin.create(config -> {
                    JavalinChat.configure(config, gate);
                    config.jetty.modifyServletContextHandler(handler ->
                            handler.addServletContainerInitializer((classes, context) -> TicketServlet.of(issuer)
                                    .withGrants(users)
                                    .withCsrfProof(csrfProof)
                                    .register(context, "/ticket/")));
                    config.routes.get(
                            "/login",
                            ctx -> ctx.html("<input name=\"_csrf\" value=\""
                                    + Objects.toString(ctx.sessionAttribute("csrf"), "") + "\">"));
                    config.routes.post("/login", ctx -> {
                        ctx.sessionAttribute("user", ctx.formParam("username"));
                        ctx.sessionAttribute("csrf", UUID.randomUUID().toString());
                    });
                })
                .start("127.0.0.1", 0);
    }

    private static Optional<String> inSession(HttpServletRequest request, String name) {
        return Optional.ofNullable(request.getSession(false)).map(session -> (String) session.getAttribute(name));
    }

    private static String origin(Javalin server) {
        return "http://127.0.0.1:" + server.port();
    }

    @Nested
    class Scenarios extends ChatScenarios {

        private Gate gate;
        private JavalinChat server;

        @Override
        protected URI serve(Gate gate) {
            this.gate = gate;
            server = new JavalinChat(gate, 0);
            return uri(server, "/chat");
        }

        @Override
        protected int open() {
            return gate.connections().count();
        }

        // The client goes in the moment of opening, or while the server stops.
        @Override
        protected boolean mayLog(Throwable fault) {
            return fault instanceof IOException || "Not started".equals(fault.getMessage());
        }

        @AfterEach
        void stop() {
            server.close();
        }
    }

    @Test
    @Timeout(60)
    void aTicketOpensOneEventStreamWhichEndsWithTheLogin() throws Exception {
        Revocations revocations = Revocations.inMemory();
        Gate gate = JavalinChat.gate(store, revocations);

        try (var server = new JavalinChat(gate, 0)) {
            HttpRequest events = events(server);

            Iterator<String> lines =
                    answer(events, HttpResponse.BodyHandlers.ofLines()).body().iterator();
            assertThat(lines.next()).isEqualTo("event: message");
            assertThat(lines.next()).isEqualTo("data: Hello alice");
            assertThat(gate.connections().count()).isOne();
            assertThat(revocations.revoke(Revocation.holder(1))).isCompleted();

            assertThat(lines).toIterable().containsOnly("");
            assertThat(gate.connections().count()).isZero();
            assertThat(answer(events, HttpResponse.BodyHandlers.discarding()).statusCode())
                    .isEqualTo(401);
        }
    }

    @Test
    @Timeout(60)
    void t17_anEventStreamEndsAtItsDeadline() throws Exception {
        List<String> lines = List.of();
        // This machine may take longer than that to open a stream.
        for (long seconds = 1; !lines.contains("data: Hello alice"); seconds *= 2) {
            Gate gate = Gate.builder(Tickets.of(store))
                    .maximumAge(Duration.ofSeconds(seconds))
                    .build();
            try (var server = new JavalinChat(gate, 0);
                    Stream<String> stream = answer(events(server), HttpResponse.BodyHandlers.ofLines())
                            .body()) {
                lines = stream.toList();
                assertThat(gate.connections().count()).isZero();
            }
        }
    }

    @Test
    void aWebSocketWithoutAnAdmissionIsClosed() throws Exception {
        Javalin forgetful = Javalin.create(config -> config.routes.ws("/chat", JavalinChat::chat))
                .start("127.0.0.1", 0);

        try (var client = Connection.open(URI.create("ws://127.0.0.1:" + forgetful.port() + "/chat"))) {
            assertThat(client.next()).isEqualTo(Connection.CLOSED);
        } finally {
            forgetful.stop();
        }
    }

    @Test
    void whatTheFilterDoesNotCoverOpensForNobody() throws Exception {
        Javalin forgetful = Javalin.create(config -> {
                    JavalinChat.configure(config, Gate.of(store));
                    config.routes.ws("/forgotten", JavalinChat::chat);
                    config.routes.sse("/forgotten", JavalinChat::events);
                })
                .start("127.0.0.1", 0);

        try {
            URI forgotten = URI.create("ws://127.0.0.1:" + forgetful.port() + "/forgotten?ticket=" + issue(store));
            assertThat(Connection.status(forgotten)).isEqualTo(500);
            String stream = new WebUser(origin(forgetful))
                    .get("/forgotten", "Accept", "text/event-stream")
                    .body();
            assertThat(stream).doesNotContain("Hello");
        } finally {
            forgetful.stop();
        }
    }

    @Test
    void aStoreThatIsSilentDoesNotTakeAllTheThreads() throws Exception {
        var waiting = new ArrayList<Wire>();
        String ticket = issue(store);
        store.hold();

        try (var server = new JavalinChat(JavalinChat.gate(store, Revocations.inMemory()), 0)) {
            for (int request = 0; request < 64; request++) {
                var client = new Wire(server.port());
                waiting.add(client);
                client.handshake("/chat?ticket=" + ticket);
                store.awaitTake();
            }
            assertThat(Connection.status(uri(server, "/chat?ticket=" + ticket))).isEqualTo(503);
            store.up();

            int opened = 0;
            for (Wire client : waiting) {
                opened += client.answer().status() == 101 ? 1 : 0;
            }
            assertThat(opened).isEqualTo(1);
        } finally {
            for (Wire client : waiting) {
                client.close();
            }
        }
    }

    @Test
    void aTicketInAHeaderOpensAWebSocket() throws Exception {
        Gate gate =
                Gate.builder(Tickets.of(store)).carrier(TicketCarrier.header()).build();

        try (var server = new JavalinChat(gate, 0);
                var client = Connection.open(uri(server, "/chat"), "Realtime-Ticket", issue(store))) {
            assertThat(client.next()).isEqualTo("Hello alice");
        }
    }

    @Test
    void t20_whatOpensNoEventStreamUsesUpNoTicket() throws Exception {
        String ticket = issue(store);
        String events = " /events?ticket=" + ticket;
        String accept = "Accept: text/event-stream\r\n";
        String handshake = String.join(
                "\r\n",
                "Upgrade: websocket",
                "Connection: Upgrade",
                "Sec-WebSocket-Version: 13",
                "Sec-WebSocket-Key: dGhlIHNhbXBsZSBub25jZQ==",
                "");

        try (var server = new JavalinChat(Gate.of(store), 0)) {
            assertThat(status(server, "GET" + events, handshake)).isEqualTo(400);
            assertThat(status(server, "GET" + events, "")).isEqualTo(400);
            assertThat(status(server, "GET" + events, "Accept: */*\r\n")).isEqualTo(400);
            assertThat(status(server, "POST" + events, accept)).isEqualTo(400);
            for (String odd : List.of("&d=50%", "&d=%zz", "&d=%ff")) {
                assertThat(status(server, "GET" + events + odd, accept)).isEqualTo(400);
            }

            assertThat(Connection.status(uri(server, "/chat?ticket=" + ticket))).isEqualTo(101);
        }
    }

    private static int status(JavalinChat server, String line, String headers) throws Exception {
        try (var client = new Wire(server.port())) {
            client.send(line + " HTTP/1.1\r\nHost: localhost\r\nContent-Length: 0\r\n" + headers + "\r\n");
            return client.answer().status();
        }
    }

    private HttpRequest events(JavalinChat server) {
        return HttpRequest.newBuilder(
                        URI.create("http://127.0.0.1:" + server.port() + "/events?ticket=" + issue(store)))
                .header("Accept", "text/event-stream")
                .build();
    }

    private static <T> HttpResponse<T> answer(HttpRequest request, HttpResponse.BodyHandler<T> body) throws Exception {
        return HttpClient.newHttpClient().send(request, body);
    }

    private static URI uri(JavalinChat server, String target) {
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
