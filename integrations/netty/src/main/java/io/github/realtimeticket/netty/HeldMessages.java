// SPDX-License-Identifier: Apache-2.0
package io.github.realtimeticket.netty;

import io.netty.channel.Channel;
import io.netty.channel.ChannelHandlerContext;
import io.netty.handler.codec.http.HttpRequest;
import io.netty.util.AttributeKey;
import io.netty.util.ReferenceCountUtil;
import java.util.ArrayDeque;
import java.util.Queue;

/**
 * What a client has sent behind a request that is not done with, in order. While there is any, nothing more is read from the connection.
 * For the event loop of one channel alone.
 */
final class HeldMessages {

    private static final AttributeKey<Pause> PAUSE = AttributeKey.valueOf(HeldMessages.class, "pause");

    private final Queue<Object> messages = new ArrayDeque<>();
    private boolean wantsToRead;

    /** What several handlers of a channel, each of which may hold something, have to agree upon. */
    private static final class Pause {
        private int handlers;
        private boolean autoRead;
    }

    void add(ChannelHandlerContext ctx, Object message) {
        if (messages.isEmpty()) {
            Pause pause = pause(ctx.channel());
            if (pause.handlers++ == 0) {
                pause.autoRead = ctx.channel().config().isAutoRead();
                ctx.channel().config().setAutoRead(false);
            }
        }
        messages.add(message);
    }

    /** Takes the first one. With the last one reading begins again, which may bring the next at once. */
    Object remove(ChannelHandlerContext ctx) {
        Object first = messages.remove();
        if (messages.isEmpty()) {
            readAgain(ctx);
        }
        return first;
    }

    private void readAgain(ChannelHandlerContext ctx) {
        Pause pause = pause(ctx.channel());
        boolean wanted = wantsToRead;
        wantsToRead = false;
        if (--pause.handlers == 0 && pause.autoRead) {
            ctx.channel().config().setAutoRead(true);
        } else if (wanted) {
            ctx.read();
        }
    }

    private static Pause pause(Channel channel) {
        Pause known = channel.attr(PAUSE).setIfAbsent(new Pause());
        return known == null ? channel.attr(PAUSE).get() : known;
    }

    /** Reads from the connection, now or when that begins again. */
    void read(ChannelHandlerContext ctx) {
        if (!messages.isEmpty()) {
            wantsToRead = true;
        } else {
            ctx.read();
        }
    }

    boolean isEmpty() {
        return messages.isEmpty();
    }

    boolean beginWithRequest() {
        return messages.peek() instanceof HttpRequest;
    }

    boolean haveRequest() {
        return messages.stream().anyMatch(HttpRequest.class::isInstance);
    }

    /** Lets all of them go. Nothing is read any more. */
    void release() {
        messages.forEach(ReferenceCountUtil::release);
        messages.clear();
    }
}
