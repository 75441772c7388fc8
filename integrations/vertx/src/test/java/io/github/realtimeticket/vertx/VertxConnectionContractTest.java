// SPDX-License-Identifier: Apache-2.0
package io.github.realtimeticket.vertx;

import io.github.realtimeticket.Gate;
import io.github.realtimeticket.testkit.ConnectionContract;
import io.github.realtimeticket.testkit.GateContract.RunningServer;
import io.github.realtimeticket.testkit.WebSocketConnectionContract;
import io.vertx.core.Future;
import io.vertx.core.http.ServerWebSocket;
import io.vertx.ext.web.Router;
import java.util.Queue;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.atomic.AtomicLong;
import org.junit.jupiter.api.Nested;

class VertxConnectionContractTest {

    private static final Queue<ServerWebSocket> SOCKETS = new ConcurrentLinkedQueue<>();
    private static final AtomicLong HEARD = new AtomicLong();

    @Nested
    class WebSocketsToAPlainServer extends WebSockets {
        @Override
        protected RunningServer serve(Gate gate) {
            return VertxGateContractTest.start("ws", vertx -> greeter(gate));
        }
    }

    @Nested
    class WebSocketsToAPlainHandlerBehindARouter extends WebSockets {
        @Override
        protected RunningServer serve(Gate gate) {
            return VertxGateContractTest.start("ws", vertx -> {
                Router router = Router.router(vertx);
                TicketHandshakeHandler greeter = greeter(gate);
                router.route("/chat").handler(ctx -> greeter.handle(ctx.request()));
                return router;
            });
        }
    }

    @Nested
    class WebSocketsToARoute extends WebSockets {
        @Override
        protected RunningServer serve(Gate gate) {
            return VertxGateContractTest.start("ws", vertx -> {
                Router router = Router.router(vertx);
                router.route("/chat").handler(TicketHandler.webSockets(gate)).handler(ctx -> ctx.request()
                        .toWebSocket()
                        .onSuccess(socket -> greet(socket, ctx.user().subject())));
                return router;
            });
        }
    }

    @Nested
    class StreamsFromARoute extends ConnectionContract {
        @Override
        protected RunningServer serve(Gate gate) {
            return VertxGateContractTest.start("http", vertx -> {
                Router router = Router.router(vertx);
                router.route("/chat").handler(TicketHandler.of(gate)).handler(ctx -> {
                    ctx.response().setChunked(true).write(ctx.user().subject());
                    if (ctx.request().params().contains("bye")) {
                        ctx.end();
                    }
                });
                return router;
            });
        }
    }

    private static TicketHandshakeHandler greeter(Gate gate) {
        return TicketHandshakeHandler.of(
                gate, (admitted, socket) -> greet(socket, admitted.holder().username()));
    }

    private static void greet(ServerWebSocket socket, String username) {
        SOCKETS.add(socket);
        socket.textMessageHandler(text -> {
            HEARD.incrementAndGet();
            Future<Void> unused = socket.close();
        });
        socket.closeHandler(closed -> SOCKETS.remove(socket));
        socket.writeTextMessage(username);
    }

    abstract static class WebSockets extends WebSocketConnectionContract {
        @Override
        protected void broadcast(String text) {
            for (ServerWebSocket socket : SOCKETS) {
                try {
                    Future<Void> unused = socket.writeTextMessage(text);
                } catch (IllegalStateException e) {
                    // It is closed.
                }
            }
        }

        @Override
        protected long heard() {
            return HEARD.get();
        }
    }
}
