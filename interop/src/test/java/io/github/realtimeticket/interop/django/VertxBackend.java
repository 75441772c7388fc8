// SPDX-License-Identifier: Apache-2.0
package io.github.realtimeticket.interop.django;

import io.github.realtimeticket.Gate;
import io.github.realtimeticket.vertx.TicketHandshakeHandler;
import io.vertx.core.Vertx;
import io.vertx.core.http.HttpServer;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;

/** A backend in Vert.x. */
final class VertxBackend implements Backend {

    private static final int PATIENCE_SECONDS = 30;

    private final Vertx vertx = Vertx.vertx();
    private final HttpServer server;

    VertxBackend(Gate gate) throws TimeoutException {
        server = vertx.createHttpServer()
                .requestHandler(TicketHandshakeHandler.of(
                        gate, (admitted, socket) -> socket.writeTextMessage(Backend.greeting(admitted.holder()))))
                .listen(0, "127.0.0.1")
                .await(PATIENCE_SECONDS, TimeUnit.SECONDS);
    }

    @Override
    public String url() {
        return "ws://127.0.0.1:" + server.actualPort() + "/";
    }

    @Override
    public void close() {
        try {
            vertx.close().await(PATIENCE_SECONDS, TimeUnit.SECONDS);
        } catch (TimeoutException e) {
            throw new IllegalStateException("Vert.x does not end", e);
        }
    }
}
