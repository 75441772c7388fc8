// SPDX-License-Identifier: Apache-2.0
package io.github.realtimeticket.redis;

import io.lettuce.core.protocol.RedisCommand;
import io.lettuce.core.resource.NettyCustomizer;
import io.netty.channel.Channel;
import io.netty.channel.ChannelFuture;
import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.ChannelOutboundHandlerAdapter;
import io.netty.channel.ChannelPromise;
import io.netty.util.concurrent.SingleThreadEventExecutor;
import org.jspecify.annotations.Nullable;

/**
 * One write to the socket for all the commands that come together, instead of one for each, and at its end the question for the
 * {@link History} of those that want it. For one connection, on its I/O thread.
 */
final class Flushes extends ChannelOutboundHandlerAdapter {

    private @Nullable History asked;
    private boolean soon;

    private Flushes() {}

    static NettyCustomizer consolidated() {
        return new NettyCustomizer() {
            @Override
            public void afterChannelInitialized(Channel channel) {
                // Before everything of Lettuce's, so before TLS too. The last one is the first to see what is written.
                channel.pipeline().addLast(new Flushes());
            }
        };
    }

    @Override
    public void write(ChannelHandlerContext context, Object message, ChannelPromise promise) {
        // Given up meanwhile. In a Cluster it is inside another command, which knows only that it is not done.
        if (message instanceof RedisCommand<?, ?, ?> command && command.isCancelled()) {
            promise.trySuccess();
            return;
        }
        if (message instanceof Sent<?> sent && sent.history() != null) {
            asked = sent.history();
        }
        ChannelFuture unused = context.write(message, promise);
    }

    @Override
    public void flush(ChannelHandlerContext context) {
        if (soon) {
            return;
        }
        // The commands of other threads are tasks. Behind those that wait, one flush is enough for all of them.
        if (context.executor() instanceof SingleThreadEventExecutor thread && thread.pendingTasks() > 0) {
            soon = true;
            context.executor().execute(() -> {
                soon = false;
                flushNow(context);
            });
        } else {
            flushNow(context);
        }
    }

    private void flushNow(ChannelHandlerContext context) {
        if (asked != null) {
            Sent<?> question = asked.question();
            asked = null;
            ChannelFuture unused = context.write(question).addListener(written -> {
                if (!written.isSuccess()) {
                    boolean ignored = question.completeExceptionally(written.cause());
                }
            });
        }
        context.flush();
    }
}
