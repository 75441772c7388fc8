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
import io.vertx.core.http.WebSocketBase;
import io.vertx.core.http.impl.HttpServerConnection;
import io.vertx.core.http.impl.websocket.WebSocketConnectionImpl;
import io.vertx.core.net.impl.VertxHandler;
import java.util.Optional;
import java.util.concurrent.ScheduledFuture;
import java.util.concurrent.TimeUnit;

/**
 * What an admission opens, registered, so that it ends with its login (T16, T17): a WebSocket, or the answer to the request as long as the
 * application writes it. That it has ended is learned from below, since Vert.x keeps one close handler of each thing, and that is the
 * application's.
 */
final class Opened {

    private static final int PATIENCE_SECONDS = 10;

    private final HttpServerRequest request;
    // A router wraps the request, but not the connection.
    private final Optional<Channel> channel;
    private final LiveConnection connection;
    private final ChannelFutureListener gone;
    private volatile boolean written;

    Opened(Admitted admitted, HttpServerRequest request) {
        this.request = request;
        channel = channel(request);
        connection = admitted.opened(this::close);
        gone = closed -> connection.ended();
        channel.ifPresent(below -> below.closeFuture().addListener(gone));
    }

    /** The response has been written. */
    void written() {
        written = true;
    }

    /** The response has ended. */
    void ended() {
        // An upgrade ends the response, too.
        if (channel.flatMap(Opened::webSocket).isEmpty()) {
            // A channel may see many requests, and would keep all that belongs to them.
            channel.ifPresent(below -> below.closeFuture().removeListener(gone));
            written = true;
            connection.ended();
        }
    }

    /** Whether what comes of this request can be ended. */
    static boolean isKnown(HttpServerRequest request) {
        return channel(request).isPresent();
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

    private void close(int code, String reason) {
        Optional<WebSocketBase> socket = channel.flatMap(Opened::webSocket);
        if (socket.isPresent()) {
            close(channel.get(), socket.get(), code, reason);
        } else {
            reset();
        }
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
    private void reset() {
        boolean alone = request.version() == HttpVersion.HTTP_1_1 || request.version() == HttpVersion.HTTP_1_0;
        Future<Void> unused = request.response().reset().onComplete(reset -> {
            if (alone) {
                channel.ifPresent(below -> below.eventLoop().execute(() -> cut(below, reset.succeeded())));
            }
        });
    }

    // A file that is being sent is not reset. An answer that is complete is not either, and may have another behind it.
    private void cut(Channel below, boolean reset) {
        if (reset) {
            closeInTime(below);
        } else if (!written) {
            closeNow(below);
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
