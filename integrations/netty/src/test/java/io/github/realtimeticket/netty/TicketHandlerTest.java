// SPDX-License-Identifier: Apache-2.0
package io.github.realtimeticket.netty;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;

import io.github.realtimeticket.Gate;
import io.github.realtimeticket.LiveConnection;
import io.github.realtimeticket.Refusal;
import io.github.realtimeticket.Revocation;
import io.github.realtimeticket.Revocations;
import io.github.realtimeticket.TicketCarrier;
import io.github.realtimeticket.TicketHolder;
import io.github.realtimeticket.TicketStore;
import io.github.realtimeticket.Tickets;
import io.github.realtimeticket.fixtures.Leaks;
import io.github.realtimeticket.fixtures.RemoteStore;
import io.github.realtimeticket.fixtures.Wire;
import io.netty.buffer.ByteBuf;
import io.netty.buffer.ByteBufAllocator;
import io.netty.buffer.Unpooled;
import io.netty.channel.Channel;
import io.netty.channel.ChannelFuture;
import io.netty.channel.ChannelHandler;
import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.ChannelInboundHandlerAdapter;
import io.netty.channel.SimpleChannelInboundHandler;
import io.netty.channel.embedded.EmbeddedChannel;
import io.netty.handler.codec.http.DefaultFullHttpRequest;
import io.netty.handler.codec.http.DefaultFullHttpResponse;
import io.netty.handler.codec.http.DefaultHttpContent;
import io.netty.handler.codec.http.DefaultHttpResponse;
import io.netty.handler.codec.http.FullHttpRequest;
import io.netty.handler.codec.http.HttpChunkedInput;
import io.netty.handler.codec.http.HttpHeaderNames;
import io.netty.handler.codec.http.HttpMethod;
import io.netty.handler.codec.http.HttpObjectAggregator;
import io.netty.handler.codec.http.HttpResponseStatus;
import io.netty.handler.codec.http.HttpVersion;
import io.netty.handler.codec.http.websocketx.TextWebSocketFrame;
import io.netty.handler.codec.http.websocketx.WebSocketServerProtocolConfig;
import io.netty.handler.codec.http.websocketx.WebSocketServerProtocolHandler;
import io.netty.handler.codec.http.websocketx.WebSocketServerProtocolHandler.HandshakeComplete;
import io.netty.handler.flow.FlowControlHandler;
import io.netty.handler.stream.ChunkedInput;
import io.netty.handler.stream.ChunkedWriteHandler;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.util.Collections;
import java.util.List;
import java.util.Queue;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.TimeUnit;
import java.util.function.Consumer;
import java.util.function.Supplier;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class TicketHandlerTest {

    @RegisterExtension
    static final Leaks LEAKS = new Leaks();

    private final RemoteStore store = new RemoteStore();
    private final Tickets tickets = Tickets.of(store);

    @Test
    void whoeverIsToldToGoIsHeardNoMoreAndGoes() throws Exception {
        Revocations revocations = Revocations.inMemory();
        Tickets followed = Tickets.builder(store).revocations(revocations).build();
        Gate gate = Gate.of(followed);
        Queue<String> heard = new ConcurrentLinkedQueue<>();
        Supplier<List<ChannelHandler>> handlers = () -> List.of(
                new HttpObjectAggregator(65_536),
                TicketHandler.webSockets(gate, "/chat"),
                new ChannelInboundHandlerAdapter() {
                    @Override
                    public void channelRead(ChannelHandlerContext ctx, Object message) {
                        if (message instanceof TextWebSocketFrame frame) {
                            heard.add(frame.text());
                        }
                        ctx.fireChannelRead(message);
                    }
                });

        try (var server = new GatedServer("", handlers);
                var client = new Wire(server.port)) {
            client.handshake("/chat?ticket=" + issue(followed, "alice"));
            assertThat(client.answer().status()).isEqualTo(101);
            assertThat(client.frame()).isEqualTo("text alice");
            client.text("before");
            assertThat(client.frame()).isEqualTo("text got before");

            assertThat(revocations.revoke(Revocation.holder(1))).isCompleted();
            assertThat(client.frame()).isEqualTo("close 3000");
            client.text("after");
            // As what frames a server's messages without Netty's own handler, which drops some of them.
            Channel connection = server.connections.element();
            ChannelHandlerContext webSocket = connection.pipeline().context(WebSocketServerProtocolHandler.class);
            TextWebSocketFrame late = new TextWebSocketFrame(Unpooled.copiedBuffer("too late", StandardCharsets.UTF_8));
            assertThat(webSocket.writeAndFlush(late).awaitUninterruptibly(20_000))
                    .isTrue();

            assertThat(client.rest()).isEmpty();
            assertThat(late.refCnt()).isZero();
            assertThat(heard).containsExactly("before");
        }
    }

    @Test
    void t16_whoeverReadsNothingGoesTooThoughAHandlerWaitsForItsLastWords() throws Exception {
        Revocations revocations = Revocations.inMemory();
        Tickets followed = Tickets.builder(store).revocations(revocations).build();
        Gate gate = Gate.of(followed);
        var patient = WebSocketServerProtocolConfig.newBuilder()
                .websocketPath("/chat")
                .checkStartsWith(true)
                .forceCloseTimeoutMillis(-1)
                .build();
        Supplier<List<ChannelHandler>> handlers = () -> List.of(
                new HttpObjectAggregator(65_536),
                TicketHandler.webSockets(gate, "/chat"),
                new WebSocketServerProtocolHandler(patient),
                new ChannelInboundHandlerAdapter() {
                    @Override
                    public void userEventTriggered(ChannelHandlerContext ctx, Object event) {
                        for (int i = 0; event instanceof HandshakeComplete && i < 512; i++) {
                            ChannelFuture unused = ctx.writeAndFlush(new TextWebSocketFrame("x".repeat(60_000)));
                        }
                    }
                });

        try (var server = new GatedServer("", handlers);
                var client = new Wire(server.port)) {
            client.handshake("/chat?ticket=" + issue(followed, "alice"));
            assertThat(client.answer().status()).isEqualTo(101);
            server.settle();
            assertThat(gate.connections().count()).isEqualTo(1);

            assertThat(revocations.revoke(Revocation.holder(1))).isCompleted();

            assertThat(server.disconnected.await(30, TimeUnit.SECONDS)).isTrue();
            server.settle();
            assertThat(gate.connections().count()).isZero();
        }
    }

    @Test
    void t16_anAnswerThatIsReadWhileItIsSentEndsWithItsLogin() throws Exception {
        assertEndsWithItsLogin(ctx -> {
            var head = new DefaultHttpResponse(HttpVersion.HTTP_1_1, HttpResponseStatus.OK);
            ChannelFuture unused = ctx.write(head);
            ChannelFuture unusedToo = ctx.writeAndFlush(new HttpChunkedInput(new Endless()));
        });
    }

    @Test
    void t16_anAnswerWhoseClientReadsSlowlyEndsWithItsLogin() throws Exception {
        byte[][] body = Collections.nCopies(64, new byte[1 << 20]).toArray(byte[][]::new);
        assertEndsWithItsLogin(ctx -> {
            ChannelFuture unused = ctx.writeAndFlush(new DefaultFullHttpResponse(
                    HttpVersion.HTTP_1_1, HttpResponseStatus.OK, Unpooled.wrappedBuffer(body)));
        });
    }

    private static void assertEndsWithItsLogin(Consumer<ChannelHandlerContext> answer) throws Exception {
        Revocations revocations = Revocations.inMemory();
        Tickets followed =
                Tickets.builder(TicketStore.inMemory()).revocations(revocations).build();
        Gate gate = Gate.of(followed);
        Supplier<List<ChannelHandler>> handlers = () -> List.of(
                new HttpObjectAggregator(65_536),
                new ChunkedWriteHandler(),
                TicketHandler.of(gate, "/events"),
                new SimpleChannelInboundHandler<FullHttpRequest>() {
                    @Override
                    protected void channelRead0(ChannelHandlerContext ctx, FullHttpRequest request) {
                        answer.accept(ctx);
                    }
                });

        try (var server = new GatedServer("", handlers);
                var client = new Wire(server.port)) {
            client.post("/events?ticket=" + issue(followed, "alice"), "");
            assertThat(client.answer().status()).isEqualTo(200);
            server.settle();
            assertThat(gate.connections().count()).isEqualTo(1);

            assertThat(revocations.revoke(Revocation.holder(1))).isCompleted();

            assertThat(client.rest().length()).isLessThan(1 << 26);
            server.settle();
            assertThat(gate.connections().count()).isZero();
        }
    }

    /** Has no more for now, and never ends. */
    private static final class Endless implements ChunkedInput<ByteBuf> {

        private boolean begun;

        @Override
        public boolean isEndOfInput() {
            return false;
        }

        @Override
        public void close() {}

        @Override
        @Deprecated
        @SuppressWarnings("InlineMeSuggester")
        public ByteBuf readChunk(ChannelHandlerContext ctx) {
            return readChunk(ctx.alloc());
        }

        @Override
        public ByteBuf readChunk(ByteBufAllocator allocator) {
            ByteBuf chunk = begun ? null : Unpooled.copiedBuffer("data: alice\n\n", StandardCharsets.UTF_8);
            begun = true;
            return chunk;
        }

        @Override
        public long length() {
            return -1;
        }

        @Override
        public long progress() {
            return 0;
        }
    }

    @Test
    void whatIsToldToCloseTooLateLeavesTheNextRequestAlone() throws Exception {
        Supplier<List<ChannelHandler>> handlers = () -> List.of(
                new HttpObjectAggregator(65_536),
                TicketHandler.of(Gate.of(tickets), "/events"),
                new SimpleChannelInboundHandler<FullHttpRequest>() {
                    @Override
                    protected void channelRead0(ChannelHandlerContext ctx, FullHttpRequest request) {
                        LiveConnection open = TicketHandler.admitted(ctx.channel())
                                .connection()
                                .orElseThrow();
                        open.close(3000, "unauthorized");
                        var answer = new DefaultFullHttpResponse(HttpVersion.HTTP_1_1, HttpResponseStatus.OK);
                        answer.headers().setInt(HttpHeaderNames.CONTENT_LENGTH, 0);
                        ChannelFuture unused = ctx.writeAndFlush(answer);
                    }
                });

        try (var server = new GatedServer("", handlers);
                var client = new Wire(server.port)) {
            for (int i = 0; i < 3; i++) {
                client.post("/events?ticket=" + issue("alice"), "");
                assertThat(client.answer().status()).isEqualTo(200);
                server.settle();
            }
        }
    }

    @Test
    void theServerServesOthersWhileTheStoreIsAsked() throws Exception {
        String ticket = issue("alice");
        store.hold();

        try (var server = webSockets();
                var client = new Wire(server.port);
                var other = new Wire(server.port)) {
            client.handshake("/chat?ticket=" + ticket);
            store.awaitTake();
            other.handshake("/chat");
            assertThat(other.answer().status()).isEqualTo(401);
            store.up();

            assertThat(client.answer().status()).isEqualTo(101);
            assertThat(client.frame()).isEqualTo("text alice");
        }
    }

    @Test
    void noMessageIsLostHoweverEarlyItComes() throws Exception {
        try (var server = webSockets()) {
            for (int i = 0; i < 200; i++) {
                try (var client = new Wire(server.port)) {
                    client.handshake("/chat?ticket=" + issue("alice"));
                    assertThat(client.answer().status()).isEqualTo(101);
                    client.text("message " + i);

                    assertThat(client.frame()).isEqualTo("text alice");
                    assertThat(client.frame()).isEqualTo("text got message " + i);
                }
            }
        }
    }

    @Test
    void aClientThatLeavesWhileTheStoreIsAskedIsForgotten() throws Exception {
        String ticket = issue("alice");
        store.hold();

        try (var server = webSockets()) {
            try (var client = new Wire(server.port)) {
                client.handshake("/chat?ticket=" + ticket);
                store.awaitTake();
            }
            assertThat(server.disconnected.await(20, TimeUnit.SECONDS)).isTrue();
            store.up();
            server.settle();

            assertThat(server.served).isEmpty();
            assertThat(server.unhandled).isEmpty();
        }
    }

    @Test
    void aServerThatStopsWhileTheStoreIsAskedLosesNoBuffer() throws Exception {
        String ticket = issue("alice");
        store.hold();
        var server = serve(() -> TicketHandler.of(Gate.of(tickets), "/events"));

        try (var client = new Wire(server.port)) {
            client.post("/events?ticket=" + ticket, " says a");
            client.post("/events", " says b");
            store.awaitTake();
            server.close();
            store.up();

            assertThat(client.rest()).isEmpty();
            assertThat(server.served).isEmpty();
        }
    }

    @Test
    void aHandlerThatIsTakenOutWhileTheStoreIsAskedLetsNobodyIn() throws Exception {
        String ticket = issue("alice");
        store.hold();

        try (var server = serve(() -> TicketHandler.of(Gate.of(tickets), "/events"));
                var client = new Wire(server.port)) {
            client.send(post("/events?ticket=" + ticket, " says a") + post("/open", " says b"));
            store.awaitTake();
            server.settle();
            server.connections.element().pipeline().remove(TicketHandler.class);
            store.up();

            assertThat(client.rest()).isEmpty();
            assertThat(server.served).isEmpty();
        }
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "GET /open HTTP/1.1\r\nHost: localhost\r\n\r\n",
                "\u0081\u0085\0\0\0\0hello",
                "\u0082\u0085\0\0\0\0he\nlo",
                "\u0089\u0080\0\0\0\0"
            })
    void whatComesBehindAHandshakeBeforeItIsAnsweredEndsIt(String early) throws Exception {
        String ticket = issue("alice");
        store.hold();

        try (var server = webSockets();
                var client = new Wire(server.port)) {
            client.send(handshake("/chat?ticket=" + ticket) + early);
            store.awaitTake();
            server.settle();
            store.up();

            assertThat(client.answer().status()).isEqualTo(400);
            assertThat(client.rest()).isEmpty();
            assertThat(server.served).isEmpty();
            assertThat(server.unhandled).isEmpty();
        }
    }

    @Test
    void eventStreamsAreAdmittedLikeAnyRequest() throws Exception {
        try (var server = serve(() -> TicketHandler.of(Gate.of(tickets), "/events"));
                var client = new Wire(server.port)) {
            client.send("GET /events/stream?ticket=" + issue("alice") + " HTTP/1.1\r\nHost: localhost\r\n\r\n");

            assertThat(client.answer().headers()).containsEntry("content-type", "text/event-stream");
            assertThat(client.rest()).isEqualTo("data: alice0\n\ndata: alice1\n\n");
        }
    }

    @Test
    void aHeartbeatTellsThatAClientHasLeftBehindWhoseStreamARequestWaits() throws Exception {
        try (var server = serve(() -> TicketHandler.of(Gate.of(tickets), "/events"))) {
            try (var client = new Wire(server.port)) {
                client.send(post("/events/stream/endless?ticket=" + issue("alice"), "") + post("/open", ""));
                assertThat(client.answer().status()).isEqualTo(200);
                server.settle();
                assertThat(server.connections.element().config().isAutoRead()).isFalse();
            }

            for (int beat = 0; beat < 400 && !server.disconnected.await(50, TimeUnit.MILLISECONDS); beat++) {
                ChannelFuture unused = server.connections
                        .element()
                        .writeAndFlush(
                                new DefaultHttpContent(Unpooled.copiedBuffer(":\n\n", StandardCharsets.US_ASCII)));
            }
            assertThat(server.disconnected.getCount()).isZero();
            assertThat(server.served).containsExactly("alice");
        }
    }

    @Test
    void aRefusalDoesNotOvertakeAnAnswer() throws Exception {
        try (var server = serve(() -> TicketHandler.of(Gate.of(tickets), "/events"));
                var client = new Wire(server.port)) {
            client.send(post("/events/later?ticket=" + issue("alice"), "") + post("/events", ""));

            assertThat(client.answer().body()).isEqualTo("alice");
            assertThat(client.answer().status()).isEqualTo(401);
            assertThat(client.rest()).isEmpty();
        }
    }

    @Test
    void readingStopsWhenSomethingWaitsAndGoesOnAfterwards() throws Exception {
        String ticket = issue("alice");
        store.hold();

        try (var server = serve(() -> TicketHandler.of(Gate.of(tickets), "/events"));
                var client = new Wire(server.port)) {
            client.send(post("/events?ticket=" + ticket, "") + post("/open", ""));
            store.awaitTake();
            server.settle();
            Channel connection = server.connections.element();
            assertThat(connection.config().isAutoRead()).isFalse();
            store.up();

            assertThat(client.answer().body()).isEqualTo("alice");
            assertThat(client.answer().body()).isEqualTo("nobody");
            assertThat(connection.config().isAutoRead()).isTrue();
        }
    }

    @Test
    void aServerThatReadsByItselfStillDoes() throws Exception {
        try (var server = serve(() -> TicketHandler.of(Gate.of(tickets), "/events"));
                var client = new Wire(server.port)) {
            client.post("/open", "");
            assertThat(client.answer().body()).isEqualTo("nobody");
            Channel connection = server.connections.element();
            connection.config().setAutoRead(false);
            String alice = issue("alice");
            store.hold();

            client.send(post("/events?ticket=" + alice, "") + post("/open", " behind"));
            connection.read();
            store.awaitTake();
            server.settle();
            connection.read();
            store.up();

            assertThat(client.answer().body()).isEqualTo("alice");
            assertThat(client.answer().body()).isEqualTo("nobody behind");
            client.post("/open", " later");
            assertThat(client.answer().body()).isEqualTo("nobody later");
            assertThat(connection.config().isAutoRead()).isFalse();
        }
    }

    @Test
    void pipelinedRequestsAreDecidedOneByOneAndAnsweredInOrder() throws Exception {
        String alice = issue("alice");
        String bob = issue("bob");
        store.hold();

        try (var server = serve(() -> TicketHandler.of(Gate.of(tickets), "/events"));
                var client = new Wire(server.port)) {
            client.send(post("/events?ticket=" + alice, " says a")
                    + post("/open", " was here")
                    + post("/events?ticket=" + bob, " says b")
                    + post("/events?ticket=" + alice, " says c")
                    + post("/events?ticket=" + alice, " says d"));
            store.awaitTake();
            server.settle();
            assertThat(server.served).isEmpty();
            store.up();

            assertThat(client.answer().body()).isEqualTo("alice says a");
            assertThat(client.answer().body()).isEqualTo("nobody was here");
            assertThat(client.answer().body()).isEqualTo("bob says b");
            assertThat(client.answer().status()).isEqualTo(401);
            assertThat(client.rest()).isEmpty();
            assertThat(server.served).containsExactly("alice says a", "nobody was here", "bob says b");
            assertThat(server.unhandled).isEmpty();
        }
    }

    @Test
    void anAdmittedRequestOpensNothingForTheNextOne() throws Exception {
        try (var server = serve(() -> TicketHandler.of(Gate.of(tickets), "/events"));
                var client = new Wire(server.port)) {
            client.post("/events?ticket=" + issue("alice"), "");
            assertThat(client.answer().body()).isEqualTo("alice");

            client.post("/elsewhere", "");
            assertThat(client.rest()).isEmpty();
            assertThat(server.unhandled).singleElement().isInstanceOf(IllegalStateException.class);
        }
    }

    @Test
    void handlersOnOneChannelLeaveEachOthersAdmissionsAlone() throws Exception {
        Gate gate = Gate.of(tickets);

        try (var server = new GatedServer(
                        "chat",
                        () -> List.of(
                                new HttpObjectAggregator(65_536),
                                TicketHandler.of(gate, "/events"),
                                TicketHandler.of(gate, "/feed")));
                var client = new Wire(server.port)) {
            client.send(post("/events?ticket=" + issue("alice"), "")
                    + post("/feed?ticket=" + issue("bob"), "")
                    + post("/events?ticket=" + issue("carol"), "")
                    + post("/open", ""));
            assertThat(client.answer().body()).isEqualTo("alice");
            assertThat(client.answer().body()).isEqualTo("bob");
            assertThat(client.answer().body()).isEqualTo("carol");
            assertThat(client.answer().body()).isEqualTo("nobody");

            client.post("/elsewhere", "");
            assertThat(client.rest()).isEmpty();
            assertThat(server.unhandled).singleElement().isInstanceOf(IllegalStateException.class);
        }
    }

    @Test
    void requestsThatAreDeliveredOneByOneKeepTheirOrder() throws Exception {
        String alice = issue("alice");
        String bob = issue("bob");
        String carol = issue("carol");
        CompletableFuture<Void> first = store.hold();

        try (var server = new GatedServer(
                        "chat",
                        () -> List.of(
                                new FlowControlHandler(),
                                new HttpObjectAggregator(65_536),
                                TicketHandler.of(Gate.of(tickets), "/events")));
                var client = new Wire(server.port)) {
            client.send(post("/events?ticket=" + alice, "")
                    + post("/events?ticket=" + bob, "")
                    + post("/events?ticket=" + carol, ""));
            store.awaitTake();
            server.settle();
            store.hold();
            first.complete(null);

            assertThat(client.answer().body()).isEqualTo("alice");
            store.awaitTake();
            server.settle();
            store.up();
            assertThat(client.answer().body()).isEqualTo("bob");
            assertThat(client.answer().body()).isEqualTo("carol");
        }
    }

    @Test
    void aDecisionThatComesLaterOnTheLoopOfTheChannelLetsTheBodyFollow() throws Exception {
        String ticket = issue("alice");
        CompletableFuture<Void> answer = store.hold();

        try (var server = new GatedServer(
                        "chat",
                        () -> List.of(
                                TicketHandler.of(Gate.of(tickets), "/events"), new HttpObjectAggregator(65_536)));
                var client = new Wire(server.port)) {
            client.post("/events?ticket=" + ticket, " says a");
            store.awaitTake();
            server.settle();
            server.connections.element().eventLoop().execute(() -> answer.complete(null));

            assertThat(client.answer().body()).isEqualTo("alice says a");
        }
    }

    @Test
    void noRequestIsLostHoweverManyComeWhileTheStoreIsAsked() throws Exception {
        String ticket = issue("alice");
        store.hold();
        int requests = 20_000;

        try (var server = serve(() -> TicketHandler.of(Gate.of(tickets), "/events"));
                var client = new Wire(server.port)) {
            var sender = new Thread(() -> flood(client, ticket, requests));
            sender.start();
            store.awaitTake();
            assertThat(server.served).isEmpty();
            store.up();
            assertThat(client.answer().body()).isEqualTo("alice");
            for (int i = 1; i < requests; i++) {
                assertThat(client.answer().body()).startsWith("nobody");
            }
            sender.join();
        }
    }

    @Test
    void aRequestThatIsNoHandshakeUsesUpNoTicket() throws Exception {
        String ticket = issue("alice");

        try (var server = webSockets();
                var plain = new Wire(server.port);
                var client = new Wire(server.port)) {
            plain.post("/chat?ticket=" + ticket, "body");
            Wire.Answer answer = plain.answer();
            assertThat(answer.status()).isEqualTo(400);
            assertThat(answer.body()).isEqualTo(Refusal.NO_HANDSHAKE.body());
            assertThat(plain.rest()).isEmpty();

            client.handshake("/chat?ticket=" + ticket);
            assertThat(client.answer().status()).isEqualTo(101);
        }
    }

    @ParameterizedTest
    @CsvSource({"HTTP/1.0, websocket, Upgrade", "HTTP/1.1, websocket, Upgraded", "HTTP/1.1, 'websocket, h2c', Upgrade"})
    void t20_aHandshakeThatNettyWouldRefuseUsesUpNoTicket(String version, String upgrade, String connection)
            throws Exception {
        String ticket = issue("alice");

        try (var server = webSockets();
                var client = new Wire(server.port);
                var later = new Wire(server.port)) {
            client.send("GET /chat?ticket=" + ticket + " " + version + "\r\nHost: localhost\r\nUpgrade: " + upgrade
                    + "\r\nConnection: " + connection + "\r\nSec-WebSocket-Version: 13\r\n"
                    + "Sec-WebSocket-Key: dGhlIHNhbXBsZSBub25jZQ==\r\n\r\n");

            Wire.Answer answer = client.answer();
            assertThat(answer.status()).isEqualTo(400);
            assertThat(answer.body()).isEqualTo(Refusal.UNSUITABLE.body());
            assertThat(client.rest()).isEmpty();
            later.handshake("/chat?ticket=" + ticket);
            assertThat(later.answer().status()).isEqualTo(101);
            assertThat(server.unhandled).isEmpty();
        }
    }

    @ParameterizedTest
    @ValueSource(strings = {"GET /%s HTTP/1.1\r\n\r\n", "GET / HTTP/1.1\r\nX: %s\r\n\r\n", "nonsense\r\n\r\n"})
    void whatNettyCannotDecodeIsRefused(String request) throws Exception {
        try (var server = webSockets();
                var client = new Wire(server.port)) {
            client.send(request.formatted("a".repeat(9_000)));

            assertThat(client.answer().status()).isEqualTo(400);
            assertThat(server.unhandled).isEmpty();
        }
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "/events/live",
                "/events/live/",
                "/events/live/x",
                "/events/live?a",
                "/events/%6cive",
                "http://localhost/events/live",
                "/events/live;a",
                "//x/events/live",
                "//events/live",
                "/events//live",
                "/open/../events/live",
                "/open%2f..%2fevents/live",
                "/%2e/events/live",
                "/events/./live",
                "/;x/events/live",
                "/events;x/live",
                "/open\\..\\events\\live",
                "/open#/../events/live",
                "http:/events/live",
                "http:/events/live/x://y/open",
                "http://localhost//x/events/live"
            })
    void noSpellingOfAPathLeadsPastTheGate(String target) throws Exception {
        try (var server = serve(() -> TicketHandler.of(Gate.of(tickets), "/events/live"));
                var client = new Wire(server.port)) {
            client.post(target, "");

            assertThat(client.answer().status()).isEqualTo(401);
        }
    }

    @ParameterizedTest
    @ValueSource(strings = {"//chat", "/%63hat", "/chat;x", "/x/../chat", "http://localhost/chat"})
    void t20_aSpellingThatNettyDoesNotKnowUsesUpNoTicket(String path) throws Exception {
        String ticket = issue("alice");

        try (var server = webSockets();
                var client = new Wire(server.port);
                var later = new Wire(server.port)) {
            client.handshake(path + "?ticket=" + ticket);

            assertThat(client.answer().status()).isEqualTo(400);
            later.handshake("/chat?ticket=" + ticket);
            assertThat(later.answer().status()).isEqualTo(101);
            assertThat(server.unhandled).isEmpty();
        }
    }

    @ParameterizedTest
    @ValueSource(strings = {"/r%c3%a4ume", "/%72%C3%A4ume", "//r%C3%A4ume", "http://h/r%c3%a4ume"})
    void noSpellingOfAnEncodedPathLeadsPastTheGate(String target) throws Exception {
        try (var server = serve(() -> TicketHandler.webSockets(Gate.of(tickets), "/r%C3%A4ume"));
                var client = new Wire(server.port)) {
            client.handshake(target);

            assertThat(client.answer().status()).isEqualTo(400);
            assertThat(server.unhandled).isEmpty();
        }
        assertThatIllegalArgumentException()
                .isThrownBy(() -> TicketHandler.webSockets(Gate.of(tickets), "/r\u00e4ume"));
    }

    @Test
    void aRequestThatMeetsItsGateTwiceUsesUpOneTicket() {
        Gate gate = Gate.of(tickets);
        var channel = new EmbeddedChannel(
                TicketHandler.of(gate, "/events"), TicketHandler.of(gate, "/events/live", "/other"));

        for (String target : List.of("/events/live", "/other")) {
            var request = new DefaultFullHttpRequest(
                    HttpVersion.HTTP_1_1, HttpMethod.GET, target + "?ticket=" + issue("alice"));
            channel.writeInbound(request);

            assertThat(channel.<Object>readInbound()).isSameAs(request);
            assertThat(TicketHandler.admitted(channel).holder().username()).isEqualTo("alice");
            channel.writeOutbound(new DefaultFullHttpResponse(HttpVersion.HTTP_1_1, HttpResponseStatus.OK));
        }
        channel.writeInbound(new DefaultFullHttpRequest(HttpVersion.HTTP_1_1, HttpMethod.GET, "/other"));
        assertThat(channel.<Object>readInbound()).isNull();
    }

    @ParameterizedTest
    @ValueSource(strings = {"/%%63hat/%%zz?ticket=%s", "/open/%%zz?ticket=%s", "/chat/%%zz?ticket=%s"})
    void t20_aTargetThatDoesNotDecodeIsRefusedAndUsesUpNoTicket(String target) throws Exception {
        String ticket = issue("alice");

        try (var server = webSockets();
                var client = new Wire(server.port);
                var later = new Wire(server.port)) {
            client.handshake(target.formatted(ticket));

            assertThat(client.answer().status()).isEqualTo(400);
            later.handshake("/chat?ticket=" + ticket);
            assertThat(later.answer().status()).isEqualTo(101);
        }
    }

    @ParameterizedTest
    @ValueSource(strings = {"/open//x", "/open/../x", "/open;x", "/open?next=//events/live", "/open/live/.events"})
    void anOddSpellingOfAnotherPathIsPassedOn(String target) throws Exception {
        try (var server = serve(() -> TicketHandler.of(Gate.of(tickets), "/events/live"));
                var client = new Wire(server.port)) {
            client.post(target, "");

            assertThat(client.answer().body()).isEqualTo("nobody");
        }
    }

    @ParameterizedTest
    @ValueSource(strings = {"/", "/any", "*", "localhost:443", "http://localhost"})
    void theRootIsForEveryTarget(String target) throws Exception {
        try (var server = serve(() -> TicketHandler.of(Gate.of(tickets), "/"));
                var client = new Wire(server.port)) {
            client.post(target, "");

            assertThat(client.answer().status()).isEqualTo(401);
        }
    }

    @Test
    void aGateWithoutPathsIsAMistake() {
        Gate gate = Gate.of(TicketStore.inMemory());

        assertThatIllegalArgumentException().isThrownBy(() -> TicketHandler.of(gate));
        assertThatIllegalArgumentException().isThrownBy(() -> TicketHandler.of(gate, "chat"));
    }

    @Test
    void theTicketIsNotEchoedEvenWhereTheServerEchoesAnything() throws Exception {
        String ticket = issue("alice");
        Gate gate = Gate.builder(tickets).carrier(TicketCarrier.subprotocol()).build();

        try (var server = new GatedServer(() -> TicketHandler.webSockets(gate, "/chat"), "*");
                var client = new Wire(server.port)) {
            client.handshake("/chat", "Sec-WebSocket-Protocol: ticket." + ticket);

            Wire.Answer answer = client.answer();
            assertThat(answer.status()).isEqualTo(101);
            assertThat(answer.toString()).doesNotContain(ticket);
        }
    }

    private GatedServer webSockets() {
        return serve(Gate.of(tickets));
    }

    private static GatedServer serve(Gate gate) {
        return serve(() -> TicketHandler.webSockets(gate, "/chat"));
    }

    private static GatedServer serve(Supplier<TicketHandler> handler) {
        return new GatedServer(handler, "chat");
    }

    private static void flood(Wire client, String ticket, int requests) {
        try {
            client.send(post("/events?ticket=" + ticket, ""));
            for (int i = 1; i < requests; i++) {
                client.send(post("/open", "x".repeat(500)));
            }
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private static String handshake(String target) {
        return "GET " + target + " HTTP/1.1\r\nHost: localhost\r\nConnection: Upgrade\r\nUpgrade: websocket\r\n"
                + "Sec-WebSocket-Version: 13\r\nSec-WebSocket-Key: dGhlIHNhbXBsZSBub25jZQ==\r\n\r\n";
    }

    private static String post(String target, String body) {
        return "POST " + target + " HTTP/1.1\r\nHost: localhost\r\nContent-Length: " + body.length() + "\r\n\r\n"
                + body;
    }

    private String issue(String username) {
        return issue(tickets, username);
    }

    private static String issue(Tickets tickets, String username) {
        return tickets.issue(TicketHolder.of(1, username))
                .toCompletableFuture()
                .join()
                .reveal();
    }
}
