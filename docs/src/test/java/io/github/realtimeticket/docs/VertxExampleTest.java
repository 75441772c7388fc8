// SPDX-License-Identifier: Apache-2.0
package io.github.realtimeticket.docs;

import static org.assertj.core.api.Assertions.assertThat;

import io.github.realtimeticket.Gate;
import io.github.realtimeticket.Ticket;
import io.github.realtimeticket.TicketHolder;
import io.github.realtimeticket.Tickets;
import io.github.realtimeticket.redis.RedisTicketStore;
import io.github.realtimeticket.vertx.TicketHandshakeHandler;
import io.lettuce.core.RedisURI;
import io.vertx.core.Vertx;
import io.vertx.core.http.HttpServer;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.WebSocket;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;
import redis.embedded.RedisServer;

class VertxExampleTest {

    @Test
    void aBackendOnRedis() throws Exception {
        RedisServer redis = Servers.redis();
        Vertx vertx = Vertx.vertx();
        try {
            String greeting = greet(vertx, redis.ports().get(0));

            assertThat(greeting).isEqualTo("Hello alice");
        } finally {
            vertx.close().await(10, TimeUnit.SECONDS);
            redis.stop();
        }
    }

    private static String greet(Vertx vertx, int port) throws Exception {
        try (var store = RedisTicketStore.connect(RedisURI.create("127.0.0.1", port))) {
            Ticket ticket = Tickets.of(store)
                    .issue(TicketHolder.of(1, "alice"))
                    .toCompletableFuture()
                    .get(10, TimeUnit.SECONDS);
            HttpServer server = backend(vertx, "redis://127.0.0.1:" + port)
                    .listen(0, "127.0.0.1")
                    .await(10, TimeUnit.SECONDS);
            var greeting = new CompletableFuture<String>();
            WebSocket socket = HttpClient.newHttpClient()
                    .newWebSocketBuilder()
                    .buildAsync(
                            URI.create("ws://127.0.0.1:" + server.actualPort() + "/?ticket=" + ticket.reveal()),
                            new WebSocket.Listener() {
                                @Override
                                public CompletionStage<?> onText(WebSocket from, CharSequence text, boolean last) {
                                    greeting.complete(text.toString());
                                    return null;
                                }
                            })
                    .get(10, TimeUnit.SECONDS);
            try {
                return greeting.get(10, TimeUnit.SECONDS);
            } finally {
                socket.abort();
            }
        }
    }

    private static HttpServer backend(Vertx vertx, String url) {
        RedisTicketStore store = RedisTicketStore.connect(RedisURI.create(url));
        Gate gate = Gate.of(store);

        return vertx.createHttpServer()
                .requestHandler(TicketHandshakeHandler.of(
                        gate,
                        (admitted, socket) -> socket.writeTextMessage(
                                "Hello " + admitted.holder().username())));
    }
}
