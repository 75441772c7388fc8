// SPDX-License-Identifier: Apache-2.0
package io.github.realtimeticket.vertx;

import static io.github.realtimeticket.fixtures.StoreWithRedis.PATIENCE;

import io.github.realtimeticket.Gate;
import io.github.realtimeticket.TicketStore;
import io.github.realtimeticket.fixtures.StoreWithRedis;
import io.github.realtimeticket.redis.RedisTicketStore;
import io.github.realtimeticket.testkit.GateContract;
import io.github.realtimeticket.testkit.GateContract.RunningServer;
import io.vertx.core.Handler;
import io.vertx.core.Vertx;
import io.vertx.core.http.HttpServerRequest;
import io.vertx.ext.web.Router;
import java.io.IOException;
import java.net.URI;
import java.util.function.Function;
import java.util.function.LongSupplier;
import org.junit.jupiter.api.Nested;

class VertxGateContractTest {

    @Nested
    class WebSocketsToAPlainServer extends GateContract {
        @Override
        protected RunningServer serve(Gate gate) {
            return start(
                    "ws",
                    vertx -> TicketHandshakeHandler.of(
                            gate,
                            (admitted, socket) ->
                                    socket.writeTextMessage(admitted.holder().username())));
        }
    }

    @Nested
    class WebSocketsToARoute extends GateContract {
        @Override
        protected RunningServer serve(Gate gate) {
            return startRoute(TicketHandler.webSockets(gate));
        }
    }

    @Nested
    class WebSocketsToARouteWithTicketsInRedis extends WebSocketsToARoute {
        @Override
        protected TicketStore store(LongSupplier unused) throws IOException {
            return inRedis();
        }
    }

    @Nested
    class WebSocketsToARouteOfAnyRequests extends GateContract {
        @Override
        protected RunningServer serve(Gate gate) {
            return startRoute(TicketHandler.of(gate));
        }
    }

    @Nested
    class PlainRequestsToARoute extends GateContract {
        @Override
        protected RunningServer serve(Gate gate) {
            return start("http", vertx -> {
                Router router = Router.router(vertx);
                router.route("/chat")
                        .handler(TicketHandler.of(gate))
                        .handler(ctx ->
                                ctx.end(TicketHandler.admitted(ctx).holder().username()));
                return router;
            });
        }
    }

    @Nested
    class WebSocketsToARouteOfAnyRequestsWithTicketsInRedis extends WebSocketsToARouteOfAnyRequests {
        @Override
        protected TicketStore store(LongSupplier unused) throws IOException {
            return inRedis();
        }
    }

    private static TicketStore inRedis() throws IOException {
        return new StoreWithRedis(
                uri -> RedisTicketStore.builder(uri).timeout(PATIENCE).build());
    }

    private static RunningServer startRoute(TicketHandler gate) {
        return start("ws", vertx -> {
            Router router = Router.router(vertx);
            router.route("/chat").handler(gate).handler(ctx -> ctx.request()
                    .toWebSocket()
                    .onSuccess(socket -> socket.writeTextMessage(ctx.user().subject())));
            return router;
        });
    }

    static RunningServer start(String scheme, Function<Vertx, Handler<HttpServerRequest>> handler) {
        var server = new GatedServer(handler, "chat");
        return RunningServer.of(() -> URI.create(scheme + "://127.0.0.1:" + server.port + "/chat"), server::close);
    }
}
