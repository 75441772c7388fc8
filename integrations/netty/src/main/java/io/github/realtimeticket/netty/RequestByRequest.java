// SPDX-License-Identifier: Apache-2.0
package io.github.realtimeticket.netty;

import io.netty.channel.ChannelDuplexHandler;
import io.netty.channel.ChannelFuture;
import io.netty.channel.ChannelFutureListener;
import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.ChannelPromise;
import io.netty.handler.codec.http.FullHttpResponse;
import io.netty.handler.codec.http.HttpChunkedInput;
import io.netty.handler.codec.http.HttpRequest;
import io.netty.handler.codec.http.HttpResponse;
import io.netty.handler.codec.http.HttpResponseStatus;
import io.netty.handler.codec.http.HttpStatusClass;
import io.netty.handler.codec.http.HttpUtil;
import io.netty.handler.codec.http.LastHttpContent;
import io.netty.util.ReferenceCountUtil;
import org.jspecify.annotations.Nullable;

/**
 * Takes the requests of a channel one at a time: the next one waits until the answer to the one before it has been sent, whoever answers.
 * From the first message that waits on, nothing more is read from the connection. For the event loop of one channel alone.
 */
abstract class RequestByRequest extends ChannelDuplexHandler {

    private final HeldMessages held = new HeldMessages();
    private boolean unanswered;
    private boolean passing;
    private boolean ended;

    /** The request at hand if nothing behind it, its body neither, is taken before something is known. It is released if the channel ends first. */
    @Nullable
    HttpRequest undecided;

    /** Takes a message whose turn it is. */
    abstract void take(ChannelHandlerContext ctx, Object message);

    @Override
    public void channelRead(ChannelHandlerContext ctx, Object message) {
        if (ended) {
            ReferenceCountUtil.release(message);
        } else if (passing || undecided != null || !held.isEmpty() || (unanswered && message instanceof HttpRequest)) {
            held.add(ctx, message);
        } else {
            takeNext(ctx, message);
        }
    }

    @Override
    public void read(ChannelHandlerContext ctx) {
        held.read(ctx);
    }

    @Override
    public void write(ChannelHandlerContext ctx, Object message, ChannelPromise promise) {
        if (isSwitching(message) && held.haveRequest()) {
            // Nobody would ever take what is held: no answer follows that it could wait for.
            end();
            ctx.write(message, promise.unvoid()).addListener(ChannelFutureListener.CLOSE);
        } else if (isLastOfAnswer(message)) {
            // Not before: what this handler passes it to may still write a file, or an input of chunks, for as long as
            // the client reads.
            whenAnswered(ctx, ctx.write(message, promise.unvoid()));
        } else {
            ChannelFuture unused = ctx.write(message, promise);
        }
    }

    @Override
    public void channelInactive(ChannelHandlerContext ctx) {
        end();
        ctx.fireChannelInactive();
    }

    @Override
    public void handlerRemoved(ChannelHandlerContext ctx) {
        boolean waiting = undecided != null || !held.isEmpty();
        end();
        if (waiting) {
            ChannelFuture unused = ctx.channel().close();
        }
    }

    /** Answers the request at hand, which is not passed on. An answer that does not keep the connection is the last one. */
    void answer(ChannelHandlerContext ctx, FullHttpResponse answer) {
        if (HttpUtil.isKeepAlive(answer)) {
            whenAnswered(ctx, ctx.writeAndFlush(answer));
        } else {
            end();
            ctx.writeAndFlush(answer).addListener(ChannelFutureListener.CLOSE);
        }
    }

    /** Is told that the answer to the request at hand has been sent, or will never be. */
    void answered(ChannelHandlerContext ctx) {
        unanswered = false;
        if (!held.isEmpty()) {
            ctx.executor().execute(() -> goOn(ctx));
        }
    }

    /** Takes what waits, as far as it may be taken. */
    void goOn(ChannelHandlerContext ctx) {
        if (passing || ended) {
            return;
        }
        passing = true;
        try {
            while (mayPass()) {
                takeNext(ctx, held.remove(ctx));
            }
        } finally {
            passing = false;
        }
        ctx.fireChannelReadComplete();
    }

    /** Whether a request waits behind the one at hand, here or where it came past before. */
    static boolean hasNext(ChannelHandlerContext ctx) {
        return ctx.pipeline().toMap().values().stream()
                .anyMatch(handler -> handler instanceof RequestByRequest one && one.held.haveRequest());
    }

    /** Lets go of everything. Nothing is taken any more. */
    void end() {
        ended = true;
        ReferenceCountUtil.release(undecided);
        undecided = null;
        held.release();
    }

    private void takeNext(ChannelHandlerContext ctx, Object message) {
        unanswered |= message instanceof HttpRequest;
        take(ctx, message);
    }

    private void whenAnswered(ChannelHandlerContext ctx, ChannelFuture answer) {
        answer.addListener(written -> {
            if (ctx.executor().inEventLoop()) {
                answered(ctx);
            } else {
                ctx.executor().execute(() -> answered(ctx));
            }
        });
    }

    private boolean mayPass() {
        return undecided == null && !held.isEmpty() && !(unanswered && held.beginWithRequest());
    }

    private static boolean isSwitching(Object message) {
        return message instanceof HttpResponse response
                && response.status().equals(HttpResponseStatus.SWITCHING_PROTOCOLS);
    }

    private static boolean isLastOfAnswer(Object message) {
        boolean interim = message instanceof HttpResponse response
                && response.status().codeClass() == HttpStatusClass.INFORMATIONAL;
        return message instanceof HttpChunkedInput || (message instanceof LastHttpContent && !interim);
    }
}
