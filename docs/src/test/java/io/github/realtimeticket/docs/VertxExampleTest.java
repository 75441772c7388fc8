// SPDX-License-Identifier: Apache-2.0
package io.github.realtimeticket.docs;

import static org.assertj.core.api.Assertions.assertThat;

import io.github.realtimeticket.Gate;
import io.github.realtimeticket.Revocation;
import io.github.realtimeticket.Ticket;
import io.github.realtimeticket.TicketHolder;
import io.github.realtimeticket.Tickets;
import io.github.realtimeticket.fixtures.Connection;
import io.github.realtimeticket.fixtures.Redis;
import io.github.realtimeticket.redis.RedisTicketStore;
import io.github.realtimeticket.vertx.TicketHandshakeHandler;
import io.lettuce.core.RedisURI;
import io.vertx.core.Vertx;
import io.vertx.core.http.HttpServer;
import java.net.URI;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;

class VertxExampleTest {

    @Test
    void aBackendOnRedisEndsWhatATicketOpenedWhenTheLoginEnds() throws Exception {
        Vertx vertx = Vertx.vertx();
        try (var redis = new Redis();
                var store = RedisTicketStore.connect(RedisURI.create(redis.url()))) {
            Ticket ticket = soon(Tickets.of(store).issue(TicketHolder.of(1, "alice")));
            HttpServer server =
                    backend(vertx, redis.url()).listen(0, "127.0.0.1").await(10, TimeUnit.SECONDS);
            URI uri = URI.create("ws://127.0.0.1:" + server.actualPort() + "/?ticket=" + ticket.reveal());

            try (var connection = Connection.open(uri)) {
                assertThat(connection.next()).isEqualTo("Hello alice");

                Void unused = soon(store.revocations().revoke(Revocation.holder(1)));

                assertThat(connection.closeCode()).isEqualTo(Revocation.UNAUTHORIZED);
            }
        } finally {
            vertx.close().await(10, TimeUnit.SECONDS);
        }
    }

    private static <T> T soon(CompletionStage<T> stage) throws Exception {
        return stage.toCompletableFuture().get(10, TimeUnit.SECONDS);
    }

    private static HttpServer backend(Vertx vertx, String url) {
        RedisTicketStore store = RedisTicketStore.connect(RedisURI.create(url));
        Gate gate =
                Gate.of(Tickets.builder(store).revocations(store.revocations()).build());

        return vertx.createHttpServer()
                .requestHandler(TicketHandshakeHandler.of(
                        gate,
                        (admitted, socket) -> socket.writeTextMessage(
                                "Hello " + admitted.holder().username())));
    }
}
