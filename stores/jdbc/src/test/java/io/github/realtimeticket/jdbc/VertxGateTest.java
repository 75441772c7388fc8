// SPDX-License-Identifier: Apache-2.0
package io.github.realtimeticket.jdbc;

import static org.assertj.core.api.Assertions.assertThat;

import com.zaxxer.hikari.HikariDataSource;
import io.github.realtimeticket.Gate;
import io.github.realtimeticket.Ticket;
import io.github.realtimeticket.vertx.TicketHandshakeHandler;
import io.vertx.core.Vertx;
import io.vertx.core.VertxOptions;
import io.vertx.core.http.HttpServer;
import io.vertx.core.http.HttpServerRequest;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.net.http.WebSocket;
import java.net.http.WebSocketHandshakeException;
import java.sql.Connection;
import java.sql.SQLException;
import java.time.Duration;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;
import org.springframework.jdbc.datasource.DelegatingDataSource;

/** A gate of Vert.x on this store: while the database keeps everybody waiting, the event loop serves others. */
class VertxGateTest {

    private final HttpClient browser = HttpClient.newHttpClient();

    @Test
    void theEventLoopNeverWaitsForTheDatabase() throws Exception {
        Set<String> askers = ConcurrentHashMap.newKeySet();
        var slow = new CountDownLatch(1);
        // One event loop, so that it is the one that would wait.
        Vertx vertx = Vertx.vertx(new VertxOptions().setEventLoopPoolSize(1));
        try (HikariDataSource pool = TestDatabase.POSTGRESQL.pool(4);
                JdbcTicketStore issuer = Samples.patient(pool);
                JdbcTicketStore store = Samples.patient(new DelegatingDataSource(pool) {
                    @Override
                    public Connection getConnection() throws SQLException {
                        askers.add(Thread.currentThread().getName());
                        try {
                            boolean unused = slow.await(30, TimeUnit.SECONDS);
                        } catch (InterruptedException e) {
                            throw new SQLException(e);
                        }
                        return super.getConnection();
                    }
                })) {
            Ticket ticket = Samples.ticket();
            assertThat(Samples.await(issuer.put(ticket, Samples.value(), Duration.ofMinutes(1))))
                    .isTrue();
            int port = serve(vertx, store);

            CompletableFuture<String> greeting = open(port, ticket);
            HttpResponse<String> beside = browser.send(
                    HttpRequest.newBuilder(URI.create("http://127.0.0.1:" + port + "/beside"))
                            .timeout(Duration.ofSeconds(10))
                            .build(),
                    HttpResponse.BodyHandlers.ofString());

            assertThat(beside.body()).isEqualTo("served");
            assertThat(greeting).isNotDone();
            slow.countDown();
            assertThat(greeting.get(30, TimeUnit.SECONDS)).isEqualTo("Hello alice");
            assertThat(open(port, ticket)
                            .handle((answer, fault) -> status(fault))
                            .get(30, TimeUnit.SECONDS))
                    .isEqualTo(401);
            assertThat(askers).isNotEmpty().allSatisfy(name -> assertThat(name).startsWith("realtime-ticket-jdbc-"));
        } finally {
            var unused = vertx.close();
        }
    }

    private static int serve(Vertx vertx, JdbcTicketStore store) throws Exception {
        var handshakes = TicketHandshakeHandler.of(
                Gate.of(store),
                (admitted, socket) ->
                        socket.writeTextMessage("Hello " + admitted.holder().username()));
        HttpServer server = vertx.createHttpServer()
                .requestHandler(request -> route(request, handshakes))
                .listen(0, "127.0.0.1")
                .toCompletionStage()
                .toCompletableFuture()
                .get(10, TimeUnit.SECONDS);
        return server.actualPort();
    }

    private static void route(HttpServerRequest request, TicketHandshakeHandler handshakes) {
        if (request.path().equals("/beside")) {
            var unused = request.response().end("served");
        } else {
            handshakes.handle(request);
        }
    }

    private CompletableFuture<String> open(int port, Ticket ticket) {
        var message = new CompletableFuture<String>();
        return browser.newWebSocketBuilder()
                .buildAsync(
                        URI.create("ws://127.0.0.1:" + port + "/?ticket=" + ticket.reveal()), new WebSocket.Listener() {
                            @Override
                            public CompletionStage<?> onText(WebSocket from, CharSequence text, boolean last) {
                                message.complete(text.toString());
                                return message;
                            }
                        })
                .thenCompose(socket -> message.whenComplete((text, fault) -> socket.abort()));
    }

    private static int status(Throwable fault) {
        Throwable cause = fault.getCause() == null ? fault : fault.getCause();
        return ((WebSocketHandshakeException) cause).getResponse().statusCode();
    }
}
