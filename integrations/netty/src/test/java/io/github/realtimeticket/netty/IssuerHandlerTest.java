// SPDX-License-Identifier: Apache-2.0
package io.github.realtimeticket.netty;

import static io.github.realtimeticket.fixtures.Eventually.eventually;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;

import io.github.realtimeticket.Gate;
import io.github.realtimeticket.Issuer;
import io.github.realtimeticket.Origin;
import io.github.realtimeticket.TicketGrant;
import io.github.realtimeticket.TicketHolder;
import io.github.realtimeticket.Tickets;
import io.github.realtimeticket.fixtures.Certificate;
import io.github.realtimeticket.fixtures.Leaks;
import io.github.realtimeticket.fixtures.RemoteStore;
import io.github.realtimeticket.fixtures.WebUser;
import io.github.realtimeticket.fixtures.Wire;
import io.netty.buffer.Unpooled;
import io.netty.buffer.UnpooledByteBufAllocator;
import io.netty.channel.Channel;
import io.netty.channel.ChannelFuture;
import io.netty.channel.ChannelHandler;
import io.netty.channel.ChannelHandlerAdapter;
import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.ChannelInboundHandlerAdapter;
import io.netty.channel.ChannelOutboundHandlerAdapter;
import io.netty.channel.ChannelPromise;
import io.netty.channel.DefaultChannelId;
import io.netty.channel.embedded.EmbeddedChannel;
import io.netty.handler.codec.http.DefaultFullHttpRequest;
import io.netty.handler.codec.http.DefaultFullHttpResponse;
import io.netty.handler.codec.http.FullHttpRequest;
import io.netty.handler.codec.http.FullHttpResponse;
import io.netty.handler.codec.http.HttpMethod;
import io.netty.handler.codec.http.HttpObjectAggregator;
import io.netty.handler.codec.http.HttpRequest;
import io.netty.handler.codec.http.HttpResponseStatus;
import io.netty.handler.codec.http.HttpVersion;
import io.netty.handler.ssl.SslContext;
import io.netty.handler.ssl.SslContextBuilder;
import io.netty.util.ReferenceCountUtil;
import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.security.KeyStore;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.Queue;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.TimeUnit;
import java.util.function.Predicate;
import java.util.function.Supplier;
import java.util.regex.Pattern;
import javax.net.ssl.KeyManagerFactory;
import javax.net.ssl.SSLContext;
import javax.net.ssl.TrustManagerFactory;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.ValueSource;

class IssuerHandlerTest {

    private static final Pattern TICKET = Pattern.compile("\"message\":\"([A-Za-z0-9_-]{27})\"");

    private static final String OWN_PAGE = "Sec-Fetch-Site: same-origin\r\n";

    @RegisterExtension
    static final Leaks LEAKS = new Leaks();

    private final RemoteStore store = new RemoteStore();
    private final Tickets tickets = Tickets.of(store);
    private final Issuer issuer = Issuer.builder(tickets).unlimited().build();

    /** Where the aggregator stands. */
    enum Bodies {
        WHOLE,
        IN_PARTS
    }

    @ParameterizedTest
    @EnumSource
    void aTicketOpensAWebSocketOnTheConnectionThatItWasIssuedOn(Bodies bodies) throws Exception {
        try (var server = serve(bodies);
                var client = new Wire(server.port)) {
            client.send(ask("", ""));
            String ticket = WebUser.find(TICKET, client.answer().body());
            client.handshake("/chat?ticket=" + ticket);

            assertThat(client.answer().status()).isEqualTo(101);
            assertThat(client.frame()).isEqualTo("text alice");
        }
    }

    @Test
    void theServerServesOthersWhileTheStoreIsAsked() throws Exception {
        CompletableFuture<Void> held = store.hold();

        try (var server = serve(Bodies.IN_PARTS);
                var client = new Wire(server.port);
                var other = new Wire(server.port)) {
            client.send(ask("", ""));
            awaitAsked(held);
            other.post("/open", "");
            assertThat(other.answer().body()).isEqualTo("nobody");
            store.up();

            assertIssued(client);
        }
    }

