// SPDX-License-Identifier: Apache-2.0
package io.github.realtimeticket.netty;

import io.netty.bootstrap.ServerBootstrap;
import io.netty.buffer.Unpooled;
import io.netty.channel.Channel;
import io.netty.channel.ChannelFuture;
import io.netty.channel.ChannelFutureListener;
import io.netty.channel.ChannelHandler;
import io.netty.channel.ChannelHandler.Sharable;
import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.ChannelInboundHandlerAdapter;
import io.netty.channel.ChannelInitializer;
import io.netty.channel.EventLoopGroup;
import io.netty.channel.MultiThreadIoEventLoopGroup;
import io.netty.channel.nio.NioIoHandler;
import io.netty.channel.socket.nio.NioServerSocketChannel;
import io.netty.handler.codec.http.DefaultFullHttpResponse;
import io.netty.handler.codec.http.DefaultHttpContent;
import io.netty.handler.codec.http.DefaultHttpResponse;
import io.netty.handler.codec.http.FullHttpRequest;
import io.netty.handler.codec.http.FullHttpResponse;
import io.netty.handler.codec.http.HttpHeaderNames;
import io.netty.handler.codec.http.HttpObjectAggregator;
import io.netty.handler.codec.http.HttpResponseStatus;
import io.netty.handler.codec.http.HttpServerCodec;
import io.netty.handler.codec.http.HttpVersion;
import io.netty.handler.codec.http.LastHttpContent;
import io.netty.handler.codec.http.websocketx.CloseWebSocketFrame;
import io.netty.handler.codec.http.websocketx.TextWebSocketFrame;
import io.netty.handler.codec.http.websocketx.WebSocketServerProtocolConfig;
import io.netty.handler.codec.http.websocketx.WebSocketServerProtocolHandler;
import io.netty.handler.codec.http.websocketx.WebSocketServerProtocolHandler.HandshakeComplete;
import io.netty.util.ReferenceCountUtil;
import java.net.InetSocketAddress;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Queue;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicLong;
import java.util.function.Supplier;

/** A Netty server with one event loop on a free port of loopback, which greets, and remembers what nobody handled. */
final class GatedServer implements AutoCloseable {

    final Queue<Throwable> unhandled = new ConcurrentLinkedQueue<>();
    final Queue<String> served = new ConcurrentLinkedQueue<>();
    final AtomicLong heard = new AtomicLong();
    final Queue<Channel> connections = new ConcurrentLinkedQueue<>();
    final CountDownLatch disconnected = new CountDownLatch(1);
    final int port;
    private final EventLoopGroup group = new MultiThreadIoEventLoopGroup(1, NioIoHandler.newFactory());

    GatedServer(Supplier<TicketHandler> gate, String subprotocols) {
        this(subprotocols, () -> List.of(new HttpObjectAggregator(65_536), gate.get()));
    }

    /** One with these handlers behind the codec. */
    GatedServer(String subprotocols, Supplier<List<ChannelHandler>> handlers) {
        var config = WebSocketServerProtocolConfig.newBuilder()
                .websocketPath("/chat")
                .checkStartsWith(true)
                .subprotocols(subprotocols)
                .build();
        Channel channel = new ServerBootstrap()
                .group(group)
                .channel(NioServerSocketChannel.class)
                .childHandler(new ChannelInitializer<>() {
                    @Override
                    protected void initChannel(Channel child) {
                        connections.add(child);
                        child.closeFuture().addListener(closed -> disconnected.countDown());
                        child.pipeline()
                                .addLast(new HttpServerCodec())
                                .addLast(handlers.get().toArray(ChannelHandler[]::new))
                                .addLast(new WebSocketServerProtocolHandler(config), new Greeter());
                    }
                })
                .bind("127.0.0.1", 0)
                .syncUninterruptibly()
                .channel();
        port = ((InetSocketAddress) channel.localAddress()).getPort();
    }

    /** Sends this to every client that is there. */
    void broadcast(String text) {
        for (Channel connection : connections) {
            ChannelFuture unused = connection.writeAndFlush(new TextWebSocketFrame(text));
        }
    }

