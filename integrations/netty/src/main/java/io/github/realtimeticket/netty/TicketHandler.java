// SPDX-License-Identifier: Apache-2.0
package io.github.realtimeticket.netty;

import io.github.realtimeticket.Admission;
import io.github.realtimeticket.Admission.Admitted;
import io.github.realtimeticket.Gate;
import io.github.realtimeticket.LiveConnection;
import io.github.realtimeticket.Refusal;
import io.netty.channel.Channel;
import io.netty.channel.ChannelFuture;
import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.ChannelPromise;
import io.netty.handler.codec.http.HttpRequest;
import io.netty.handler.codec.http.websocketx.CloseWebSocketFrame;
import io.netty.handler.codec.http.websocketx.WebSocketFrameEncoder;
import io.netty.util.AttributeKey;
import io.netty.util.ReferenceCountUtil;
import java.util.List;
import java.util.Objects;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;

/**
 * Admits requests to some paths of a Netty HTTP server by ticket. It stands behind {@code HttpServerCodec} and
 * {@code HttpObjectAggregator}, and before what serves the requests.
 *
 * <pre>{@code
 * channel.pipeline()
 *         .addLast(new HttpServerCodec(), new HttpObjectAggregator(65_536))
 *         .addLast(TicketHandler.webSockets(gate, "/chat"))
 *         .addLast(new WebSocketServerProtocolHandler(
 *                 WebSocketServerProtocolConfig.newBuilder().websocketPath("/chat").checkStartsWith(true).build()))
 *         .addLast(new ChatHandler());
 * }</pre>
 *
 * <p>While the store is asked the request waits here, and so does what comes behind it: from the first message behind it on, nothing
 * more is read from the connection. What is admitted is passed on in the thread of this handler; what is refused is answered
 * here, and the connection is closed. If the client is seen to leave meanwhile, nothing is passed on.
 *
 * <p>Requests are passed on one at a time: the next one waits until the answer to the one before it has been sent, as HTTP objects
 * up to the last one. So {@link #admitted} is always that of the request at hand, and a refusal never overtakes an answer.
 *
 * <p>While reading is off, that the client has left is not seen before a write fails. An answer that may not end, such as an event
 * stream, needs heartbeats, so that a request behind it does not keep the connection of a client that is gone.
 *
 * <p>What is opened here ends with the login that its ticket was issued in (T16, T17): a WebSocket is closed with 3000 or 3003, and the connection of
 * any other answer is closed. From then on nothing that the client sends is passed on, what the application sends is dropped as if it had
 * been written, since a browser takes a message behind a close frame for a fault and its page would not learn the code, and a client that
 * does not answer the close is cut off after ten seconds.
 *
 * <p>Not sharable: each channel needs its own. Several on one channel, for different gates, each guard their own paths; what one gate has
 * admitted, another handler with the same gate passes on.
 *
 * <p><b>Security:</b> other paths are passed on as they are. What serves a guarded path calls {@link #admitted}, which throws if the
 * request did not come through a gate.
 */
public final class TicketHandler extends RequestByRequest {

    private static final AttributeKey<Decision> ADMITTED = AttributeKey.valueOf(TicketHandler.class, "admitted");

    private static final int PATIENCE_SECONDS = 10;

    private final Gate gate;
    private final Guard guard;
    private @Nullable LiveConnection open;
    private boolean closing;
    private boolean told;

    TicketHandler(Gate gate, Guard guard) {
        this.gate = Objects.requireNonNull(gate, "gate");
        this.guard = guard;
    }

    /**
     * A handler that admits any request to these paths, and to those below them, through this gate.
     *
     * @throws IllegalArgumentException if there is no path, or one that does not start with a slash
     */
    public static TicketHandler of(Gate gate, String... paths) {
        GuardedPaths guarded = new GuardedPaths(List.of(paths));
        return new TicketHandler(
                gate, (channel, asked) -> guarded.contain(asked.request().uri()) ? Way.GATE : Way.PAST);
    }

    /**
     * A handler that admits WebSocket handshakes to these paths, and to those below them, through this gate. Any other request to them
     * is answered with 400, and so is a handshake to another spelling of them, which Netty's own handler does not know: neither uses up
     * a ticket.
     *
     * @throws IllegalArgumentException if there is no path, or one that does not start with a slash, or that no request has as it is sent
     */
    public static TicketHandler webSockets(Gate gate, String... paths) {
        GuardedPaths guarded = GuardedPaths.asSent(List.of(paths));
        return new TicketHandler(gate, (channel, asked) -> {
            if (!guarded.contain(asked.request().uri())) {
                return Way.PAST;
            }
            if (asked.refusal() != null) {
                return Way.GATE;
            }
            if (!asked.isUpgrade()) {
                return Way.HANDSHAKE_WANTED;
            }
            return guarded.containAsSent(asked.request().uri()) ? Way.GATE : Way.NOWHERE;
        });
    }

    /**
     * What was admitted with the last request that this channel passed on: for a WebSocket, until its end.
     *
     * @throws IllegalStateException if it did not pass a gate
     */
    public static Admitted admitted(Channel channel) {
        Decision decision = channel.attr(ADMITTED).get();
        if (decision == null) {
            throw new IllegalStateException("No TicketHandler on the way of this request");
        }
        return decision.admitted();
    }

    @Override
    public void channelRead(ChannelHandlerContext ctx, Object message) {
        if (closing && !(message instanceof CloseWebSocketFrame)) {
            ReferenceCountUtil.release(message);
        } else {
            super.channelRead(ctx, message);
        }
    }

