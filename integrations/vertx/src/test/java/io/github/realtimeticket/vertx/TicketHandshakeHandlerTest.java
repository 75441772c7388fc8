// SPDX-License-Identifier: Apache-2.0
package io.github.realtimeticket.vertx;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.InstanceOfAssertFactories.THROWABLE;

import io.github.realtimeticket.Admission;
import io.github.realtimeticket.Gate;
import io.github.realtimeticket.Refusal;
import io.github.realtimeticket.TicketCarrier;
import io.github.realtimeticket.TicketEvent;
import io.github.realtimeticket.TicketHolder;
import io.github.realtimeticket.TicketStore;
import io.github.realtimeticket.Tickets;
import io.github.realtimeticket.fixtures.RemoteStore;
import io.github.realtimeticket.fixtures.Wire;
import io.vertx.core.http.HttpConnection;
import io.vertx.core.http.HttpServerRequest;
import io.vertx.core.http.ServerWebSocket;
import io.vertx.core.internal.http.HttpServerRequestInternal;
import io.vertx.core.internal.http.HttpServerRequestWrapper;
import io.vertx.ext.web.Router;
import java.lang.reflect.Proxy;
import java.util.List;
import java.util.Queue;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.TimeUnit;
import java.util.function.BiConsumer;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class TicketHandshakeHandlerTest {

    private final Tickets tickets = Tickets.of(TicketStore.inMemory());

    @Test
    void theServerServesOthersWhileTheStoreIsAskedAndThenGoesOnWhereItWas() throws Exception {
        var store = new RemoteStore();
        Tickets held = Tickets.of(store);
        String ticket = issue(held);
        store.hold();
        Queue<Thread> threads = new ConcurrentLinkedQueue<>();
        TicketHandshakeHandler handler = TicketHandshakeHandler.of(Gate.of(held), (admitted, socket) -> {
            threads.add(Thread.currentThread());
            greet(admitted, socket);
        });

        try (var server = new GatedServer(vertx -> request -> {
                    threads.add(Thread.currentThread());
                    handler.handle(request);
                });
                var client = new Wire(server.port);
                var other = new Wire(server.port)) {
            client.handshake("/chat?ticket=" + ticket);
            store.awaitTake();
            other.handshake("/chat");
            assertThat(other.answer().status()).isEqualTo(401);
            store.up();

            assertThat(client.answer().status()).isEqualTo(101);
            assertThat(client.frame()).isEqualTo("text hello alice");
            assertThat(threads).hasSize(3).containsOnly(threads.element());
        }
    }

    @Test
    void noMessageIsLostHoweverEarlyItComes() throws Exception {
        try (var server = serve(
                tickets,
                (admitted, socket) -> socket.textMessageHandler(text -> socket.writeTextMessage("got " + text)))) {
            for (int i = 0; i < 200; i++) {
                try (var client = new Wire(server.port)) {
                    client.handshake("/chat?ticket=" + issue(tickets));
                    assertThat(client.answer().status()).isEqualTo(101);
                    client.text("message " + i);

                    assertThat(client.frame()).isEqualTo("text got message " + i);
                }
            }
        }
    }

    @Test
    void aClientThatLeavesWhileTheStoreIsAskedIsForgotten() throws Exception {
        var store = new RemoteStore();
        Tickets held = Tickets.of(store);
        String ticket = issue(held);
        store.hold();
        Queue<TicketHolder> opened = new ConcurrentLinkedQueue<>();

        try (var server = serve(held, (admitted, socket) -> opened.add(admitted.holder()))) {
            try (var client = new Wire(server.port)) {
                client.handshake("/chat?ticket=" + ticket);
                store.awaitTake();
            }
            assertThat(server.disconnected.await(20, TimeUnit.SECONDS)).isTrue();
            store.up();
            server.settle();

            assertThat(opened).isEmpty();
            assertThat(server.unhandled).isEmpty();
        }
    }

    @Test
    void anApplicationThatThrowsLosesTheSocketAndHearsOfIt() throws Exception {
        var fault = new IllegalStateException("no room");

        try (var server = serve(tickets, (admitted, socket) -> {
                    throw fault;
                });
                var client = new Wire(server.port)) {
            client.handshake("/chat?ticket=" + issue(tickets));

            assertThat(client.answer().status()).isEqualTo(101);
            assertThat(client.frame()).isEqualTo("close 1011");
            server.settle();
            assertThat(server.unhandled).containsExactly(fault);
        }
    }

    @Test
    void aClientThatCannotBeAnsweredDoesNotWait() throws Exception {
        TicketHandshakeHandler handler = TicketHandshakeHandler.of(Gate.of(tickets), TicketHandshakeHandlerTest::greet);

        try (var server = new GatedServer(vertx -> request -> {
                    request.response().setChunked(true).write("an answer already");
                    handler.handle(request);
                });
                var client = new Wire(server.port)) {
            client.handshake("/chat");

            assertThat(client.answer().status()).isEqualTo(200);
            assertThat(client.rest()).contains("an answer already");
            server.settle();
            assertThat(server.unhandled).singleElement().isInstanceOf(IllegalStateException.class);
        }
    }

    @Test
    void aClientThatCannotBeWelcomedDoesNotWait() throws Exception {
        TicketHandshakeHandler handler = TicketHandshakeHandler.of(Gate.of(tickets), TicketHandshakeHandlerTest::greet);

        try (var server = new GatedServer(vertx -> request -> {
                    request.response().setChunked(true).write("an answer already");
                    handler.handle(request);
                });
                var client = new Wire(server.port)) {
            client.handshake("/chat?ticket=" + issue(tickets));

            assertThat(client.answer().status()).isEqualTo(200);
            assertThat(client.rest()).contains("an answer already").doesNotContain("alice");
        }
    }

    @ParameterizedTest
    @ValueSource(booleans = {true, false})
    void aRequestThatComesTwiceIsDecidedOnce(boolean withRouter) throws Exception {
        var store = new RemoteStore();
        Queue<TicketEvent> events = new ConcurrentLinkedQueue<>();
        Tickets watched = Tickets.builder(store).listener(events::add).build();
        String ticket = issue(watched);
        Gate gate = Gate.of(watched);
        TicketHandshakeHandler handler = TicketHandshakeHandler.of(gate, TicketHandshakeHandlerTest::greet);
        TicketHandshakeHandler other =
                TicketHandshakeHandler.of(gate, (admitted, socket) -> socket.writeTextMessage("other"));
        events.clear();
        store.hold();

        try (var server = new GatedServer(vertx -> {
                    if (withRouter) {
                        Router router = Router.router(vertx);
                        for (TicketHandshakeHandler one : List.of(handler, handler, other)) {
                            router.route().handler(ctx -> {
                                one.handle(ctx.request());
                                ctx.next();
                            });
                        }
                        router.route().handler(ctx -> {});
                        return router;
                    }
                    return request -> List.of(handler, handler, other).forEach(one -> one.handle(request));
                });
                var client = new Wire(server.port)) {
            client.post("/chat?ticket=" + ticket, "");
            assertThat(client.answer().status()).isEqualTo(400);
            client.handshake("/chat?ticket=" + ticket);
            store.awaitTake();
            server.settle();
            store.up();

            assertThat(client.answer().status()).isEqualTo(101);
            assertThat(client.frame()).isEqualTo("text hello alice");
            assertThat(events)
                    .filteredOn(event -> event instanceof TicketEvent.Redeemed || event instanceof TicketEvent.Refused)
                    .hasSize(2)
                    .first()
                    .isEqualTo(new TicketEvent.Refused(Refusal.NO_HANDSHAKE, null, false));
            client.end();
            server.settle();
            assertThat(server.unhandled).isEmpty();
        }
    }

    @ParameterizedTest
    @CsvSource({
        "websocket, Upgraded, X: 1",
        "'websocket, h2c', Upgrade, X: 1",
        "websocket, Upgrade, Content-Length: 9000",
        "websocket, Upgrade, Transfer-Encoding: chunked"
    })
    void t20_aHandshakeThatVertxWouldRefuseUsesUpNoTicket(String upgrade, String connection, String line)
            throws Exception {
        Gate gate = Gate.of(tickets);

        for (boolean withRouter : List.of(true, false)) {
            String ticket = issue(tickets);
            try (var server = withRouter ? route(gate) : serve(gate, TicketHandshakeHandlerTest::greet);
                    var client = new Wire(server.port);
                    var later = new Wire(server.port)) {
                client.send("GET /chat?ticket=" + ticket + " HTTP/1.1\r\nHost: localhost\r\nUpgrade: " + upgrade
                        + "\r\nConnection: " + connection + "\r\n" + line + "\r\nSec-WebSocket-Version: 13\r\n"
                        + "Sec-WebSocket-Key: dGhlIHNhbXBsZSBub25jZQ==\r\n\r\n");
                Wire.Answer answer = client.answer();
                assertThat(answer.status()).isEqualTo(400);
                assertThat(answer.body()).isEqualTo(Refusal.UNSUITABLE.body());

                later.handshake("/chat?ticket=" + ticket);
                assertThat(later.answer().status()).isEqualTo(101);
            }
        }
    }

    @Test
    void t20_aRequestThatTheApplicationHasWrappedInItsOwnWayIsAnsweredAndUsesUpNoTicket() throws Exception {
        String ticket = issue(tickets);
        TicketHandshakeHandler handler = TicketHandshakeHandler.of(Gate.of(tickets), TicketHandshakeHandlerTest::greet);

        try (var server = new GatedServer(vertx ->
                        request -> handler.handle(request.path().equals("/own") ? wrapped(request) : request));
                var client = new Wire(server.port)) {
            client.handshake("/own?ticket=" + ticket);
            assertThat(client.answer().status()).isEqualTo(500);
            server.settle();
            assertThat(server.unhandled)
                    .singleElement()
                    .asInstanceOf(THROWABLE)
                    .hasMessageContaining("HttpServerRequestWrapper");

            client.handshake("/chat?ticket=" + ticket);
            assertThat(client.answer().status()).isEqualTo(101);
        }
    }

    @Test
    void t20_aRequestWhoseConnectionTheApplicationHidesIsAnsweredAndUsesUpNoTicket() throws Exception {
        String ticket = issue(tickets);
        TicketHandshakeHandler handler = TicketHandshakeHandler.of(Gate.of(tickets), TicketHandshakeHandlerTest::greet);

        try (var server = new GatedServer(vertx -> request ->
                        handler.handle(request.path().equals("/own") ? withoutConnection(request) : request));
                var client = new Wire(server.port)) {
            client.handshake("/own?ticket=" + ticket);
            assertThat(client.answer().status()).isEqualTo(500);
            server.settle();
            assertThat(server.unhandled)
                    .singleElement()
                    .asInstanceOf(THROWABLE)
                    .hasMessageContaining("must have the connection");

            client.handshake("/chat?ticket=" + ticket);
            assertThat(client.answer().status()).isEqualTo(101);
        }
    }

    @Test
    void aProxyThatSpeaksHttp10IsToldWhatIsMissing() throws Exception {
        try (var server = serve(tickets, TicketHandshakeHandlerTest::greet);
                var client = new Wire(server.port)) {
            client.send(
                    "GET /chat?ticket=" + issue(tickets) + " HTTP/1.0\r\nHost: localhost\r\nConnection: close\r\n\r\n");

            Wire.Answer answer = client.answer();
            assertThat(answer.status()).isEqualTo(400);
            assertThat(answer.body()).contains("HTTP/1.1", "Upgrade", "proxy");
        }
    }

    @Test
    void theTicketIsNotEchoedEvenWhereTheServerEchoesAnything() throws Exception {
        String ticket = issue(tickets);

        try (var server = serve(subprotocolGate(), TicketHandshakeHandlerTest::greet, "*");
                var client = new Wire(server.port)) {
            client.handshake("/", "Sec-WebSocket-Protocol: ticket." + ticket);

            Wire.Answer answer = client.answer();
            assertThat(answer.status()).isEqualTo(101);
            assertThat(answer.toString()).doesNotContain(ticket);
        }
    }

    private Gate subprotocolGate() {
        return Gate.builder(tickets).carrier(TicketCarrier.subprotocol()).build();
    }

    private static GatedServer serve(Tickets tickets, BiConsumer<Admission.Admitted, ServerWebSocket> opened) {
        return serve(Gate.of(tickets), opened);
    }

    private static GatedServer serve(
            Gate gate, BiConsumer<Admission.Admitted, ServerWebSocket> opened, String... subprotocols) {
        return new GatedServer(vertx -> TicketHandshakeHandler.of(gate, opened), subprotocols);
    }

    private static GatedServer route(Gate gate) {
        return new GatedServer(vertx -> {
            Router router = Router.router(vertx);
            router.route()
                    .handler(TicketHandler.of(gate))
                    .handler(ctx -> ctx.request().toWebSocket().onFailure(ctx::fail));
            return router;
        });
    }

    private static HttpServerRequest withoutConnection(HttpServerRequest request) {
        return new HttpServerRequestWrapper((HttpServerRequestInternal) request) {
            @Override
            public HttpConnection connection() {
                return (HttpConnection) Proxy.newProxyInstance(
                        HttpConnection.class.getClassLoader(),
                        new Class<?>[] {HttpConnection.class},
                        (proxy, method, arguments) -> method.invoke(request.connection(), arguments));
            }
        };
    }

    private static HttpServerRequest wrapped(HttpServerRequest request) {
        return (HttpServerRequest) Proxy.newProxyInstance(
                HttpServerRequest.class.getClassLoader(),
                new Class<?>[] {HttpServerRequest.class},
                (proxy, method, arguments) -> method.invoke(request, arguments));
    }

    private static String issue(Tickets tickets) {
        return tickets.issue(TicketHolder.of(1, "alice"))
                .toCompletableFuture()
                .join()
                .reveal();
    }

    private static void greet(Admission.Admitted admitted, ServerWebSocket socket) {
        socket.writeTextMessage("hello " + admitted.holder().username());
    }
}
