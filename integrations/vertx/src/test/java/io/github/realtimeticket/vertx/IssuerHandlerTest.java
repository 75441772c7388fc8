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
import io.github.realtimeticket.fixtures.RemoteStore;
import io.github.realtimeticket.fixtures.WebUser;
import io.github.realtimeticket.fixtures.Wire;
import io.vertx.core.Future;
import io.vertx.core.Handler;
import io.vertx.core.Vertx;
import io.vertx.core.http.HttpClient;
import io.vertx.core.http.HttpClientOptions;
import io.vertx.core.http.HttpClientRequest;
import io.vertx.core.http.HttpClientResponse;
import io.vertx.core.http.HttpMethod;
import io.vertx.core.http.HttpVersion;
import io.vertx.core.http.StreamResetException;
import io.vertx.core.json.JsonObject;
import io.vertx.ext.auth.User;
import io.vertx.ext.web.AllowForwardHeaders;
import io.vertx.ext.web.Router;
import io.vertx.ext.web.RoutingContext;
import io.vertx.ext.web.handler.BodyHandler;
import io.vertx.ext.web.impl.UserContextInternal;
import java.net.http.HttpResponse;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.Queue;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.TimeUnit;
import java.util.function.BiConsumer;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class IssuerHandlerTest {

    private static final Pattern TICKET = Pattern.compile("\"message\":\"([A-Za-z0-9_-]{27})\"");
    private static final Handler<RoutingContext> ALICE = user(User.fromName("alice"));

    private final RemoteStore store = new RemoteStore();
    private final Tickets tickets = Tickets.of(store);
    private final IssuerHandler handler = IssuerHandler.of(Issuer.of(tickets));

    @Test
    void theEventLoopDoesNotWaitForTheStoreAndWritesTheAnswer() throws Exception {
        int many = 20;
        Queue<Thread> threads = new ConcurrentLinkedQueue<>();

        try (var server = serve((router, unused) -> {
            router.route("/ticket/").handler(ALICE).handler(ctx -> {
                ctx.addHeadersEndHandler(written -> threads.add(Thread.currentThread()));
                threads.add(Thread.currentThread());
                ctx.next();
            });
            router.route("/ticket/").handler(handler.withCsrfProof(ctx -> true));
            router.get("/other").handler(ctx -> ctx.end("there"));
        })) {
            var alice = new WebUser("http://127.0.0.1:" + server.port);
            CompletableFuture<Void> held = store.hold();
            List<CompletableFuture<HttpResponse<String>>> asked = new ArrayList<>();
            for (int i = 0; i < many; i++) {
                asked.add(alice.postLater("/ticket/"));
            }
            eventually(() -> held.getNumberOfDependents() == many);
            String meanwhile = alice.get("/other").body();
            store.up();

            assertThat(meanwhile).isEqualTo("there");
            for (CompletableFuture<HttpResponse<String>> one : asked) {
                assertThat(one.get(30, TimeUnit.SECONDS).body()).containsPattern(TICKET);
            }
            assertThat(threads).hasSize(2 * many).containsOnly(threads.element());
        }
    }

    @Test
    void aClientThatLeavesWhileTheStoreIsAskedLeavesNothingBehind() throws Exception {
        Queue<Throwable> failures = new ConcurrentLinkedQueue<>();

        try (var server = serve((router, unused) -> router.route("/ticket/")
                .handler(ALICE)
                .handler(handler)
                .failureHandler(ctx -> failures.add(ctx.failure())))) {
            CompletableFuture<Void> held = store.hold();
            try (var client = new Wire(server.port)) {
                ask(client, "/ticket/", "Content-Length: 9", "half");
                eventually(() -> held.getNumberOfDependents() == 1);
            }
            assertThat(server.disconnected.await(20, TimeUnit.SECONDS)).isTrue();
            store.up();
            server.settle();

            assertThat(server.unhandled).isEmpty();
            assertThat(failures).isEmpty();
            try (var next = new Wire(server.port)) {
                ask(next, "/ticket/", "Content-Length: 0", "");
                assertThat(next.answer().body()).containsPattern(TICKET);
            }
        }
    }

    @ParameterizedTest
    @ValueSource(strings = {"nothing", "pause", "whole"})
    void whatComesOfABodyIsDroppedAndTheNextRequestOfTheConnectionAnswered(String before) throws Exception {
        String large = "x".repeat(65_536);

        try (var server = serve((router, unused) -> {
                    if (before.equals("pause")) {
                        router.route().handler(ctx -> {
                            ctx.request().pause();
                            ctx.next();
                        });
                    } else if (before.equals("whole")) {
                        router.route().handler(BodyHandler.create(false));
                    }
                    router.route("/ticket/").handler(ALICE).handler(handler);
                });
                var client = new Wire(server.port)) {
            ask(client, "/ticket/", "Content-Length: " + large.length(), large);
            assertThat(client.answer().body()).containsPattern(TICKET);

            ask(client, "/ticket/", "Transfer-Encoding: chunked", "10000\r\n" + large + "\r\n0\r\n\r\n");
            assertThat(client.answer().body()).containsPattern(TICKET);

            ask(
                    client,
                    "/ticket/",
                    "Content-Length: 9\r\nContent-Type: application/x-www-form-urlencoded",
                    "_csrf=abc");
            assertThat(client.answer().body()).containsPattern(TICKET);
            assertThat(server.unhandled).isEmpty();
        }
    }

    @Test
    void aBodyThatHasNoEndIsNotReadToIt() throws Exception {
        try (var server = serve((router, unused) ->
                        router.route("/ticket/").handler(ALICE).handler(handler));
                var client = new Wire(server.port)) {
            ask(client, "/ticket/", "Transfer-Encoding: chunked", "100000\r\n" + "x".repeat(65_536));
            Wire.Answer answer = client.answer();
            client.send("x");

            assertThat(answer.body()).containsPattern(TICKET);
            assertThat(client.rest()).isEmpty();
        }
    }

    @Test
    void aBodyThatComesWhileTheStoreIsAskedEndsTheConnectionBehindTheAnswer() throws Exception {
        try (var server = serve((router, unused) ->
                        router.route("/ticket/").handler(ALICE).handler(handler));
                var client = new Wire(server.port)) {
            CompletableFuture<Void> held = store.hold();
            ask(client, "/ticket/", "Transfer-Encoding: chunked", "100000\r\n" + "x".repeat(65_537));
            eventually(() -> held.getNumberOfDependents() == 1);
            server.settle();
            store.up();

            assertThat(client.rest()).containsPattern(TICKET);
        }
    }

    @ParameterizedTest
    @CsvSource({"POST, 200", "GET, 405"})
    void whoeverWaitsToSendABodyIsToldTheEndAndNotToGoOn(String method, int status) throws Exception {
        try (var server = serve((router, unused) ->
                        router.route("/ticket/").handler(ALICE).handler(handler));
                var client = new Wire(server.port)) {
            client.send(method + " /ticket/ HTTP/1.1\r\nHost: localhost\r\nSec-Fetch-Site: same-origin\r\n"
                    + "Content-Length: 4\r\nExpect: 100-continue\r\n\r\n");
            Wire.Answer answer = client.answer();

            assertThat(answer.status()).isEqualTo(status);
            assertThat(answer.headers()).containsEntry("connection", "close");
            assertThat(client.rest()).isEmpty();
        }
    }

    @Test
    void overHttp2ABodyThatHasNoEndEndsItsStreamOnly() throws Exception {
        try (var server = serve((router, unused) ->
                router.route("/ticket/").handler(ALICE).handler(handler.withCsrfProof(ctx -> true)))) {
            Vertx vertx = Vertx.vertx();
            try {
                HttpClient http = vertx.createHttpClient(new HttpClientOptions()
                        .setProtocolVersion(HttpVersion.HTTP_2)
                        .setHttp2ClearTextUpgrade(false));
                var cut = new CompletableFuture<Throwable>();
                HttpClientRequest request = await(http.request(HttpMethod.POST, server.port, "127.0.0.1", "/ticket/"));
                request.setChunked(true).exceptionHandler(cut::complete);
                Future<Void> unused = request.write("x".repeat(65_000));
                HttpClientResponse response = await(request.response());
                Future<Void> unusedToo = request.write("x".repeat(1_000));

                assertThat(response.statusCode()).isEqualTo(200);
                assertThat(cut.get(20, TimeUnit.SECONDS)).isInstanceOf(StreamResetException.class);
                HttpClientRequest next = await(http.request(HttpMethod.POST, server.port, "127.0.0.1", "/ticket/"));
                assertThat(await(next.send()).statusCode()).isEqualTo(200);
                assertThat(next.connection()).isSameAs(request.connection());
            } finally {
                Void unusedAtLast = await(vertx.close());
            }
        }
    }

    @Test
    void aProofMayBeInAFormThatABodyHandlerHasRead() throws Exception {
        IssuerHandler proved =
                handler.withCsrfProof(ctx -> "abc".equals(ctx.request().getFormAttribute("_csrf")));

        try (var server = serve((router, unused) -> {
                    router.route().handler(BodyHandler.create(false));
                    router.route("/ticket/").handler(ALICE).handler(proved);
                });
                var client = new Wire(server.port)) {
            form(client, "_csrf=abc");
            assertThat(client.answer().body()).containsPattern(TICKET);

            form(client, "_csrf=abd");
            assertThat(client.answer().status()).isEqualTo(403);
        }
    }

    @ParameterizedTest
    @CsvSource({
        "/ticket/, /ticket/, //ticket/",
        "/ticket/, /ticket/, /%74icket/",
        "/ticket/, /ticket/, /x/../ticket/",
        "/ticket/, /ticket/, http://any/ticket/",
        "/ticket, /ticket, /ticket/",
        "/, /below/, //below/",
        "/ticket/, /below/ticket/, /below//ticket/",
        "/ticket, /below/ticket, /below/ticket/"
    })
    void anyOtherSpellingIsThatOfAnotherRoute(String path, String spelled, String otherwise) throws Exception {
        try (var server = serve((router, below) -> {
                    router.route("/below/*").subRouter(below);
                    (spelled.startsWith("/below") ? below : router)
                            .route(path)
                            .handler(ALICE)
                            .handler(handler);
                    router.route().handler(ctx -> ctx.end("another"));
                });
                var client = new Wire(server.port)) {
            ask(client, spelled, "Content-Length: 0", "");
            assertThat(client.answer().body()).containsPattern(TICKET);

            ask(client, otherwise, "Content-Length: 0", "");
            assertThat(client.answer().body()).isEqualTo("another");
        }
    }

    @ParameterizedTest
    @ValueSource(strings = {"*", "/ticket/*", "/:name/"})
    void aRouteWithMoreThanOnePathIsAMistake(String path) throws Exception {
        Queue<Throwable> failures = new ConcurrentLinkedQueue<>();

        try (var server = serve((router, unused) -> (path.equals("*") ? router.route() : router.route(path))
                        .handler(handler)
                        .failureHandler(ctx -> {
                            failures.add(ctx.failure());
                            ctx.next();
                        }));
                var client = new Wire(server.port)) {
            ask(client, "/ticket/", "Content-Length: 0", "");

            assertThat(client.answer().status()).isEqualTo(500);
            assertThat(failures).singleElement().isInstanceOf(IllegalStateException.class);
        }
    }

    @Test
    void aQueryThatDoesNotDecodeIsNoFaultOfTheApplication() throws Exception {
        try (var server = serve((router, unused) ->
                        router.route("/ticket/").handler(ALICE).handler(handler));
                var client = new Wire(server.port)) {
            ask(client, "/ticket/?a=%zz", "Content-Length: 0", "");

            Wire.Answer answer = client.answer();
            assertThat(answer.status()).isEqualTo(400);
            assertThat(answer.body()).isEqualTo("{\"status\":\"error\",\"message\":\"bad request\"}");
        }
    }

    @ParameterizedTest
    @CsvSource({"ALL, 200", "X_FORWARD, 200", "NONE, 403"})
    void behindAProxyTheOwnOriginIsWhatTheRouterTakesForIt(AllowForwardHeaders forward, int status) throws Exception {
        try (var server = serve((router, unused) -> {
                    router.allowForward(forward)
                            .route("/ticket/")
                            .handler(ALICE)
                            .handler(handler);
                });
                var client = new Wire(server.port)) {
            String host = "app.example";
            client.send("POST /ticket/ HTTP/1.1\r\nHost: localhost\r\nOrigin: https://" + host
                    + "\r\nX-Forwarded-Proto: https\r\nX-Forwarded-Host: " + host + "\r\nContent-Length: 0\r\n\r\n");

            assertThat(client.answer().status()).isEqualTo(status);
        }
    }

    @ParameterizedTest
    @ValueSource(booleans = {true, false})
    void whoeverCameByTicketGetsNoOther(boolean byUser) throws Exception {
        IssuerHandler granting =
                byUser ? handler : handler.withGrants(ctx -> Optional.of(TicketGrant.to(TicketHolder.of(1, "alice"))));

        try (var server = serve((router, unused) -> router.route("/ticket/")
                        .handler(TicketHandler.of(Gate.of(tickets)))
                        .handler(granting));
                var client = new Wire(server.port)) {
            String ticket = tickets.issue(TicketHolder.of(1, "alice"))
                    .toCompletableFuture()
                    .join()
                    .reveal();

            ask(client, "/ticket/?ticket=" + ticket, "Content-Length: 0", "");

            assertThat(client.answer().status()).isEqualTo(401);
        }
    }

    @ParameterizedTest
    @CsvSource(
            value = {"null, 401", "hotp, 401", "totp, 200"},
            nullValues = "null")
    void aGrantMayAskForASecondFactor(@Nullable String mfa, int status) throws Exception {
        User alice = User.fromName("alice");
        alice.attributes().put("mfa", mfa);

        try (var server = serve((router, unused) -> router.route("/ticket/")
                        .handler(user(alice))
                        .handler(handler.withGrants(ctx ->
                                ctx.user() != null && "totp".equals(ctx.user().get("mfa"))
                                        ? TicketGrants.byUser().grant(ctx)
                                        : Optional.empty())));
                var client = new Wire(server.port)) {
            ask(client, "/ticket/", "Content-Length: 0", "");

            assertThat(client.answer().status()).isEqualTo(status);
        }
    }

    @Test
    void whoeverHasNoNameGetsNoTicket() throws Exception {
        try (var server = serve((router, unused) -> router.route("/ticket/")
                        .handler(user(User.create(new JsonObject())))
                        .handler(handler));
                var client = new Wire(server.port)) {
            ask(client, "/ticket/", "Content-Length: 0", "");

            assertThat(client.answer().status()).isEqualTo(500);
        }
    }

    @Test
    void whatCannotBeWrittenIsTheFailureHandlers() throws Exception {
        Queue<Throwable> failures = new ConcurrentLinkedQueue<>();

        try (var server = serve((router, unused) -> {
                    router.route().handler(ALICE).handler(ctx -> {
                        var head =
                                ctx.response().putHeader("Content-Length", "2").write("O");
                        head.onComplete(written -> ctx.next());
                    });
                    router.route("/ticket/").handler(handler).failureHandler(ctx -> {
                        failures.add(ctx.failure());
                        ctx.response().end("K");
                    });
                });
                var client = new Wire(server.port)) {
            ask(client, "/ticket/", "Content-Length: 0", "");

            assertThat(client.answer().body()).isEqualTo("OK");
            assertThat(failures).singleElement().isInstanceOf(IllegalStateException.class);
            assertThat(server.unhandled).isEmpty();
        }
    }

    @ParameterizedTest
    @CsvSource({"true, 401", "false, 101"})
    void t16_whoeverIsRevokedSinceTheBeginningGetsNoGoodTicket(boolean begun, int status) throws Exception {
        Revocations revocations = Revocations.inMemory();
        Tickets followed =
                Tickets.builder(TicketStore.inMemory()).revocations(revocations).build();

        try (var server = serve((router, unused) -> {
                    if (begun) {
                        router.route("/ticket/").handler(IssuerHandler.begin(revocations));
                    }
                    router.route("/ticket/").handler(ALICE).handler(ctx -> {
                        assertThat(revocations.revoke(Revocation.holder("alice")))
                                .isCompleted();
                        ctx.next();
                    });
                    router.route("/ticket/").handler(IssuerHandler.of(Issuer.of(followed)));
                    router.get("/chat")
                            .handler(TicketHandler.of(Gate.of(followed)))
                            .handler(ctx -> ctx.request().toWebSocket());
                });
                var client = new Wire(server.port)) {
            ask(client, "/ticket/", "Content-Length: 0", "");
            String ticket = WebUser.find(TICKET, client.answer().body());
            client.handshake("/chat?ticket=" + ticket);

            assertThat(client.answer().status()).isEqualTo(status);
        }
    }

    @Test
    void varyIsAddedToWhatOthersHaveSaid() throws Exception {
        IssuerHandler toOthers = IssuerHandler.of(Issuer.builder(tickets)
                .allowedOrigins(List.of("https://app.example"))
                .build());

        try (var server = serve((router, unused) -> router.route("/ticket/")
                .handler(ALICE)
                .handler(ctx -> {
                    ctx.response().putHeader("Vary", "Accept-Encoding").putHeader("Cache-Control", "max-age=60");
                    ctx.next();
                })
                .handler(toOthers))) {
            var headers = new WebUser("http://127.0.0.1:" + server.port)
                    .post("/ticket/", "Origin", "https://app.example")
                    .headers();

            assertThat(headers.allValues("Vary")).containsExactly("Accept-Encoding", "Origin");
            assertThat(headers.allValues("Cache-Control")).containsExactly("no-store");
        }
    }

    private static void ask(Wire client, String target, String lines, String body) throws Exception {
        client.send("POST " + target + " HTTP/1.1\r\nHost: localhost\r\nSec-Fetch-Site: same-origin\r\n" + lines
                + "\r\n\r\n" + body);
    }

    private static void form(Wire client, String body) throws Exception {
        client.send("POST /ticket/ HTTP/1.1\r\nHost: localhost\r\nContent-Length: " + body.length()
                + "\r\nContent-Type: application/x-www-form-urlencoded\r\n\r\n" + body);
    }

    private static Handler<RoutingContext> user(User user) {
        return ctx -> {
            ((UserContextInternal) ctx.userContext()).setUser(user);
            ctx.next();
        };
    }

    private static <T> T await(Future<T> future) throws Exception {
        return future.toCompletionStage().toCompletableFuture().get(20, TimeUnit.SECONDS);
    }

    /** With a router, and another that may be mounted below it. */
    private static GatedServer serve(BiConsumer<Router, Router> routes) {
        return new GatedServer(vertx -> {
            Router router = Router.router(vertx);
            routes.accept(router, Router.router(vertx));
            return router;
        });
    }
}