    @Override
    public void write(ChannelHandlerContext ctx, Object message, ChannelPromise promise) {
        if (closing && told) {
            ReferenceCountUtil.release(message);
            boolean unused = promise.trySuccess();
            return;
        }
        told |= message instanceof CloseWebSocketFrame;
        super.write(ctx, message, promise);
    }

    @Override
    void answered(ChannelHandlerContext ctx) {
        gone();
        super.answered(ctx);
    }

    @Override
    public void channelInactive(ChannelHandlerContext ctx) {
        gone();
        super.channelInactive(ctx);
    }

    @Override
    public void handlerRemoved(ChannelHandlerContext ctx) {
        LiveConnection opened = open;
        if (opened != null) {
            ctx.channel().closeFuture().addListener(closed -> opened.ended());
        }
        super.handlerRemoved(ctx);
    }

    @Override
    void take(ChannelHandlerContext ctx, Object message) {
        if (!(message instanceof HttpRequest request)) {
            ctx.fireChannelRead(message);
            return;
        }
        if (!isBehindAnother(ctx)) {
            ctx.channel().attr(ADMITTED).set(null);
        }
        var asked = new NettyConnectionRequest(request);
        Way way = request.decoderResult().isSuccess() ? guard.way(ctx.channel(), asked) : Way.GATE;
        if (way == Way.PAST || (way == Way.GATE && isAdmitted(ctx))) {
            ctx.fireChannelRead(request);
        } else if (way.refusal == null) {
            ask(ctx, asked, way == Way.GATE);
        } else {
            refuse(ctx, request, gate.refuse(way.refusal).reason());
        }
    }

    private void ask(ChannelHandlerContext ctx, NettyConnectionRequest asked, boolean opens) {
        undecided = asked.request();
        CompletionStage<Void> unused = gate.admit(asked)
                .thenAccept(admission -> ctx.executor().execute(() -> {
                    decided(ctx, asked, admission, opens);
                    goOn(ctx);
                }));
    }

    // By a handler before this one, with the same gate: a ticket works once.
    private boolean isAdmitted(ChannelHandlerContext ctx) {
        Decision decision = ctx.channel().attr(ADMITTED).get();
        return decision != null && decision.gate() == gate;
    }

    // The first handler of a channel sees each request before the others.
    private boolean isBehindAnother(ChannelHandlerContext ctx) {
        TicketHandler first = ctx.pipeline().get(TicketHandler.class);
        return first != null && first != this;
    }

    private void decided(ChannelHandlerContext ctx, NettyConnectionRequest asked, Admission admission, boolean opens) {
        HttpRequest request = asked.request();
        if (undecided != request) {
            return;
        }
        if (!ctx.channel().isActive()) {
            // channelInactive comes in a moment.
            end();
            return;
        }
        undecided = null;
        if (admission instanceof Admission.Refused refused) {
            refuse(ctx, request, refused.reason());
        } else if (admission instanceof Admitted admitted) {
            // Before it is answered, a client must send nothing behind its handshake (RFC 6455 section 4.1).
            if (asked.isUpgrade() && hasNext(ctx)) {
                refuse(ctx, request, gate.refuse(Refusal.UNSUITABLE).reason());
                return;
            }
            admitted.hideTicket(request.headers()::set);
            ctx.channel().attr(ADMITTED).set(new Decision(gate, admitted));
            if (opens) {
                open(ctx, admitted);
            }
            ctx.fireChannelRead(request);
        }
    }

    private void open(ChannelHandlerContext ctx, Admitted admitted) {
        open = admitted.opened((code, reason) -> ctx.executor().execute(() -> {
            // By then the next request of the channel may be at hand, or its last may have been answered.
            if (open != null && admitted.connection().filter(open::equals).isPresent()) {
                close(ctx.channel(), code, reason);
            }
        }));
    }

    /** Tells the client of a WebSocket, hears it no more, and cuts off whoever does not answer; else closes the channel. In its event loop. */
    void close(Channel channel, int code, String reason) {
        if (closing) {
            return;
        }
        if (channel.pipeline().get(WebSocketFrameEncoder.class) == null) {
            ChannelFuture unused = channel.close();
            return;
        }
        closing = true;
        ChannelFuture unused = channel.writeAndFlush(new CloseWebSocketFrame(code, reason));
        // What handles the frames closes when the client has answered (RFC 6455 section 7.1.1), which may read nothing.
        Future<?> unusedCut = channel.eventLoop().schedule(() -> cut(channel), PATIENCE_SECONDS, TimeUnit.SECONDS);
    }

    // Below all handlers, of which one may wait until the client has read what was written before.
    private static void cut(Channel channel) {
        ChannelHandlerContext lowest = channel.pipeline().firstContext();
        ChannelFuture unused = lowest == null ? channel.close() : lowest.close();
    }

    private void gone() {
        LiveConnection opened = open;
        if (opened != null) {
            open = null;
            opened.ended();
        }
    }

    private void refuse(ChannelHandlerContext ctx, HttpRequest request, Refusal reason) {
        ReferenceCountUtil.release(request);
        answer(ctx, Answers.refused(reason));
    }

    private record Decision(Gate gate, Admitted admitted) {}

    /** Which way a request goes that was decoded. */
    interface Guard {
        Way way(Channel channel, NettyConnectionRequest asked);
    }

    /** To what serves it, through the gate, or to an answer that says why not. What opens a session, its server registers. */
    enum Way {
        PAST(null),
        GATE(null),
        SESSION(null),
        HANDSHAKE_WANTED(Refusal.NO_HANDSHAKE),
        NOWHERE(Refusal.UNSUITABLE);

        private final @Nullable Refusal refusal;

        Way(@Nullable Refusal refusal) {
            this.refusal = refusal;
        }
    }
}
