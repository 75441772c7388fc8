// SPDX-License-Identifier: Apache-2.0
package io.github.realtimeticket.vertx;

import static java.util.concurrent.TimeUnit.SECONDS;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.github.realtimeticket.Gate;
import io.github.realtimeticket.Issuer;
import io.github.realtimeticket.Revocation;
import io.github.realtimeticket.Revocations;
import io.github.realtimeticket.TicketHolder;
import io.github.realtimeticket.TicketStore;
import io.github.realtimeticket.Tickets;
import io.vertx.core.Vertx;
import io.vertx.core.http.ClientWebSocket;
import io.vertx.core.http.HttpServer;
import io.vertx.core.http.UpgradeRejectedException;
import io.vertx.core.http.WebSocketClient;
import io.vertx.ext.web.Router;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeoutException;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/** What docs/backends/vertx.md shows of a test. */
class RouterExampleTest {

    private final Vertx vertx = Vertx.vertx();

    @AfterEach
    void stop() throws TimeoutException {
        vertx.close().await(20, SECONDS);
    }

    @Test
    void aTicketOpensOneSocketUntilTheLoginEnds() throws Exception {
        Revocations revocations = Revocations.inMemory();
        Tickets tickets =
                Tickets.builder(TicketStore.inMemory()).revocations(revocations).build();
        Router router = Hello.router(vertx, Issuer.of(tickets), Gate.of(tickets), revocations);
        HttpServer server =
                vertx.createHttpServer().requestHandler(router).listen(0).await(20, SECONDS);
        String ticket = tickets.issue(TicketHolder.of(7, "bob"))
                .toCompletableFuture()
                .join()
                .reveal();
        WebSocketClient client = vertx.createWebSocketClient();
        ClientWebSocket socket = client.webSocket();
        var heard = new LinkedBlockingQueue<String>();
        socket.textMessageHandler(heard::add);
        socket.closeHandler(gone -> heard.add("closed with " + socket.closeStatusCode()));

        socket.connect(server.actualPort(), "localhost", "/chat?ticket=" + ticket)
                .await(20, SECONDS);
        assertThat(heard.poll(20, SECONDS)).isEqualTo("Hello bob");

        assertThatThrownBy(() -> client.connect(server.actualPort(), "localhost", "/chat?ticket=" + ticket)
                        .await(20, SECONDS))
                .isInstanceOfSatisfying(UpgradeRejectedException.class, refused -> assertThat(refused.getStatus())
                        .isEqualTo(401));

        revocations.revoke(Revocation.holder(7)).toCompletableFuture().join();
        assertThat(heard.poll(20, SECONDS)).isEqualTo("closed with 3000");
    }
}
