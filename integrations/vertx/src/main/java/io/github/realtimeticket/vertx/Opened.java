// SPDX-License-Identifier: Apache-2.0
package io.github.realtimeticket.vertx;

import io.github.realtimeticket.Admission.Admitted;
import io.github.realtimeticket.LiveConnection;
import io.netty.channel.Channel;
import io.vertx.core.Future;
import io.vertx.core.http.HttpServerRequest;
import io.vertx.core.http.HttpServerResponse;
import io.vertx.core.http.ServerWebSocket;
import io.vertx.core.http.WebSocketBase;
import io.vertx.core.http.impl.HttpServerConnection;
import io.vertx.core.http.impl.websocket.WebSocketConnectionImpl;
import io.vertx.core.internal.http.WebSocketInternal;
import io.vertx.core.net.impl.VertxHandler;
import java.util.Optional;
import java.util.function.Consumer;

/**
 * Registers what an admission opens, so that it ends with its login (T16, T17). That it has ended is learned from below, since Vert.x
 * keeps one close handler of each thing, and that is the application's.
 */
final class Opened {

    private Opened() {}

    static void webSocket(Admitted admitted, ServerWebSocket socket) {
        LiveConnection connection = admitted.opened((code, reason) -> close(socket, code, reason));
        endWith(((WebSocketInternal) socket).channelHandlerContext().channel(), connection);
    }

    /**
     * What comes of a request: the answer to it, however long it is, or a WebSocket.
     *
     * @param atItsEnd takes what is to be called when the response has ended
     */
    static void request(Admitted admitted, HttpServerRequest request, Consumer<Runnable> atItsEnd) {
        Optional<Channel> channel = channel(request);
        LiveConnection connection = admitted.opened((code, reason) -> {
            Optional<WebSocketBase> socket = channel.flatMap(Opened::webSocket);
            if (socket.isPresent()) {
                close(socket.get(), code, reason);
            } else {
                end(request.response());
            }
        });
        atItsEnd.accept(() -> {
            // An upgrade ends the response, too.
            if (channel.flatMap(Opened::webSocket).isEmpty()) {
                connection.ended();
            }
        });
        channel.ifPresent(below -> endWith(below, connection));
    }

    private static void close(WebSocketBase socket, int code, String reason) {
        Future<Void> unused = socket.close((short) code, reason);
    }

    // To the application it is as if the client had left, which it has to be ready for: what it sends from now on goes
    // nowhere.
    private static void end(HttpServerResponse response) {
        Future<Void> unused = response.reset();
    }

    private static void endWith(Channel channel, LiveConnection connection) {
        channel.closeFuture().addListener(closed -> connection.ended());
    }

    private static Optional<Channel> channel(HttpServerRequest request) {
        return request.connection() instanceof HttpServerConnection connection
                ? Optional.of(connection.channelHandlerContext().channel())
                : Optional.empty();
    }

    private static Optional<WebSocketBase> webSocket(Channel channel) {
        VertxHandler<?> handler = channel.pipeline().get(VertxHandler.class);
        return handler != null && handler.getConnection() instanceof WebSocketConnectionImpl connection
                ? Optional.ofNullable(connection.webSocket())
                : Optional.empty();
    }
}
