// SPDX-License-Identifier: Apache-2.0
package io.github.realtimeticket.examples.chat;

import io.github.realtimeticket.TicketStore;
import io.github.realtimeticket.vertx.TicketHandler;
import io.vertx.core.Vertx;
import io.vertx.core.http.HttpServerResponse;
import io.vertx.ext.web.Router;
import io.vertx.ext.web.RoutingContext;

/** A chunked answer of Vert.x, on a route of vertx-web. */
final class VertxEventStream extends EventStream {

    private final Vertx vertx = Vertx.vertx();
    private final int port;

    VertxEventStream(TicketStore store, String origin) {
        super(store, origin);
        Router router = Router.router(vertx);
        router.get("/feed").handler(TicketHandler.of(gate())).handler(this::feed);
        port = vertx.createHttpServer()
                .requestHandler(router)
                .listen(0, "127.0.0.1")
                .await()
                .actualPort();
    }

    private void feed(RoutingContext ctx) {
        Admitted admitted = admit(
                ctx.request().query(), TicketHandler.admitted(ctx).holder().username());
        HttpServerResponse response = ctx.response()
                .setChunked(true)
                .putHeader("Content-Type", "text/event-stream")
                .putHeader("Access-Control-Allow-Origin", origin());
        response.write(admitted.event());
        switch (admitted.end()) {
            case COMPLETED -> response.end();
            case FAILED -> soon(() -> ctx.request().connection().close());
            case TIMED_OUT -> soon(response::end);
        }
    }

    @Override
    int port() {
        return port;
    }

    @Override
    public void close() {
        vertx.close().await();
    }
}
