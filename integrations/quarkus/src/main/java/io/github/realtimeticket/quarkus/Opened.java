// SPDX-License-Identifier: Apache-2.0
package io.github.realtimeticket.quarkus;

import io.github.realtimeticket.Admission.Admitted;
import io.github.realtimeticket.Gate;
import io.github.realtimeticket.LiveConnection;
import io.netty.channel.Channel;
import io.netty.channel.ChannelDuplexHandler;
import io.netty.channel.ChannelFuture;
import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.ChannelPromise;
import io.netty.handler.codec.http.HttpResponse;
import io.netty.handler.codec.http.HttpResponseStatus;
import io.netty.handler.codec.http.HttpStatusClass;
import io.netty.handler.codec.http.websocketx.CloseWebSocketFrame;
import io.netty.util.ReferenceCountUtil;
import io.quarkus.websockets.next.CloseReason;
import io.quarkus.websockets.next.WebSocketConnection;
import java.util.concurrent.ScheduledFuture;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;

/**
 * What a gate has admitted, and what comes of it: a WebSocket that ends with its login (T16, T17). Before Vert.x in the pipeline it sees the
 * answer to the handshake, since other checks may refuse it yet; from the end of the login on it keeps from the application what the client
 * sends, as Vert.x does not. Thread-safe.
 */
final class Opened extends ChannelDuplexHandler {

    private static final int PATIENCE_SECONDS = 10;

    private final Gate gate;
    private final Admitted admitted;
    private final ChannelHandlerContext vertx;
    private volatile @Nullable WebSocketConnection connection;

    // Of the event loop.
    private boolean open;
    private boolean closing;
    private @Nullable CloseReason untold;

    /** @param vertx where Vert.x stands in the pipeline of the connection */
    Opened(Gate gate, Admitted admitted, ChannelHandlerContext vertx) {
        this.gate = gate;
        this.admitted = admitted;
        this.vertx = vertx;
    }

    Gate gate() {
        return gate;
    }

    /** Registers the connection as soon as it is open. */
    void awaitOpening() {
        vertx.pipeline().addBefore(vertx.name(), null, this);
    }

    /** Ends the connection, but not before Quarkus is done with what it does. */
    void hangUp() {
        vertx.executor().execute(this::cut);
    }

    /** Quarkus tells of its connection later than it is open: its endpoint, or its event, which may wait for a thread. */
    Admitted known(WebSocketConnection told) {
        if (connection == null) {
            connection = told;
            vertx.executor().execute(() -> {
                if (untold != null) {
                    tell(told, untold);
                    untold = null;
                }
            });
        }
        return admitted;
    }

    @Override
    public void write(ChannelHandlerContext ctx, Object message, ChannelPromise promise) {
        if (!open && message instanceof HttpResponse answer) {
            open = answer.status().equals(HttpResponseStatus.SWITCHING_PROTOCOLS);
            if (open) {
                register();
            } else if (answer.status().codeClass() != HttpStatusClass.INFORMATIONAL) {
                ctx.pipeline().remove(this);
            }
        }
        ChannelFuture unused = ctx.write(message, promise);
    }

    @Override
    public void channelRead(ChannelHandlerContext ctx, Object message) {
        if (closing && !(message instanceof CloseWebSocketFrame)) {
            ReferenceCountUtil.release(message);
        } else {
            ctx.fireChannelRead(message);
        }
    }

    private void register() {
        LiveConnection live = admitted.opened((code, reason) -> close(new CloseReason(code, reason)));
        vertx.channel().closeFuture().addListener(closed -> live.ended());
    }

    private void close(CloseReason reason) {
        vertx.executor().execute(() -> {
            closing = true;
            WebSocketConnection told = connection;
            if (told == null) {
                untold = reason;
            } else {
                tell(told, reason);
            }
            // Vert.x waits until the client has read what was written before, which it may never do.
            ScheduledFuture<?> unused = vertx.executor().schedule(this::cut, PATIENCE_SECONDS, TimeUnit.SECONDS);
        });
    }

    private static void tell(WebSocketConnection connection, CloseReason reason) {
        if (connection.isOpen()) {
            connection.close(reason).subscribe().with(closed -> {}, gone -> {});
        }
    }

    private void cut() {
        Channel channel = vertx.channel();
        ChannelHandlerContext lowest = channel.pipeline().firstContext();
        ChannelFuture unused = lowest == null ? channel.close() : lowest.close();
    }
}
