// SPDX-License-Identifier: Apache-2.0
package io.github.realtimeticket.vertx;

import static io.github.realtimeticket.fixtures.Eventually.eventually;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.InstanceOfAssertFactories.THROWABLE;

import io.github.realtimeticket.Gate;
import io.github.realtimeticket.LiveConnection;
import io.github.realtimeticket.Refusal;
import io.github.realtimeticket.Revocation;
import io.github.realtimeticket.Revocations;
import io.github.realtimeticket.TicketCarrier;
import io.github.realtimeticket.TicketEvent;
import io.github.realtimeticket.TicketHolder;
import io.github.realtimeticket.TicketStore;
import io.github.realtimeticket.Tickets;
import io.github.realtimeticket.fixtures.RemoteStore;
import io.github.realtimeticket.fixtures.Wire;
import io.vertx.core.Handler;
import io.vertx.core.http.ServerWebSocket;
import io.vertx.core.json.JsonObject;
import io.vertx.ext.web.Router;
import io.vertx.ext.web.RoutingContext;
import io.vertx.ext.web.handler.BodyHandler;
import io.vertx.ext.web.handler.CorsHandler;
import io.vertx.ext.web.handler.SessionHandler;
import io.vertx.ext.web.sstore.LocalSessionStore;
import java.io.RandomAccessFile;
import java.lang.ref.WeakReference;
import java.math.BigInteger;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Queue;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.TimeUnit;
import java.util.function.Consumer;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class TicketHandlerTest {

    private static final TicketHolder ALICE = TicketHolder.of(1, "alice");

    private final Tickets tickets = Tickets.of(TicketStore.inMemory());
    private final TicketHandler handler = TicketHandler.of(Gate.of(tickets));

    @Test
    void theHolderIsTheUserOfTheNextHandler() throws Exception {
        TicketHolder holder = ALICE.withAttributes(Map.of(
                "exp",
                1,
                "roles",
                List.of("admin"),
                "big",
                BigInteger.TWO.pow(80),
                "at",
                Map.of("city", "Z\u00fcrich")));

        try (var server = serve(router -> router.route().handler(handler).handler(ctx -> {
                    boolean same = TicketHandler.admitted(ctx).holder().equals(holder)
                            && ctx.user().subject().equals("alice");
                    ctx.end(same + " " + ctx.user().principal().encode());
                }));
                var client = new Wire(server.port)) {
            client.post("/?ticket=" + issue(tickets, holder), "");

            String body = client.answer().body();
            assertThat(body).startsWith("true ");
            assertThat(new JsonObject(body.substring(5)))
                    .isEqualTo(new JsonObject(
                            "{\"id\":1,\"username\":\"alice\",\"attributes\":{\"exp\":1,\"roles\":[\"admin\"],"
                                    + "\"big\":1208925819614629174706176,\"at\":{\"city\":\"Z\u00fcrich\"}}}"));
        }
    }

    @ParameterizedTest
    @CsvSource({"GET, 1.1", "POST, 1.1", "GET, 1.0"})
    void t20_aRequestThatIsNoHandshakeUsesUpNoTicketWhereOnlyWebSocketsAreOpened(String method, String version)
            throws Exception {
        Queue<TicketEvent> events = new ConcurrentLinkedQueue<>();
        Tickets watched =
                Tickets.builder(TicketStore.inMemory()).listener(events::add).build();
        String ticket = issue(watched, ALICE);
        events.clear();

        try (var server = serve(router -> router.route("/chat")
                        .handler(TicketHandler.webSockets(Gate.of(watched)))
                        .handler(ctx -> ctx.request()
                                .toWebSocket()
                                .onSuccess(socket -> socket.writeTextMessage(
                                        "hello " + ctx.user().subject())))
                        .failureHandler(ctx -> ctx.end("oops")));
                var plain = new Wire(server.port);
                var client = new Wire(server.port)) {
            plain.send(method + " /chat?ticket=" + ticket + " HTTP/" + version
                    + "\r\nHost: localhost\r\nConnection: close\r\n\r\n");
            Wire.Answer answer = plain.answer();
            assertThat(answer.status()).isEqualTo(400);
            assertThat(answer.body()).isEqualTo(Refusal.NO_HANDSHAKE.body());
            assertThat(events).containsExactly(new TicketEvent.Refused(Refusal.NO_HANDSHAKE, null, false));

            client.handshake("/chat?ticket=" + ticket);
            assertThat(client.answer().status()).isEqualTo(101);
            assertThat(client.frame()).isEqualTo("text hello alice");
        }
    }

    @Test
    void t20_aRequestThatIsNoHandshakeIsRefusedThoughAnotherHandlerHasAdmittedIt() throws Exception {
        Gate gate = Gate.of(tickets);

        try (var server = serve(router -> router.route("/chat")
                        .handler(TicketHandler.of(gate))
                        .handler(TicketHandler.webSockets(gate))
                        .handler(RoutingContext::end));
                var client = new Wire(server.port)) {
            client.post("/chat?ticket=" + issue(tickets, ALICE), "");

            assertThat(client.answer().status()).isEqualTo(400);
        }
    }

    @Test
    void theNextHandlerFindsTheBodyAndTheEventLoopItWasOn() throws Exception {
        var store = new RemoteStore();
        Tickets held = Tickets.of(store);
        String ticket = issue(held, ALICE);
        store.hold();
        Queue<Thread> threads = new ConcurrentLinkedQueue<>();
        Handler<RoutingContext> noteThread = ctx -> {
            threads.add(Thread.currentThread());
            ctx.next();
        };

        try (var server = serve(router -> {
                    router.route().handler(noteThread);
                    router.route().handler(TicketHandler.of(Gate.of(held)));
                    router.route().handler(BodyHandler.create(false)).handler(noteThread);
                    router.route().handler(ctx -> ctx.end("got " + ctx.body().asString()));
                });
                var client = new Wire(server.port)) {
            client.post("/?ticket=" + ticket, "the body");
            store.awaitTake();
            store.up();

            assertThat(client.answer().body()).isEqualTo("got the body");
            assertThat(threads).hasSize(2).containsOnly(threads.element());
        }
    }

    @Test
    void aTicketIsRedeemedOnceForARequestThatPassesAgain() throws Exception {
        try (var server = serve(router -> {
                    router.route().handler(handler);
                    router.route("/old").handler(handler).handler(ctx -> ctx.reroute("/new"));
                    router.route("/new").handler(ctx -> ctx.end(ctx.user().subject()));
                });
                var client = new Wire(server.port)) {
            client.post("/old?ticket=" + issue(tickets, ALICE), "");

            Wire.Answer answer = client.answer();
            assertThat(answer.status()).isEqualTo(200);
            assertThat(answer.body()).isEqualTo("alice");
        }
    }

    @Test
    void eachOfTwoGatesRedeemsOnceForARequestThatPassesAgain() throws Exception {
        Gate other = Gate.builder(tickets).carrier(TicketCarrier.header()).build();

        try (var server = serve(router -> {
                    router.route().handler(handler).handler(TicketHandler.of(other));
                    router.route("/old").handler(ctx -> ctx.reroute("/new"));
                    router.route("/new")
                            .handler(ctx -> ctx.end(ctx.user().subject() + " "
                                    + TicketHandler.admitted(ctx).holder().username()));
                });
                var client = new Wire(server.port)) {
            client.send("GET /old?ticket=" + issue(tickets, ALICE) + " HTTP/1.1\r\nHost: localhost\r\nRealtime-Ticket: "
                    + issue(tickets, TicketHolder.of(2, "bob")) + "\r\n\r\n");

            Wire.Answer answer = client.answer();
            assertThat(answer.status()).isEqualTo(200);
            assertThat(answer.body()).isEqualTo("bob bob");
        }
    }

    @Test
    void whatOneGateAdmittedAnotherDoesNotForThat() throws Exception {
        Gate other = Gate.builder(tickets).carrier(TicketCarrier.header()).build();

        try (var server = serve(router -> {
                    router.route().handler(handler);
                    router.route().handler(TicketHandler.of(other)).handler(RoutingContext::end);
                });
                var client = new Wire(server.port)) {
            client.post("/?ticket=" + issue(tickets, ALICE), "");

            assertThat(client.answer().status()).isEqualTo(401);
        }
    }

    @Test
    void aRefusalSaysSoAsAnyGateDoesAndNotAsTheFailureHandler() throws Exception {
        try (var server = serve(router -> router.route()
                        .handler(handler)
                        .handler(RoutingContext::end)
                        .failureHandler(ctx -> ctx.end("oops")));
                var client = new Wire(server.port)) {
            client.post("/", "unread");

            Wire.Answer answer = client.answer();
            assertThat(answer.status()).isEqualTo(401);
            assertThat(answer.body()).isEqualTo(Refusal.MISSING.body());
            assertThat(answer.headers())
                    .containsEntry("content-type", "application/json")
                    .containsEntry("cache-control", "no-store")
                    .containsEntry("www-authenticate", "Ticket");
        }
    }

    @Test
    void whatIsThrownAfterTheStoreAnsweredIsTheFailureHandlers() throws Exception {
        Queue<Throwable> failures = new ConcurrentLinkedQueue<>();

        try (var server = serve(router -> {
                    router.route().handler(ctx -> {
                        var head =
                                ctx.response().putHeader("Content-Length", "2").write("O");
                        head.onComplete(written -> ctx.next());
                    });
                    router.route().handler(handler).failureHandler(ctx -> {
                        failures.add(ctx.failure());
                        ctx.response().end("K");
                    });
                });
                var client = new Wire(server.port)) {
            client.post("/", "");

            assertThat(client.answer().body()).isEqualTo("OK");
            assertThat(failures).singleElement().isInstanceOf(IllegalStateException.class);
            assertThat(server.unhandled).isEmpty();
        }
    }

    @Test
    void aTicketDoesNotBecomeASession() throws Exception {
        String ticket = issue(tickets, ALICE);
        Queue<Throwable> failures = new ConcurrentLinkedQueue<>();

        try (var server = new GatedServer(vertx -> {
                    Router router = Router.router(vertx);
                    router.route("/sessions/*").handler(SessionHandler.create(LocalSessionStore.create(vertx)));
                    router.route().handler(handler).handler(RoutingContext::end).failureHandler(ctx -> {
                        failures.add(ctx.failure());
                        ctx.next();
                    });
                    return router;
                });
                var client = new Wire(server.port)) {
            client.post("/sessions/?ticket=" + ticket, "");
            assertThat(client.answer().status()).isEqualTo(500);
            assertThat(failures)
                    .singleElement()
                    .asInstanceOf(THROWABLE)
                    .isInstanceOf(IllegalStateException.class)
                    .hasMessageContaining("SessionHandler");

            client.post("/?ticket=" + ticket, "");
            assertThat(client.answer().status()).isEqualTo(200);
        }
    }

    @Test
    void aPreflightIsRefusedUnlessACorsHandlerAnswersItAndBurnsNothing() throws Exception {
        String ticket = issue(tickets, ALICE);

        try (var server = serve(router -> {
                    router.route("/open").handler(CorsHandler.create().addOrigin("https://app.example"));
                    router.route()
                            .handler(handler)
                            .handler(ctx -> ctx.end(ctx.user().subject()));
                });
                var client = new Wire(server.port)) {
            client.preflight("/closed?ticket=" + ticket, "https://app.example");
            Wire.Answer refused = client.answer();
            assertThat(refused.status()).isEqualTo(403);
            assertThat(refused.body()).isEqualTo(Refusal.WRONG_ORIGIN.body());

            client.preflight("/open?ticket=" + ticket, "https://app.example");
            Wire.Answer answered = client.answer();
            assertThat(answered.status()).isEqualTo(204);
            assertThat(answered.headers()).containsEntry("access-control-allow-origin", "https://app.example");

            client.post("/open?ticket=" + ticket, "");
            assertThat(client.answer().body()).isEqualTo("alice");
        }
    }

    @Test
    void whoAsksForAHolderWithoutAHandlerIsTold() throws Exception {
        Queue<Throwable> failures = new ConcurrentLinkedQueue<>();

        try (var server = serve(router -> router.route()
                        .handler(ctx ->
                                ctx.end(TicketHandler.admitted(ctx).holder().username()))
                        .failureHandler(ctx -> {
                            failures.add(ctx.failure());
                            ctx.next();
                        }));
                var client = new Wire(server.port)) {
            client.post("/", "");

            assertThat(client.answer().status()).isEqualTo(500);
            assertThat(failures).singleElement().isInstanceOf(IllegalStateException.class);
        }
    }

    @Test
    void aClientThatLeavesWhileTheStoreIsAskedIsForgotten() throws Exception {
        var store = new RemoteStore();
        Tickets held = Tickets.of(store);
        String ticket = issue(held, ALICE);
        store.hold();
        Queue<RoutingContext> admitted = new ConcurrentLinkedQueue<>();

        try (var server = serve(router ->
                router.route().handler(TicketHandler.of(Gate.of(held))).handler(admitted::add))) {
            try (var client = new Wire(server.port)) {
                client.post("/?ticket=" + ticket, "the body");
                store.awaitTake();
            }
            assertThat(server.disconnected.await(20, TimeUnit.SECONDS)).isTrue();
            store.up();
            server.settle();

            assertThat(admitted).isEmpty();
            assertThat(server.unhandled).isEmpty();
        }
    }

    @Test
    void whatIsAnsweredLeavesNothingWithItsConnection() throws Exception {
        List<WeakReference<LiveConnection>> answered = new CopyOnWriteArrayList<>();

        try (var server = serve(router -> router.route().handler(handler).handler(ctx -> {
                    answered.add(new WeakReference<>(
                            TicketHandler.admitted(ctx).connection().orElseThrow()));
                    ctx.end("done");
                }));
                var client = new Wire(server.port)) {
            for (int i = 0; i < 1_000; i++) {
                client.post("/?ticket=" + issue(tickets, ALICE), "");
                assertThat(client.answer().body()).isEqualTo("done");
            }

            // The server may hold on to the last one or two.
            for (int i = 0; i < 100 && left(answered) > 2; i++) {
                System.gc();
                TimeUnit.MILLISECONDS.sleep(20);
            }
            assertThat(answered).hasSize(1_000);
            assertThat(left(answered)).isLessThanOrEqualTo(2);
        }
    }

    @Test
    void whoeverIsToldToGoIsHeardNoMoreAndGoes() throws Exception {
        Revocations revocations = Revocations.inMemory();
        Tickets followed =
                Tickets.builder(TicketStore.inMemory()).revocations(revocations).build();
        Gate gate = Gate.of(followed);
        Queue<String> heard = new ConcurrentLinkedQueue<>();
        Queue<ServerWebSocket> sockets = new ConcurrentLinkedQueue<>();

        try (var server = serve(router -> {
                    router.get("/chat")
                            .handler(TicketHandler.of(gate))
                            .handler(ctx -> ctx.request().toWebSocket().onSuccess(socket -> {
                                sockets.add(socket);
                                socket.textMessageHandler(heard::add);
                                socket.writeTextMessage("hello");
                            }));
                    router.get("/flood")
                            .handler(TicketHandler.of(gate))
                            .handler(ctx -> ctx.request().toWebSocket().onSuccess(socket -> {
                                for (int i = 0; i < 512; i++) {
                                    socket.writeTextMessage("x".repeat(60_000));
                                }
                            }));
                    router.get("/stream").handler(TicketHandler.of(gate)).handler(ctx -> {
                        ctx.response().setChunked(true);
                        for (int i = 0; i < 512; i++) {
                            ctx.response().write("x".repeat(60_000));
                        }
                    });
                });
                var deaf = new Wire(server.port);
                var still = new Wire(server.port);
                var slow = new Wire(server.port)) {
            deaf.handshake("/chat?ticket=" + issue(followed, ALICE));
            assertThat(deaf.answer().status()).isEqualTo(101);
            assertThat(deaf.frame()).isEqualTo("text hello");
            deaf.text("before");
            still.handshake("/flood?ticket=" + issue(followed, ALICE));
            assertThat(still.answer().status()).isEqualTo(101);
            slow.send("GET /stream?ticket=" + issue(followed, ALICE) + " HTTP/1.1\r\nHost: localhost\r\n\r\n");
            assertThat(slow.answer().status()).isEqualTo(200);
            server.settle();

            assertThat(revocations.revoke(Revocation.holder(1))).isCompleted();
            assertThat(deaf.frame()).isEqualTo("close 3000");
            deaf.text("after");
            // A browser takes what follows a close frame for a fault, and its page learns no code.
            assertThat(sockets).hasSize(1).allSatisfy(socket -> assertThat(socket.writeTextMessage("too late"))
                    .isNotNull());

            assertThat(deaf.rest()).isEmpty();
            eventually(() -> gate.connections().count() == 0);
            assertThat(heard).containsExactly("before");
        }
    }

    @Test
    void t16_aFileThatIsBeingSentEndsWithItsLogin(@TempDir Path folder) throws Exception {
        Revocations revocations = Revocations.inMemory();
        Tickets followed =
                Tickets.builder(TicketStore.inMemory()).revocations(revocations).build();
        Gate gate = Gate.of(followed);
        Path file = folder.resolve("file");
        try (var made = new RandomAccessFile(file.toFile(), "rw")) {
            made.setLength(1 << 26);
        }

        try (var server = serve(router -> router.get("/file")
                        .handler(TicketHandler.of(gate))
                        .handler(ctx -> ctx.response().sendFile(file.toString())));
                var client = new Wire(server.port)) {
            client.send("GET /file?ticket=" + issue(followed, ALICE) + " HTTP/1.1\r\nHost: localhost\r\n\r\n");
            server.settle();
            eventually(() -> gate.connections().count() == 1);

            assertThat(revocations.revoke(Revocation.holder(1))).isCompleted();

            assertThat(client.rest().length()).isLessThan(1 << 26);
            server.settle();
            assertThat(gate.connections().count()).isZero();
        }
    }

    @Test
    void t16_theNextAnswerOfAConnectionDoesNotEndWithTheLoginOfTheLastOne() throws Exception {
        Revocations revocations = Revocations.inMemory();
        Tickets followed =
                Tickets.builder(TicketStore.inMemory()).revocations(revocations).build();

        try (var server = serve(router -> router.route()
                        .handler(TicketHandler.of(Gate.of(followed)))
                        .handler(ctx -> {
                            // The application's own, of which there is one to a response.
                            ctx.response().endHandler(ended -> {});
                            ctx.end(ctx.user().subject());
                        }));
                var client = new Wire(server.port)) {
            client.post("/?ticket=" + issue(followed, ALICE), "");
            assertThat(client.answer().body()).isEqualTo("alice");

            assertThat(revocations.revoke(Revocation.holder(1))).isCompleted();
            server.settle();

            client.post("/?ticket=" + issue(followed, TicketHolder.of(2, "bob")), "");
            assertThat(client.answer().body()).isEqualTo("bob");
        }
    }

    private static long left(List<WeakReference<LiveConnection>> connections) {
        return connections.stream().filter(known -> known.get() != null).count();
    }

    private static GatedServer serve(Consumer<Router> routes) {
        return new GatedServer(vertx -> {
            Router router = Router.router(vertx);
            routes.accept(router);
            return router;
        });
    }

    private static String issue(Tickets tickets, TicketHolder holder) {
        return tickets.issue(holder).toCompletableFuture().join().reveal();
    }
}
