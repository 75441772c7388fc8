// SPDX-License-Identifier: Apache-2.0
package io.github.realtimeticket.vertx;

import io.github.realtimeticket.Admission.Admitted;
import io.github.realtimeticket.LiveConnection;
import io.netty.channel.Channel;
import io.netty.channel.ChannelDuplexHandler;
import io.netty.channel.ChannelFuture;
import io.netty.channel.ChannelFutureListener;
import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.ChannelPromise;
import io.netty.handler.codec.http.websocketx.CloseWebSocketFrame;
import io.netty.handler.codec.http.websocketx.WebSocketFrameEncoder;
import io.netty.util.ReferenceCountUtil;
import io.vertx.core.Future;
import io.vertx.core.http.HttpServerRequest;
import io.vertx.core.http.HttpVersion;
import io.vertx.core.http.ServerWebSocket;
import io.vertx.core.http.WebSocketBase;
import io.vertx.core.http.impl.HttpServerConnection;
import io.vertx.core.http.impl.websocket.WebSocketConnectionImpl;
import io.vertx.core.net.impl.VertxHandler;
import java.util.Optional;
import java.util.concurrent.ScheduledFuture;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.function.Consumer;

/**
 * Registers what an admission opens, so that it ends with its login (T16, T17). That it has ended is learned from below, since Vert.x
 * keeps one close handler of each thing, and that is the application's.
 */
final class Opened {

    private static final int PATIENCE_SECONDS = 10;

    private Opened() {}

    // A router wraps the request and the socket, but not the connection.
    static void webSocket(Admitted admitted, HttpServerRequest request, ServerWebSocket socket) {
        Channel channel = channel(request).orElseThrow();
        LiveConnection connection = admitted.opened((code, reason) -> close(channel, socket, code, reason));
        channel.closeFuture().addListener(closed -> connection.ended());
    }

    /** Whether the connection of this request is a WebSocket, or becomes one just now. */
    static boolean isWebSocket(HttpServerRequest request) {
        return channel(request)
                .filter(below -> below.pipeline().get(WebSocketFrameEncoder.class) != null)
                .isPresent();
    }

    /** Ends the connection of this request, but not before Vert.x is done with what it does. */
    static void hangUp(HttpServerRequest request) {
        channel(request).ifPresent(below -> below.eventLoop().execute(() -> closeNow(below)));
    }

    /**
     * What comes of a request: the answer to it, as long as the application writes it, or a WebSocket.
     *
     * @param atItsBodysEnd takes what is to be called when the response has been written
     * @param atItsEnd takes what is to be called when the response has ended
     */
    static void request(
            Admitted admitted,
            HttpServerRequest request,
            Consumer<Runnable> atItsBodysEnd,
            Consumer<Runnable> atItsEnd) {
        Optional<Channel> channel = channel(request);
        var over = new AtomicBoolean();
        LiveConnection connection = admitted.opened((code, reason) -> {
            Optional<WebSocketBase> socket = channel.flatMap(Opened::webSocket);
            if (socket.isPresent()) {
                close(channel.get(), socket.get(), code, reason);
            } else {
                end(request, channel, over);
            }
        });
        ChannelFutureListener gone = closed -> connection.ended();
        channel.ifPresent(below -> below.closeFuture().addListener(gone));
        // Of each there is one to a response, and an application may put its own there.
        atItsBodysEnd.accept(() -> over.set(true));
        atItsEnd.accept(() -> {
            // An upgrade ends the response, too.
            if (channel.flatMap(Opened::webSocket).isEmpty()) {
                // A channel may see many requests, and would keep all that belongs to them.
                channel.ifPresent(below -> below.closeFuture().removeListener(gone));
                over.set(true);
                connection.ended();
            }
        });
    }

    private static void close(Channel channel, WebSocketBase socket, int code, String reason) {
        channel.eventLoop().execute(() -> {
            ChannelHandlerContext last = channel.pipeline().context(VertxHandler.class);
            if (last != null) {
                channel.pipeline().addBefore(last.name(), null, new Parted());
            }
            Future<Void> unused = socket.close((short) code, reason);
            closeInTime(channel);
        });
    }

    // To the application it is as if the client had left, which it has to be ready for: what it sends from now on goes
    // nowhere.
    private static void end(HttpServerRequest request, Optional<Channel> channel, AtomicBoolean over) {
        boolean alone = request.version() == HttpVersion.HTTP_1_1 || request.version() == HttpVersion.HTTP_1_0;
        Future<Void> unused = request.response().reset().onComplete(reset -> {
            if (alone) {
                channel.ifPresent(below -> below.eventLoop().execute(() -> cut(below, reset.succeeded(), over)));
            }
        });
    }

    // A file that is being sent is not reset. An answer that is complete is not either, and may have another behind it.
    private static void cut(Channel channel, boolean reset, AtomicBoolean over) {
        if (reset) {
            closeInTime(channel);
        } else if (!over.get()) {
            closeNow(channel);
        }
    }

    // Vert.x waits until the client has read what was written before, which it may never do; also if the channel is
    // closed above it.
    private static void closeInTime(Channel channel) {
        ScheduledFuture<?> unused =
                channel.eventLoop().schedule(() -> closeNow(channel), PATIENCE_SECONDS, TimeUnit.SECONDS);
    }

    private static void closeNow(Channel channel) {
        ChannelHandlerContext lowest = channel.pipeline().firstContext();
        ChannelFuture unused = lowest == null ? channel.close() : lowest.close();
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

    /**
     * Keeps from the application what a client sends that has been told to go, and from the client what the application sends behind that,
     * as Vert.x does not: a browser takes a message behind a close frame for a fault (RFC 6455 section 5.5.1), and the page would not learn
     * the code.
     */
    private static final class Parted extends ChannelDuplexHandler {

        private boolean told;

        @Override
        public void channelRead(ChannelHandlerContext ctx, Object message) {
            if (message instanceof CloseWebSocketFrame) {
                ctx.fireChannelRead(message);
            } else {
                ReferenceCountUtil.release(message);
            }
        }

        @Override
        public void write(ChannelHandlerContext ctx, Object message, ChannelPromise promise) {
            if (told) {
                ReferenceCountUtil.release(message);
                boolean unused = promise.trySuccess();
            } else {
                told = message instanceof CloseWebSocketFrame;
                ChannelFuture unused = ctx.write(message, promise);
            }
        }
    }
}