    /** Waits until the event loop has done all it had to do. */
    void settle() throws InterruptedException {
        for (int turn = 0; turn < 10; turn++) {
            if (!group.submit(() -> {}).await(20, TimeUnit.SECONDS)) {
                throw new AssertionError("The event loop hangs");
            }
        }
    }

    @Override
    public void close() {
        group.shutdownGracefully(0, 5, TimeUnit.SECONDS).syncUninterruptibly();
    }

    /** Greets whoever was admitted, and echoes. */
    @Sharable
    private final class Greeter extends ChannelInboundHandlerAdapter {

        @Override
        public void userEventTriggered(ChannelHandlerContext ctx, Object event) {
            if (event instanceof HandshakeComplete) {
                String name = TicketHandler.admitted(ctx.channel()).holder().username();
                served.add(name);
                ChannelFuture unused = ctx.writeAndFlush(new TextWebSocketFrame(name));
            }
        }

        @Override
        public void channelRead(ChannelHandlerContext ctx, Object message) {
            try {
                if (message instanceof TextWebSocketFrame) {
                    heard.incrementAndGet();
                }
                if (message instanceof TextWebSocketFrame bye && bye.text().equals("bye")) {
                    ChannelFuture unused = ctx.writeAndFlush(new CloseWebSocketFrame(1000, ""));
                } else if (message instanceof TextWebSocketFrame frame) {
                    ChannelFuture unused = ctx.writeAndFlush(new TextWebSocketFrame("got " + frame.text()));
                } else if (message instanceof FullHttpRequest request) {
                    serve(ctx, request);
                }
            } finally {
                ReferenceCountUtil.release(message);
            }
        }

        private void serve(ChannelHandlerContext ctx, FullHttpRequest request) {
            String name = request.uri().startsWith("/open")
                    ? "nobody"
                    : TicketHandler.admitted(ctx.channel()).holder().username();
            String text = name + request.content().toString(StandardCharsets.UTF_8);
            served.add(text);
            if (request.uri().startsWith("/events/stream")) {
                stream(
                        ctx,
                        name,
                        request.uri().startsWith("/events/stream/endless")
                                && !request.uri().contains("bye=1"));
                return;
            }
            var answer = new DefaultFullHttpResponse(
                    HttpVersion.HTTP_1_1, HttpResponseStatus.OK, Unpooled.copiedBuffer(text, StandardCharsets.UTF_8));
            answer.headers()
                    .setInt(HttpHeaderNames.CONTENT_LENGTH, answer.content().readableBytes());
            if (request.uri().startsWith("/events/later")) {
                later(ctx, 5, answer);
            } else {
                ChannelFuture unused = ctx.writeAndFlush(answer);
            }
        }

        private void later(ChannelHandlerContext ctx, int turns, FullHttpResponse answer) {
            ctx.executor().execute(() -> {
                if (turns > 0) {
                    later(ctx, turns - 1, answer);
                } else {
                    ChannelFuture unused = ctx.writeAndFlush(answer);
                }
            });
        }

        private void stream(ChannelHandlerContext ctx, String name, boolean endless) {
            var head = new DefaultHttpResponse(HttpVersion.HTTP_1_1, HttpResponseStatus.OK);
            head.headers().set(HttpHeaderNames.CONTENT_TYPE, "text/event-stream");
            ctx.write(head).addListener(ChannelFutureListener.CLOSE_ON_FAILURE);
            for (int event = 0; event < 2; event++) {
                var text = Unpooled.copiedBuffer("data: " + name + event + "\n\n", StandardCharsets.UTF_8);
                ChannelFuture unused = ctx.writeAndFlush(new DefaultHttpContent(text));
            }
            if (endless) {
                return;
            }
            ctx.writeAndFlush(LastHttpContent.EMPTY_LAST_CONTENT).addListener(ChannelFutureListener.CLOSE);
        }

        @Override
        public void exceptionCaught(ChannelHandlerContext ctx, Throwable fault) {
            unhandled.add(fault);
            ChannelFuture unused = ctx.close();
        }
    }
}
