// SPDX-License-Identifier: Apache-2.0
package io.github.realtimeticket.quarkus;

import io.github.realtimeticket.Admission.Admitted;
import io.github.realtimeticket.Gate;
import io.github.realtimeticket.LiveConnection;
import io.netty.channel.Channel;
import io.netty.channel.ChannelFuture;
import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.ChannelInboundHandlerAdapter;
import io.netty.handler.codec.http.websocketx.CloseWebSocketFrame;
import io.netty.util.ReferenceCountUtil;
import io.quarkus.websockets.next.CloseReason;
import io.quarkus.websockets.next.WebSocketConnection;
import java.util.concurrent.ScheduledFuture;
import java.util.concurrent.TimeUnit;

/** What a gate has admitted, and what comes of it: a WebSocket that ends with its login (T16, T17). Thread-safe. */
final class Opened {

    private static final int PATIENCE_SECONDS = 10;

    private final Gate gate;
    private final Admitted admitted;
    private final ChannelHandlerContext vertx;
    private boolean registered;

    /** @param vertx where Vert.x stands in the pipeline of the connection */
    Opened(Gate gate, Admitted admitted, ChannelHandlerContext vertx) {
        this.gate = gate;
        this.admitted = admitted;
        this.vertx = vertx;
    }

    Gate gate() {
        return gate;
    }

    /** Registers the connection, once: by whoever comes first, its endpoint or Quarkus's event, which may come later. */
    synchronized Admitted register(WebSocketConnection connection) {
        if (!registered) {
            registered = true;
            LiveConnection live = admitted.opened((code, reason) -> close(connection, new CloseReason(code, reason)));
            vertx.channel().closeFuture().addListener(closed -> live.ended());
        }
        return admitted;
    }

    private void close(WebSocketConnection connection, CloseReason reason) {
        vertx.executor().execute(() -> {
            if (vertx.isRemoved()) {
                return;
            }
            vertx.pipeline().addBefore(vertx.name(), null, new Parted());
            if (connection.isOpen()) {
                connection.close(reason).subscribe().with(closed -> {}, gone -> {});
            }
            // Vert.x waits until the client has read what was written before, which it may never do.
            ScheduledFuture<?> unused = vertx.executor().schedule(this::cut, PATIENCE_SECONDS, TimeUnit.SECONDS);
        });
    }

    private void cut() {
        Channel channel = vertx.channel();
        ChannelHandlerContext lowest = channel.pipeline().firstContext();
        ChannelFuture unused = lowest == null ? channel.close() : lowest.close();
    }

    /** Keeps from the application what a client sends that has been told to go, as Vert.x does not. */
    private static final class Parted extends ChannelInboundHandlerAdapter {

        @Override
        public void channelRead(ChannelHandlerContext ctx, Object message) {
            if (message instanceof CloseWebSocketFrame) {
                ctx.fireChannelRead(message);
            } else {
                ReferenceCountUtil.release(message);
            }
        }
    }
}