    @ParameterizedTest
    @EnumSource
    void whatComesBehindARequestWaitsForItsAnswer(Bodies bodies) throws Exception {
        CompletableFuture<Void> held = store.hold();

        try (var server = serve(bodies);
                var client = new Wire(server.port)) {
            client.send(ask("", "") + post("/open", " was here") + ask("", "") + post("/open", " too"));
            awaitAsked(held);
            server.settle();
            Channel connection = server.connections.element();
            assertThat(server.served).isEmpty();
            assertThat(connection.config().isAutoRead()).isFalse();
            store.up();

            assertIssued(client);
            assertThat(client.answer().body()).isEqualTo("nobody was here");
            assertIssued(client);
            assertThat(client.answer().body()).isEqualTo("nobody too");
            assertThat(connection.config().isAutoRead()).isTrue();
        }
    }

    @ParameterizedTest
    @ValueSource(booleans = {true, false})
    void anAnswerDoesNotOvertakeAnother(boolean gateFirst) throws Exception {
        Gate gate = Gate.of(tickets);
        Supplier<List<ChannelHandler>> handlers = () -> {
            List<ChannelHandler> both = new ArrayList<>(List.of(handler(), TicketHandler.of(gate, "/events")));
            both.add(gateFirst ? 0 : 1, both.remove(1));
            both.add(0, new HttpObjectAggregator(65_536));
            return both;
        };

        try (var server = new GatedServer("", handlers);
                var client = new Wire(server.port)) {
            client.send(ask("", ""));
            String ticket = WebUser.find(TICKET, client.answer().body());
            client.send(post("/events/later?ticket=" + ticket, "") + ask("", "") + post("/events", ""));

            assertThat(client.answer().body()).isEqualTo("alice");
            assertIssued(client);
            assertThat(client.answer().status()).isEqualTo(401);
            assertThat(client.rest()).isEmpty();
        }
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "Content-Length: 5\r\n\r\nhello",
                "Content-Length: 0\r\n\r\n",
                "\r\n",
                "Transfer-Encoding: chunked\r\n\r\n5\r\nhello\r\n0\r\n\r\n",
                "Transfer-Encoding: chunked\r\n\r\n5\r\nhello\r\n6\r\n again\r\n0\r\nX: y\r\n\r\n"
            })
    void aBodyIsReadToItsEndAndDropped(String end) throws Exception {
        for (Bodies bodies : Bodies.values()) {
            try (var server = serve(bodies);
                    var client = new Wire(server.port)) {
                client.send(ask("", "", end) + ask("", "", end) + post("/open", " was here"));

                assertIssued(client);
                assertIssued(client);
                assertThat(client.answer().body()).isEqualTo("nobody was here");
            }
        }
    }

    @ParameterizedTest
    @ValueSource(strings = {"Content-Length: 70000\r\n\r\n", "Transfer-Encoding: chunked\r\n\r\n11170\r\n"})
    void aBodyThatIsTooLongIsABadRequestAndTheLast(String head) throws Exception {
        try (var server = serve(Bodies.IN_PARTS);
                var client = new Wire(server.port)) {
            client.send(ask("", "", head + "x".repeat(65_537)));

            assertThat(client.answer().status()).isEqualTo(400);
            assertThat(client.rest()).isEmpty();
            assertThat(server.served).isEmpty();
            assertThat(server.unhandled).isEmpty();
        }
    }

    @Test
    void aBodyThatNobodyWantsNeedNotBeSent() throws Exception {
        try (var server = serve(Bodies.IN_PARTS);
                var client = new Wire(server.port)) {
            client.send(ask("", "Expect: 100-continue\r\n", "Content-Length: 5\r\n\r\n"));

            assertIssued(client);
            assertThat(client.rest()).isEmpty();
        }
    }

    @Test
    void aBodyThatTheAggregatorWantsIsAwaited() throws Exception {
        try (var server = serve(Bodies.WHOLE);
                var client = new Wire(server.port)) {
            client.send(ask("", "Expect: 100-continue\r\n", "Content-Length: 5\r\n\r\n"));
            assertThat(client.answer().status()).isEqualTo(100);
            client.send("hello" + ask("", ""));

            assertIssued(client);
            assertIssued(client);
        }
    }

    @ParameterizedTest
    @ValueSource(strings = {"X: LONG\r\n\r\n", "X\r\n\r\n", "Transfer-Encoding: chunked\r\n\r\nnonsense\r\n"})
    void whatNettyCannotDecodeIsABadRequestAndTheLast(String end) throws Exception {
        try (var server = serve(Bodies.IN_PARTS);
                var client = new Wire(server.port)) {
            client.send(ask("", "", end.replace("LONG", "a".repeat(9_000))));

            Wire.Answer answer = client.answer();
            assertThat(answer.status()).isEqualTo(400);
            assertThat(answer.body()).isEqualTo("{\"status\":\"error\",\"message\":\"bad request\"}");
            assertThat(client.rest()).isEmpty();
            assertThat(server.unhandled).isEmpty();
        }
    }

    @ParameterizedTest
    @EnumSource
    void aQueryThatDoesNotDecodeIsABadRequest(Bodies bodies) throws Exception {
        try (var server = serve(bodies);
                var client = new Wire(server.port)) {
            client.send(ask("?a=%zz", "") + ask("?a=%20", ""));

            assertThat(client.answer().status()).isEqualTo(400);
            assertIssued(client);
        }
    }

    @ParameterizedTest
    @ValueSource(strings = {"Connection: close\r\n", "connection: Keep-Alive, Close\r\n"})
    void whoeverSaysSoIsAnsweredForTheLastTime(String line) throws Exception {
        for (Bodies bodies : Bodies.values()) {
            try (var server = serve(bodies);
                    var client = new Wire(server.port)) {
                client.send(ask("", line) + post("/open", ""));

                assertIssued(client);
                assertThat(client.rest()).isEmpty();
                assertThat(server.served).isEmpty();
            }
        }
    }

    @ParameterizedTest
    @EnumSource
    void anAnswerToHeadHasNoBody(Bodies bodies) throws Exception {
        try (var server = serve(bodies);
                var client = new Wire(server.port)) {
            client.send("HEAD /ticket/ HTTP/1.1\r\nHost: localhost\r\nConnection: close\r\n\r\n");

            assertThat(client.rest()).startsWith("HTTP/1.1 405 ").endsWith("\r\n\r\n");
        }
    }

    @ParameterizedTest
    @EnumSource
    void aUserWhoLeavesWhileTheStoreIsAskedLeavesNothingBehind(Bodies bodies) throws Exception {
        CompletableFuture<Void> held = store.hold();
        Queue<HttpRequest> asked = new ConcurrentLinkedQueue<>();
        TicketGrants grants = request -> {
            asked.add(request);
            return alice(request);
        };

        try (var server = serve(bodies, () -> IssuerHandler.of(issuer, "/ticket/", grants))) {
            Queue<Object> written = new ConcurrentLinkedQueue<>();
            try (var client = new Wire(server.port)) {
                client.send(ask("", "", "Content-Length: 5\r\n\r\nhello"));
                awaitAsked(held);
                server.connections.element().pipeline().addAfter("HttpServerCodec#0", "written", writtenTo(written));
            }
            assertThat(server.disconnected.await(20, TimeUnit.SECONDS)).isTrue();
            server.settle();
            store.up();
            server.settle();

            assertThat(asked).hasSize(1).allMatch(request -> ReferenceCountUtil.refCnt(request) <= 0);
            assertThat(written).isEmpty();
        }
    }

    private static ChannelHandler writtenTo(Queue<Object> written) {
        return new ChannelOutboundHandlerAdapter() {
            @Override
            public void write(ChannelHandlerContext ctx, Object message, ChannelPromise promise) {
                written.add(message);
                ChannelFuture unused = ctx.write(message, promise);
            }
        };
    }

    @Test
    void aServerThatStopsWhileTheStoreIsAskedLosesNoBuffer() throws Exception {
        CompletableFuture<Void> held = store.hold();
        var server = serve(Bodies.WHOLE);

        try (var client = new Wire(server.port)) {
            client.send(ask("", "", "Content-Length: 5\r\n\r\nhello") + post("/open", " says b"));
            awaitAsked(held);
            server.close();
            store.up();

            assertThat(client.rest()).isEmpty();
            assertThat(server.served).isEmpty();
        }
    }

    @Test
    void aHandlerThatIsTakenOutWhileTheStoreIsAskedEndsTheConnection() throws Exception {
        CompletableFuture<Void> held = store.hold();

        try (var server = serve(Bodies.WHOLE);
                var client = new Wire(server.port)) {
            client.send(ask("", ""));
            awaitAsked(held);
            server.connections.element().pipeline().remove(IssuerHandler.class);

            assertThat(client.rest()).isEmpty();
            store.up();
        }
    }

    @ParameterizedTest
    @EnumSource
    void whatComesBehindAHandshakeBeforeItIsAnsweredEndsIt(Bodies bodies) throws Exception {
        try (var server = serve(bodies);
                var client = new Wire(server.port)) {
            client.send(ask("", ""));
            String ticket = WebUser.find(TICKET, client.answer().body());
            store.hold();
            client.handshake("/chat?ticket=" + ticket);
            store.awaitTake();
            client.send(post("/open", ""));
            server.settle();
            awaitHeld(server);
            store.up();

            assertThat(client.answer().status()).isEqualTo(400);
            assertThat(client.rest()).isEmpty();
            assertThat(server.served).isEmpty();
        }
    }

    @Test
    void whatComesBehindAHandshakeThatIsAnsweredLaterEndsTheConnection() throws Exception {
        Supplier<List<ChannelHandler>> handlers = () -> List.of(handler(), new ChannelInboundHandlerAdapter() {
            @Override
            public void channelRead(ChannelHandlerContext ctx, Object message) {
                if (message instanceof HttpRequest) {
                    var answer = new DefaultFullHttpResponse(
                            HttpVersion.HTTP_1_1, HttpResponseStatus.SWITCHING_PROTOCOLS, Unpooled.EMPTY_BUFFER);
                    ctx.executor().execute(() -> {
                        ChannelFuture unused = ctx.writeAndFlush(answer);
                    });
                }
                ReferenceCountUtil.release(message);
            }
        });

        try (var server = new GatedServer("", handlers);
                var client = new Wire(server.port)) {
            client.send(post("/chat", "") + post("/open", ""));

            assertThat(client.answer().status()).isEqualTo(101);
            assertThat(client.rest()).isEmpty();
        }
    }

    @Test
    void nothingIsReadWhileTheIssuerOrTheGateHoldsSomething() throws Exception {
        Gate gate = Gate.of(tickets);
        Queue<Boolean> reading = new ConcurrentLinkedQueue<>();
        ChannelHandler watching = new ChannelOutboundHandlerAdapter() {
            @Override
            public boolean isSharable() {
                return true;
            }

            @Override
            public void write(ChannelHandlerContext ctx, Object message, ChannelPromise promise) {
                reading.add(ctx.channel().config().isAutoRead());
                ChannelFuture unused = ctx.write(message, promise);
            }
        };
        Supplier<List<ChannelHandler>> handlers =
                () -> List.of(watching, handler(), TicketHandler.of(gate, "/events"), new HttpObjectAggregator(65_536));

        try (var server = new GatedServer("", handlers);
                var client = new Wire(server.port)) {
            client.send(ask("", ""));
            String ticket = WebUser.find(TICKET, client.answer().body());
            Channel connection = server.connections.element();
            store.hold();
            client.send(post("/events/later?ticket=" + ticket, " here") + post("/open", ""));
            store.awaitTake();
            awaitHeld(server);
            reading.clear();
            store.up();

            assertThat(client.answer().body()).isEqualTo("alice here");
            assertThat(reading.element()).isFalse();
            assertThat(client.answer().body()).isEqualTo("nobody");
            client.send(post("/open", " again"));
            assertThat(client.answer().body()).isEqualTo("nobody again");
            assertThat(connection.config().isAutoRead()).isTrue();
        }
    }

    @Test
    void aClientOfHttp10ThatWantsToStayIsToldThatItMay() throws Exception {
        try (var server = serve(Bodies.IN_PARTS);
                var client = new Wire(server.port)) {
            String old = ask("", "Connection: keep-alive\r\n").replace("HTTP/1.1", "HTTP/1.0");
            client.send(old);
            assertThat(client.answer().headers()).containsEntry("connection", "keep-alive");
            client.send(old.replace("keep-alive", "x"));

            assertThat(client.answer().headers()).containsEntry("connection", "close");
            assertThat(client.rest()).isEmpty();
        }
    }

    @Test
    void aServerThatReadsByItselfNeedNotReadWhatItDoesNotSee() throws Exception {
        try (var server = serve(Bodies.IN_PARTS);
                var client = new Wire(server.port)) {
            client.post("/open", "");
            assertThat(client.answer().body()).isEqualTo("nobody");
            Channel connection = server.connections.element();
            connection.config().setAutoRead(false);
            client.send(ask("", "", "Content-Length: 10\r\n\r\nhello"));
            connection.read();
            server.settle();
            client.send("again");

            assertIssued(client);
            client.post("/open", " later");
            assertThat(client.answer().body()).isEqualTo("nobody later");
            assertThat(connection.config().isAutoRead()).isFalse();
        }
    }

    @ParameterizedTest
    @EnumSource
    void aFaultOfTheApplicationOrOfTheStoreIsAnswered(Bodies bodies) throws Exception {
        TicketGrants grants = request -> {
            if (request.headers().contains("Trouble")) {
                throw new IllegalStateException("no connection to the accounts");
            }
            return alice(request);
        };

        try (var server = serve(bodies, () -> IssuerHandler.of(issuer, "/ticket/", grants));
                var client = new Wire(server.port)) {
            client.send(ask("", "Trouble: yes\r\n"));
            assertThat(client.answer().status()).isEqualTo(500);
            store.down();
            client.send(ask("", ""));
            assertThat(client.answer().status()).isEqualTo(503);
            store.up();
            client.send(ask("", ""));
            assertIssued(client);
        }
    }

    @Test
    void aProofMayBeInTheBody() throws Exception {
        Predicate<HttpRequest> proof = request -> request instanceof FullHttpRequest whole
                && whole.content().toString(StandardCharsets.UTF_8).equals("csrf=1");

        try (var server = serve(Bodies.WHOLE, () -> handler().withCsrfProof(proof));
                var client = new Wire(server.port)) {
            String request = "POST /ticket/ HTTP/1.1\r\nHost: localhost\r\nContent-Length: 6\r\n\r\n";
            client.send(request + "csrf=0" + request + "csrf=1");

            assertThat(client.answer().status()).isEqualTo(403);
            assertIssued(client);
        }
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "200|http://localhost|Host: LOCALHOST",
                "200|http://localhost:8080|Host: localhost:8080",
                "403|https://localhost|Host: localhost",
                "403|http://localhost|",
                "403|http://localhost|Host: localhost\r\nHost: evil.example"
            })
    void t12_theOwnOriginIsThatOfTheHost(String line) throws Exception {
        String[] part = line.split("\\|", -1);

        try (var server = serve(Bodies.IN_PARTS);
                var client = new Wire(server.port)) {
            client.send(fromOrigin(part[1], part[2].isEmpty() ? "" : part[2] + "\r\n"));

            assertThat(client.answer().status()).hasToString(part[0]);
        }
    }

    @Test
    void t12_whatAProxySaysOfTheOriginIsForTheApplicationToRead() throws Exception {
        Supplier<IssuerHandler> handler = () -> handler()
                .withOwnOrigin(
                        request -> Origin.parse("https://" + request.headers().get("X-Forwarded-Host")));

        try (var server = serve(Bodies.IN_PARTS, handler);
                var client = new Wire(server.port)) {
            String host = "Host: localhost\r\n";
            client.send(fromOrigin("https://app.example", host + "X-Forwarded-Host: app.example\r\n")
                    + fromOrigin("http://localhost", host + "X-Forwarded-Host: app.example\r\n"));

            assertThat(client.answer().status()).isEqualTo(200);
            assertThat(client.answer().status()).isEqualTo(403);
        }
    }

    @ParameterizedTest
    @EnumSource
    void aFunctionForTheOriginThatFailsIsAnswered(Bodies bodies) throws Exception {
        Supplier<IssuerHandler> handler = () -> handler().withOwnOrigin(request -> {
            throw new IllegalStateException("odd");
        });

        try (var server = serve(bodies, handler);
                var client = new Wire(server.port)) {
            String asked = fromOrigin("http://localhost", "Host: localhost\r\n");
            client.send(asked + asked + post("/open", " was here"));

            assertThat(client.answer().status()).isEqualTo(500);
            assertThat(client.answer().status()).isEqualTo(500);
            assertThat(client.answer().body()).isEqualTo("nobody was here");
            assertThat(server.unhandled).isEmpty();
        }
    }

    @Test
    void t12_behindTlsTheOwnOriginIsSecure(@TempDir Path directory) throws Exception {
        KeyStore keys = KeyStore.getInstance(
                Certificate.in(directory.resolve("keys")).keystore().toFile(), Certificate.PASSWORD.toCharArray());
        KeyManagerFactory own = KeyManagerFactory.getInstance(KeyManagerFactory.getDefaultAlgorithm());
        own.init(keys, Certificate.PASSWORD.toCharArray());
        SslContext tls = SslContextBuilder.forServer(own).build();
        var secured = new ChannelHandlerAdapter() {
            @Override
            public boolean isSharable() {
                return true;
            }

            @Override
            public void handlerAdded(ChannelHandlerContext ctx) {
                ctx.pipeline().addFirst(tls.newHandler(ctx.alloc()));
            }
        };

        try (var server = new GatedServer("", () -> List.of(secured, handler()))) {
            String origin = "https://127.0.0.1:" + server.port;
            HttpClient client =
                    HttpClient.newBuilder().sslContext(trusting(keys)).build();

            assertThat(status(client, origin, origin)).isEqualTo(200);
            assertThat(status(client, origin, origin.replace("https", "http"))).isEqualTo(403);
        }
    }

    @Test
    void t12_theOwnOriginOfAStreamIsAsSecureAsItsConnection(@TempDir Path directory) throws Exception {
        KeyStore keys = KeyStore.getInstance(
                Certificate.in(directory.resolve("keys")).keystore().toFile(), Certificate.PASSWORD.toCharArray());
        KeyManagerFactory own = KeyManagerFactory.getInstance(KeyManagerFactory.getDefaultAlgorithm());
        own.init(keys, Certificate.PASSWORD.toCharArray());
        var connection = new EmbeddedChannel(
                SslContextBuilder.forServer(own).build().newHandler(UnpooledByteBufAllocator.DEFAULT));
        var stream = new EmbeddedChannel(connection, DefaultChannelId.newInstance(), true, false, handler());
        var request = new DefaultFullHttpRequest(HttpVersion.HTTP_1_1, HttpMethod.POST, "/ticket/");
        request.headers().set("Host", "localhost").set("Origin", "https://localhost");

        stream.writeInbound(request);
        stream.runPendingTasks();

        FullHttpResponse answer = stream.readOutbound();
        assertThat(answer.status().code()).isEqualTo(200);
        answer.release();
        assertThat(stream.finishAndReleaseAll()).isFalse();
        var unused = connection.finishAndReleaseAll();
    }

    @ParameterizedTest
    @ValueSource(strings = {"", "ticket", "/ticket/?a", "/ticket#", "/tick\u00e9t", "/a ticket"})
    void aPathThatNoRequestHasIsAMistake(String path) {
        assertThatIllegalArgumentException()
                .isThrownBy(() -> IssuerHandler.of(issuer, path, IssuerHandlerTest::alice))
                .withMessageContaining(path);
    }

    private GatedServer serve(Bodies bodies) {
        return serve(bodies, this::handler);
    }

    private GatedServer serve(Bodies bodies, Supplier<IssuerHandler> handler) {
        Gate gate = Gate.of(tickets);
        return new GatedServer("", () -> {
            List<ChannelHandler> all = new ArrayList<>(List.of(handler.get(), TicketHandler.webSockets(gate, "/chat")));
            all.add(bodies == Bodies.WHOLE ? 0 : 1, new HttpObjectAggregator(65_536));
            return all;
        });
    }

    private IssuerHandler handler() {
        return IssuerHandler.of(issuer, "/ticket/", IssuerHandlerTest::alice);
    }

    private static Optional<TicketGrant> alice(HttpRequest request) {
        return Optional.of(TicketGrant.to(TicketHolder.of(1, "alice")));
    }

    private static void assertIssued(Wire client) throws IOException {
        assertThat(client.answer().body()).containsPattern(TICKET);
    }

    private static void awaitAsked(CompletableFuture<Void> held) {
        eventually(() -> held.getNumberOfDependents() > 0);
    }

    // As soon as something waits, nothing more is read.
    private static void awaitHeld(GatedServer server) throws InterruptedException {
        eventually(() -> !server.connections.element().config().isAutoRead());
        server.settle();
    }

    private static String ask(String query, String headers) {
        return ask(query, headers, "Content-Length: 0\r\n\r\n");
    }

    private static String ask(String query, String headers, String end) {
        return "POST /ticket/" + query + " HTTP/1.1\r\nHost: localhost\r\n" + OWN_PAGE + headers + end;
    }

    private static String fromOrigin(String origin, String headers) {
        return "POST /ticket/ HTTP/1.1\r\nOrigin: " + origin + "\r\nContent-Length: 0\r\n" + headers + "\r\n";
    }

    private static String post(String target, String body) {
        return "POST " + target + " HTTP/1.1\r\nHost: localhost\r\nContent-Length: " + body.length() + "\r\n\r\n"
                + body;
    }

    private static int status(HttpClient client, String server, String origin) throws Exception {
        HttpResponse<Void> answer = client.send(
                java.net.http.HttpRequest.newBuilder(URI.create(server + "/ticket/"))
                        .header("Origin", origin)
                        .POST(java.net.http.HttpRequest.BodyPublishers.noBody())
                        .build(),
                BodyHandlers.discarding());
        return answer.statusCode();
    }

    private static SSLContext trusting(KeyStore keys) throws Exception {
        KeyStore trusted = KeyStore.getInstance("PKCS12");
        trusted.load(null, null);
        trusted.setCertificateEntry("server", keys.getCertificate("redis"));
        TrustManagerFactory trust = TrustManagerFactory.getInstance(TrustManagerFactory.getDefaultAlgorithm());
        trust.init(trusted);
        SSLContext context = SSLContext.getInstance("TLS");
        context.init(null, trust.getTrustManagers(), null);
        return context;
    }
}
