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
import java.util.concurrent.ScheduledFuture;
import java.util.concurrent.TimeUnit;

/**
 * What a gate has admitted, and what comes of it: a WebSocket that ends with its login (T16, T17). Before Vert.x in the pipeline it sees the
 * answer to the handshake, since other checks may refuse it yet. Quarkus tells of its connection later than that, when it has a thread for it,
 * so the close frame is sent from here. From the end of the login on, nothing that the client sends is passed on, and what the application sends
 * is dropped as if it had been written, since a browser takes a message behind a close frame for a fault. Thread-safe.
 */
final class Opened extends ChannelDuplexHandler {

    private static final int PATIENCE_SECONDS = 10;

    private final Gate gate;
    private final Admitted admitted;
    private final ChannelHandlerContext vertx;

    // Of the event loop.
    private boolean open;
    private boolean closing;
    private boolean told;

    /** @param vertx where Vert.x stands in the pipeline of the connection */
    Opened(Gate gate, Admitted admitted, ChannelHandlerContext vertx) {
        this.gate = gate;
        this.admitted = admitted;
        this.vertx = vertx;
    }

    Gate gate() {
        return gate;
    }

    Admitted admitted() {
        return admitted;
    }

    /** Registers the connection as soon as it is open. */
    void awaitOpening() {
        vertx.pipeline().addBefore(vertx.name(), null, this);
    }

    /** Ends the connection, but not before Quarkus is done with what it does. */
    void hangUp() {
        vertx.executor().execute(this::cut);
    }

    @Override
    public void write(ChannelHandlerContext ctx, Object message, ChannelPromise promise) {
        if (closing && told) {
            ReferenceCountUtil.release(message);
            boolean unused = promise.trySuccess();
            return;
        }
        told |= message instanceof CloseWebSocketFrame;
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
        LiveConnection live = admitted.opened((code, reason) -> vertx.executor().execute(() -> close(code, reason)));
        vertx.channel().closeFuture().addListener(closed -> live.ended());
    }

    private void close(int code, String reason) {
        closing = true;
        ChannelFuture unused = vertx.channel().writeAndFlush(new CloseWebSocketFrame(code, reason));
        // Vert.x waits for the answer of the client, which may read nothing.
        ScheduledFuture<?> unusedCut = vertx.executor().schedule(this::cut, PATIENCE_SECONDS, TimeUnit.SECONDS);
    }

    private void cut() {
        Channel channel = vertx.channel();
        ChannelHandlerContext lowest = channel.pipeline().firstContext();
        ChannelFuture unused = lowest == null ? channel.close() : lowest.close();
    }
}
