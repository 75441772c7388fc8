// SPDX-License-Identifier: Apache-2.0
package io.github.realtimeticket.redis;

import io.lettuce.core.protocol.CommandWrapper;
import io.lettuce.core.protocol.RedisCommand;
import io.lettuce.core.resource.NettyCustomizer;
import io.netty.channel.Channel;
import io.netty.channel.ChannelFuture;
import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.ChannelOutboundHandlerAdapter;
import io.netty.channel.ChannelPromise;
import io.netty.util.concurrent.SingleThreadEventExecutor;
import java.util.ArrayList;
import java.util.List;

/**
 * One buffer and one write to the socket for all the commands that come together, instead of one for each, and at their end the
 * questions {@link Behind} those that want them. For one connection, on its I/O thread.
 */
final class Flushes extends ChannelOutboundHandlerAdapter {

    private List<RedisCommand<?, ?, ?>> commands = new ArrayList<>();
    private List<ChannelPromise> promises = new ArrayList<>();
    private final List<Behind<?>> asked = new ArrayList<>();
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
        if (message instanceof RedisCommand<?, ?, ?> command) {
            commands.add(command);
            promises.add(promise);
            Sent<?> ours = CommandWrapper.unwrap(command, Sent.class);
            if (ours != null) {
                ours.givenToSocket();
            }
            if (message instanceof Sent<?> sent) {
                for (Behind<?> question : sent.behind()) {
                    if (!asked.contains(question)) {
                        asked.add(question);
                    }
                }
            }
        } else {
            writeCommands(context);
            ChannelFuture unused = context.write(message, promise);
        }
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
        writeCommands(context);
        context.flush();
    }

    private void writeCommands(ChannelHandlerContext context) {
        if (commands.isEmpty()) {
            return;
        }
        List<RedisCommand<?, ?, ?>> batch = commands;
        List<ChannelPromise> written = promises;
        commands = new ArrayList<>();
        promises = new ArrayList<>();
        // Given up meanwhile. In a Cluster a command is inside another one, which knows only that it is not done.
        batch.removeIf(RedisCommand::isCancelled);
        asked.forEach(question -> batch.add(question.question()));
        asked.clear();
        // Lettuce encodes a list into one buffer.
        ChannelFuture unused = context.write(batch).addListener(write -> {
            if (write.isSuccess()) {
                written.forEach(ChannelPromise::trySuccess);
            } else {
                batch.forEach(command -> command.completeExceptionally(write.cause()));
                written.forEach(promise -> promise.tryFailure(write.cause()));
            }
        });
    }
}
