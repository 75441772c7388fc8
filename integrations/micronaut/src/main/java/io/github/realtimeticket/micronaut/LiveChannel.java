// SPDX-License-Identifier: Apache-2.0
package io.github.realtimeticket.micronaut;

import io.github.realtimeticket.Admission.Admitted;
import io.github.realtimeticket.LiveConnection;
import io.micronaut.http.server.netty.NettyHttpRequest;
import io.netty.buffer.ByteBuf;
import io.netty.channel.Channel;
import io.netty.channel.ChannelDuplexHandler;
import io.netty.channel.ChannelFuture;
import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.ChannelPromise;
import io.netty.handler.codec.http.HttpHeaderNames;
import io.netty.handler.codec.http.HttpHeaderValues;
import io.netty.handler.codec.http.HttpRequest;
import io.netty.handler.codec.http.HttpResponse;
import io.netty.handler.codec.http.HttpResponseStatus;
import io.netty.handler.codec.http.HttpStatusClass;
import io.netty.handler.codec.http.websocketx.CloseWebSocketFrame;
import io.netty.util.ReferenceCountUtil;
import java.net.URI;
import java.net.URISyntaxException;
import java.util.concurrent.Executor;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicBoolean;
import org.jspecify.annotations.Nullable;

/**
 * A channel of the server, behind its HTTP codec: sees the WebSocket open that a ticket was redeemed for, and ends it with the login.
 *
 * <p>From the close frame on, nothing that the client sends is passed on, and what the application sends is dropped as if it had been written,
 * since a browser takes a message behind a close frame for a fault; a client that does not answer is cut off. For its event loop alone, but
 * for {@link #begin}.
 */
final class LiveChannel extends ChannelDuplexHandler {

    private static final int PATIENCE_SECONDS = 10;

    private final Channel channel;
    private final AtomicBoolean begun = new AtomicBoolean();
    private @Nullable Admitted admitted;
    private int unanswered;
    private boolean asked;
    private boolean passes;
    private @Nullable LiveConnection open;
    private boolean closing;
    private boolean told;

    LiveChannel(Channel channel) {
        this.channel = channel;
    }

    /** That of a request; {@code null} if that has none, as over HTTP/2, where Micronaut opens no WebSockets. */
    static @Nullable LiveChannel of(io.micronaut.http.HttpRequest<?> request) {
        return request instanceof NettyHttpRequest<?> netty
                ? netty.getChannelHandlerContext().pipeline().get(LiveChannel.class)
                : null;
    }

    /** Whether this is the only handshake that is under way or was admitted: what is opened must be what was redeemed for it. */
    boolean begin() {
        return begun.compareAndSet(false, true);
    }

    /** Whether the client is still there. */
    boolean admit(Admitted admitted) {
        this.admitted = admitted;
        return channel.isActive();
    }

    /** What opens here is none of a gate's. */
    void pass() {
        passes = true;
    }

    void refuse() {
        begun.set(false);
    }

    Executor executor() {
        return channel.eventLoop();
    }

    @Override
    public void channelRead(ChannelHandlerContext ctx, Object message) {
        boolean end = message instanceof CloseWebSocketFrame;
        // A client must wait for the answer to its handshake (RFC 6455 section 4.1). Bytes are what the codec has left.
        boolean early = message instanceof ByteBuf || ((asked || begun.get()) && message instanceof HttpRequest);
        boolean ends = early || (closing && end);
        closing |= early;
        if (closing && !end) {
            ReferenceCountUtil.release(message);
        } else {
            if (message instanceof HttpRequest request) {
                ask(request);
            }
            ctx.fireChannelRead(message);
        }
        if (ends) {
            // Not before Micronaut is done with what it does.
            ctx.executor().execute(() -> closeNow(ctx));
        }
    }

    @Override
    public void write(ChannelHandlerContext ctx, Object message, ChannelPromise promise) {
        boolean opens = message instanceof HttpResponse answer
                && answer.status().equals(HttpResponseStatus.SWITCHING_PROTOCOLS);
        if (message instanceof HttpResponse answer && answer.status().codeClass() != HttpStatusClass.INFORMATIONAL) {
            unanswered--;
            // The handshake is the last that was passed on, and others may have come before it.
            asked &= unanswered > 0;
        }
        boolean nobodys = opens && admitted == null && !passes;
        if (nobodys || (closing && told)) {
            ReferenceCountUtil.release(message);
            boolean unused = promise.trySuccess();
            if (nobodys) {
                closeNow(ctx);
            }
            return;
        }
        told |= message instanceof CloseWebSocketFrame;
        ChannelFuture unused = ctx.write(message, promise);
        // When the client has left, channelInactive may have been here.
        if (opens && admitted != null && open == null && ctx.channel().isActive()) {
            open = admitted.opened((code, reason) -> ctx.executor().execute(() -> close(ctx, code, reason)));
        }
    }

    @Override
    public void channelInactive(ChannelHandlerContext ctx) {
        if (open != null) {
            open.ended();
        }
        ctx.fireChannelInactive();
    }

    private void close(ChannelHandlerContext ctx, int code, String reason) {
        if (closing) {
            return;
        }
        closing = true;
        ChannelFuture unused = ctx.channel().writeAndFlush(new CloseWebSocketFrame(code, reason));
        Future<?> unusedCut = ctx.executor().schedule(() -> closeNow(ctx), PATIENCE_SECONDS, TimeUnit.SECONDS);
    }

    private static void closeNow(ChannelHandlerContext ctx) {
        ChannelFuture unused = ctx.close();
    }

    // Micronaut asks the filters of a handshake in a later task, when what came with it has been read.
    private void ask(HttpRequest request) {
        unanswered++;
        if (request.headers().containsValue(HttpHeaderNames.UPGRADE, HttpHeaderValues.WEBSOCKET, true)) {
            asked = true;
            makeReadable(request);
        }
    }

    // Micronaut leaves a handshake whose target is no URI without an answer, before it asks a filter: so it sees one
    // that nothing serves.
    private static void makeReadable(HttpRequest request) {
        try {
            URI unused = new URI(request.uri());
        } catch (URISyntaxException e) {
            request.setUri("/unreadable");
        }
    }
}
