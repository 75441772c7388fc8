// SPDX-License-Identifier: Apache-2.0
package io.github.realtimeticket.vertx;

import static io.github.realtimeticket.fixtures.Eventually.eventually;
import static org.assertj.core.api.Assertions.assertThat;

import io.github.realtimeticket.Gate;
import io.github.realtimeticket.Issuer;
import io.github.realtimeticket.Revocation;
import io.github.realtimeticket.Revocations;
import io.github.realtimeticket.TicketGrant;
import io.github.realtimeticket.TicketHolder;
import io.github.realtimeticket.TicketStore;
import io.github.realtimeticket.Tickets;
import io.github.realtimeticket.fixtures.Connection;
import io.github.realtimeticket.fixtures.Redis;
import io.github.realtimeticket.fixtures.WebUser;
import io.github.realtimeticket.fixtures.Wire;
import io.github.realtimeticket.redis.RedisTicketStore;
import io.vertx.core.Future;
import io.vertx.core.Vertx;
import io.vertx.ext.auth.User;
import io.vertx.ext.auth.authentication.AuthenticationProvider;
import io.vertx.ext.web.Router;
import io.vertx.ext.web.RoutingContext;
import io.vertx.ext.web.handler.BasicAuthHandler;
import io.vertx.ext.web.handler.BodyHandler;
import io.vertx.ext.web.handler.SessionHandler;
import io.vertx.ext.web.sstore.LocalSessionStore;
import java.io.IOException;
import java.net.URI;
import java.time.Duration;
import java.util.Optional;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.regex.Pattern;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.AutoClose;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Nested;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class SessionEndsTest {

    private static final Pattern TICKET = Pattern.compile("\"message\":\"([A-Za-z0-9_-]{27})\"");

    @AutoClose
    private static Redis redis;

    @BeforeAll
    static void start() throws IOException {
        redis = new Redis();
    }

    @Nested
    class InMemory extends Ends {
        InMemory() {
            follow(TicketStore.inMemory(), Revocations.inMemory());
        }

        @ParameterizedTest
        @ValueSource(strings = {"/login", "/logout", "/regenerate"})
        void theSessionsOfStrangersRevokeNothing(String path) throws Exception {
            String before = revocations.revision();

            try (var server = serve();
                    var client = new Wire(server.port)) {
                ask(client, "GET " + path, "");
                assertThat(client.answer().status()).isLessThan(400);

                assertThat(revocations.revision()).isEqualTo(before);
            }
        }
    }

    @Nested
    class WithTicketsInRedis extends Ends {
        private final RedisTicketStore store = RedisTicketStore.builder(redis.uri())
                .timeout(Duration.ofSeconds(10))
                .build();

        WithTicketsInRedis() {
            follow(store, store.revocations());
        }

        @AfterEach
        void stop() {
            store.close();
        }
    }

    @ParameterizedTest
    @ValueSource(booleans = {true, false})
    void aGrantInASessionThatNothingEndsIsAMistake(boolean sessions) throws Exception {
        IssuerHandler handler = IssuerHandler.of(Issuer.of(Tickets.of(TicketStore.inMemory())))
                .withGrants(
                        ((TicketGrants) ctx -> Optional.of(TicketGrant.to(TicketHolder.of(1, "alice")))).inSession());

        try (var server = new GatedServer(vertx -> {
                    Router router = Router.router(vertx);
                    if (sessions) {
                        router.route().handler(SessionHandler.create(LocalSessionStore.create(vertx)));
                    }
                    router.route("/ticket/").handler(handler);
                    return router;
                });
                var client = new Wire(server.port)) {
            ask(client, "POST /ticket/", "", "Sec-Fetch-Site: same-origin");

            assertThat(client.answer().status()).isEqualTo(500);
        }
    }

    @Test
    void whoeverLogsInWithTheRequestItselfGetsATicketOfTheSessionThatItBegins() throws Exception {
        AuthenticationProvider everybody = credentials -> Future.succeededFuture(User.fromName("alice"));
        try (var server = new GatedServer(vertx -> {
                    Router router = Router.router(vertx);
                    router.route()
                            .handler(SessionHandler.create(LocalSessionStore.create(vertx)))
                            .handler(new SessionEnds(Revocations.inMemory()));
                    router.route("/ticket/")
                            .handler(BasicAuthHandler.create(everybody))
                            .handler(IssuerHandler.of(Issuer.of(Tickets.of(TicketStore.inMemory())))
                                    .withGrants(TicketGrants.byUser().inSession()));
                    return router;
                });
                var client = new Wire(server.port)) {
            ask(client, "POST /ticket/", "", "Sec-Fetch-Site: same-origin", "Authorization: Basic YWxpY2U6eA==");

            assertThat(client.answer().status()).isEqualTo(200);
        }
    }

    @Test
    void whereNoSessionIsItIsAMistake() throws Exception {
        try (var server = new GatedServer(vertx -> {
                    Router router = Router.router(vertx);
                    router.route()
                            .handler(new SessionEnds(Revocations.inMemory()))
                            .handler(RoutingContext::end);
                    return router;
                });
                var client = new Wire(server.port)) {
            ask(client, "GET /", "");

            assertThat(client.answer().status()).isEqualTo(500);
        }
    }

    abstract static class Ends {

        Revocations revocations;
        private Tickets tickets;
        private Gate gate;
        private final AtomicInteger begun = new AtomicInteger();

        void follow(TicketStore store, Revocations revocations) {
            this.revocations = revocations;
            tickets = Tickets.builder(store).revocations(revocations).build();
            gate = Gate.of(tickets);
        }

        @ParameterizedTest
        @ValueSource(
                strings = {
                    "/logout",
                    "/clear",
                    "/clear-and-put",
                    "/clear-and-fail",
                    "/clear-and-forget",
                    "/clear-and-go-elsewhere",
                    "/clear-behind-the-head",
                    "/regenerate",
                    "/regenerate-and-clear",
                    "/login",
                    "/refresh",
                    "/impersonate"
                })
        void t16_theEndOfASessionOrOfItsIdIsThatOfWhatItHasOpened(String path) throws Exception {
            try (var server = serve()) {
                String cookie = cookie(server);
                try (var client = new Wire(server.port);
                        Connection socket = Connection.open(socket(server, ticket(server, cookie)))) {
                    assertThat(socket.next()).isEqualTo("alice");

                    ask(client, "GET " + path, "", cookie);

                    assertThat(socket.closeCode()).isEqualTo(Revocation.UNAUTHORIZED);
                    assertThat(server.unhandled).isEmpty();
                }
            }
        }

        @Test
        void t16_aSessionThatEndsAfterItsClientWentIsRevoked() throws Exception {
            try (var server = serve()) {
                String cookie = cookie(server);
                try (Connection socket = Connection.open(socket(server, ticket(server, cookie)))) {
                    assertThat(socket.next()).isEqualTo("alice");

                    try (var client = new Wire(server.port)) {
                        awaitBegun(() -> ask(client, "GET /clear-and-wait", "", cookie));
                    }

                    assertThat(socket.closeCode()).isEqualTo(Revocation.UNAUTHORIZED);
                }
            }
        }

        @ParameterizedTest
        @ValueSource(strings = {"/", "/put", "/fail"})
        void whatEndsNoSessionEndsNothing(String path) throws Exception {
            try (var server = serve()) {
                String cookie = cookie(server);
                try (var client = new Wire(server.port);
                        Connection socket = Connection.open(socket(server, ticket(server, cookie)))) {
                    assertThat(socket.next()).isEqualTo("alice");
                    ask(client, "GET " + path, "", cookie);
                    Wire.Answer answer = client.answer();

                    try (Connection other = Connection.open(socket(server, ticket(server, cookie)))) {
                        assertThat(other.next()).isEqualTo("alice");
                        assertThat(answer.status()).isEqualTo(path.endsWith("fail") ? 500 : 200);
                        assertThat(gate.connections().count()).isEqualTo(2);

                        ask(client, "GET /logout", "", cookie);
                        assertThat(socket.closeCode()).isEqualTo(Revocation.UNAUTHORIZED);
                        assertThat(other.closeCode()).isEqualTo(Revocation.UNAUTHORIZED);
                    }
                }
            }
        }

        @Test
        void t16_anIdThatAFailureDoesNotKeepIsRevokedWhenAnotherIsKept() throws Exception {
            try (var server = serve()) {
                String cookie = cookie(server);
                try (var client = new Wire(server.port);
                        Connection socket = Connection.open(socket(server, ticket(server, cookie)))) {
                    assertThat(socket.next()).isEqualTo("alice");

                    ask(client, "GET /regenerate-and-fail", "", cookie);
                    assertThat(client.answer().headers()).doesNotContainKey("set-cookie");
                    server.settle();
                    assertThat(gate.connections().count()).isEqualTo(1);

                    ask(client, "GET /", "", cookie);
                    assertThat(client.answer().headers()).containsKey("set-cookie");
                    assertThat(socket.closeCode()).isEqualTo(Revocation.UNAUTHORIZED);
                }
            }
        }

        @ParameterizedTest
        @ValueSource(strings = {"/login", "/logout", "/regenerate"})
        void t16_aSessionThatEndsWhileTheBodyComesLeavesNoTicket(String path) throws Exception {
            try (var server = serve()) {
                String cookie = cookie(server);
                try (var asking = new Wire(server.port);
                        var putting = new Wire(server.port);
                        var ending = new Wire(server.port)) {
                    awaitBegun(() -> ask(asking, "POST /ticket/", "bo", cookie, "Sec-Fetch-Site: same-origin"));
                    awaitBegun(() -> ask(putting, "POST /put", "bo", cookie));

                    ask(ending, "GET " + path, "", cookie);
                    assertThat(ending.answer().status()).isLessThan(400);
                    // To Vert.x a session that has been destroyed is there again then, with another id.
                    putting.send("dy");
                    assertThat(putting.answer().status()).isEqualTo(200);
                    asking.send("dy");

                    assertThat(asking.answer().status()).isEqualTo(401);
                }
            }
        }

        GatedServer serve() {
            return new GatedServer(this::router);
        }

        private Router router(Vertx vertx) {
            Router router = Router.router(vertx);
            SessionHandler sessions = SessionHandler.create(LocalSessionStore.create(vertx));
            router.get("/chat").handler(TicketHandler.of(gate)).handler(ctx -> ctx.request()
                    .toWebSocket()
                    .onSuccess(socket -> socket.writeTextMessage(
                            TicketHandler.admitted(ctx).holder().username())));
            router.route().handler(sessions).handler(new SessionEnds(revocations));
            router.route().handler(ctx -> {
                begun.incrementAndGet();
                ctx.next();
            });
            router.route().handler(BodyHandler.create(false));
            router.route("/ticket/")
                    .handler(IssuerHandler.of(Issuer.of(tickets))
                            .withGrants(TicketGrants.byUser().inSession()));

            router.get("/login").handler(ctx -> {
                var unused = ctx.session().regenerateId();
                String name = ctx.user() == null ? "alice" : "bob";
                sessions.setUser(ctx, User.fromName(name)).onSuccess(known -> ctx.end());
            });
            router.get("/logout").handler(ctx -> ctx.userContext().logout());
            router.get("/refresh").handler(ctx -> ctx.userContext().refresh());
            router.get("/impersonate").handler(ctx -> ctx.userContext().impersonate());
            router.route("/regenerate*").handler(ctx -> {
                var unused = ctx.session().regenerateId();
                ctx.next();
            });
            router.route("/clear*").handler(ctx -> {
                if (ctx.request().path().endsWith("head")) {
                    var unused = ctx.response().setChunked(true).write("head");
                }
                ctx.userContext().clear();
                ctx.next();
            });
            router.route("/regenerate-and-clear").handler(ctx -> {
                ctx.userContext().clear();
                ctx.next();
            });
            router.route().handler(ctx -> {
                String path = ctx.request().path();
                if (path.endsWith("put")) {
                    var unused = ctx.session().put("said", "bye");
                }
                if (path.endsWith("forget")) {
                    ctx.data().clear();
                }
                if (path.endsWith("fail")) {
                    ctx.fail(500);
                } else if (path.endsWith("elsewhere")) {
                    ctx.reroute("/");
                } else if (!path.endsWith("wait")) {
                    var unused = ctx.end();
                }
            });
            return router;
        }

        private void awaitBegun(Sending sending) throws Exception {
            int before = begun.get();
            sending.send();
            eventually(() -> begun.get() > before);
        }
    }

    /** That of alice, who is logged in. */
    private static String cookie(GatedServer server) throws IOException {
        try (var client = new Wire(server.port)) {
            ask(client, "GET /login", "");
            return "Cookie: " + client.answer().headers().get("set-cookie").split(";", 2)[0];
        }
    }

    private static String ticket(GatedServer server, String cookie) throws IOException {
        try (var client = new Wire(server.port)) {
            ask(client, "POST /ticket/", "body", cookie, "Sec-Fetch-Site: same-origin");
            return WebUser.find(TICKET, client.answer().body());
        }
    }

    private static URI socket(GatedServer server, String ticket) {
        return URI.create("ws://127.0.0.1:" + server.port + "/chat?ticket=" + ticket);
    }

    /** With a body of four characters, or so much of it, if it is a POST. */
    private static void ask(Wire client, String request, String body, String... headers) throws IOException {
        client.send(request + " HTTP/1.1\r\nHost: localhost\r\nContent-Length: " + (body.isEmpty() ? 0 : 4) + "\r\n"
                + String.join("\r\n", headers) + (headers.length == 0 ? "" : "\r\n") + "\r\n" + body);
    }

    private interface Sending {
        void send() throws IOException;
    }
}
