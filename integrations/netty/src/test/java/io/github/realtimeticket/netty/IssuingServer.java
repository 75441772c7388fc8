// SPDX-License-Identifier: Apache-2.0
package io.github.realtimeticket.netty;

import io.github.realtimeticket.Issuer;
import io.github.realtimeticket.TicketGrant;
import io.github.realtimeticket.TicketHolder;
import io.github.realtimeticket.TicketStore;
import io.github.realtimeticket.Tickets;
import io.netty.bootstrap.ServerBootstrap;
import io.netty.buffer.Unpooled;
import io.netty.channel.Channel;
import io.netty.channel.ChannelFuture;
import io.netty.channel.ChannelHandler.Sharable;
import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.ChannelInitializer;
import io.netty.channel.EventLoopGroup;
import io.netty.channel.MultiThreadIoEventLoopGroup;
import io.netty.channel.SimpleChannelInboundHandler;
import io.netty.channel.nio.NioIoHandler;
import io.netty.channel.socket.nio.NioServerSocketChannel;
import io.netty.handler.codec.http.DefaultFullHttpResponse;
import io.netty.handler.codec.http.FullHttpRequest;
import io.netty.handler.codec.http.HttpHeaderNames;
import io.netty.handler.codec.http.HttpObjectAggregator;
import io.netty.handler.codec.http.HttpRequest;
import io.netty.handler.codec.http.HttpResponseStatus;
import io.netty.handler.codec.http.HttpServerCodec;
import io.netty.handler.codec.http.HttpVersion;
import io.netty.handler.codec.http.QueryStringDecoder;
import io.netty.handler.codec.http.cookie.ServerCookieDecoder;
import java.net.InetSocketAddress;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.UUID;
import java.util.concurrent.ConcurrentHashMap;

/** A whole web application: whoever is logged in gets tickets. */
final class IssuingServer implements AutoCloseable {

    private final Map<String, Session> sessions = new ConcurrentHashMap<>();
    private final EventLoopGroup group = new MultiThreadIoEventLoopGroup(NioIoHandler.newFactory());
    private final Channel server;

    private record Session(String id, String user, String csrf) {}

    IssuingServer(TicketStore store, Set<String> allowedOrigins, int port) {
        Issuer issuer =
                Issuer.builder(Tickets.of(store)).allowedOrigins(allowedOrigins).build();
        TicketGrants users = request -> session(request)
                .map(session -> TicketGrant.to(TicketHolder.of(session.user(), session.user()))
                        .withSession(session.id()));
        var pages = new Pages();
        server = new ServerBootstrap()
                .group(group)
                .channel(NioServerSocketChannel.class)
                .childHandler(new ChannelInitializer<>() {
                    @Override
                    protected void initChannel(Channel channel) {
                        channel.pipeline()
                                .addLast(new HttpServerCodec())
                                .addLast(IssuerHandler.of(issuer, "/ticket/", users)
                                        .withCsrfProof(request -> hasCsrfProof(request)))
                                .addLast(new HttpObjectAggregator(65_536))
                                .addLast(pages);
                    }
                })
                .bind("127.0.0.1", port)
                .syncUninterruptibly()
                .channel();
    }

    int port() {
        return ((InetSocketAddress) server.localAddress()).getPort();
    }

    private Optional<Session> session(HttpRequest request) {
        return request.headers().getAll(HttpHeaderNames.COOKIE).stream()
                .flatMap(line -> ServerCookieDecoder.STRICT.decode(line).stream())
                .filter(cookie -> cookie.name().equals("session"))
                .findFirst()
                .map(cookie -> sessions.get(cookie.value()));
    }

    private boolean hasCsrfProof(HttpRequest request) {
        return session(request)
                .filter(session -> session.csrf().equals(request.headers().get("X-CSRF-Token")))
                .isPresent();
    }

    @Override
    public void close() {
        group.shutdownGracefully().syncUninterruptibly();
    }

    /** A login without a password, which is yours to write. */
    @Sharable
    private final class Pages extends SimpleChannelInboundHandler<FullHttpRequest> {

        @Override
        protected void channelRead0(ChannelHandlerContext ctx, FullHttpRequest request) {
            var target = new QueryStringDecoder(request.uri());
            if (target.path().equals("/login")) {
                List<String> user = target.parameters().getOrDefault("user", List.of());
                answer(ctx, user.isEmpty() ? session(request) : Optional.of(login(user.get(0))));
            } else {
                send(ctx, new DefaultFullHttpResponse(HttpVersion.HTTP_1_1, HttpResponseStatus.NOT_FOUND));
            }
        }

        private Session login(String user) {
            var session = new Session(
                    UUID.randomUUID().toString(), user, UUID.randomUUID().toString());
            sessions.put(session.id(), session);
            return session;
        }

        private void answer(ChannelHandlerContext ctx, Optional<Session> known) {
            String csrf = known.map(Session::csrf).orElse("");
            var page = Unpooled.copiedBuffer("<input name=\"_csrf\" value=\"" + csrf + "\">", StandardCharsets.UTF_8);
            var answer = new DefaultFullHttpResponse(HttpVersion.HTTP_1_1, HttpResponseStatus.OK, page);
            answer.headers().set(HttpHeaderNames.CONTENT_TYPE, "text/html;charset=UTF-8");
            known.ifPresent(session -> answer.headers()
                    .set(HttpHeaderNames.SET_COOKIE, "session=" + session.id() + "; HttpOnly; SameSite=Lax"));
            send(ctx, answer);
        }

        private static void send(ChannelHandlerContext ctx, DefaultFullHttpResponse answer) {
            answer.headers()
                    .setInt(HttpHeaderNames.CONTENT_LENGTH, answer.content().readableBytes());
            ChannelFuture unused = ctx.writeAndFlush(answer);
        }
    }
}
