// SPDX-License-Identifier: Apache-2.0
package io.github.realtimeticket.netty;

import io.github.realtimeticket.Issuer;
import io.github.realtimeticket.Revocation;
import io.github.realtimeticket.Revocations;
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
import java.io.IOException;
import java.net.InetSocketAddress;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.UUID;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.ConcurrentHashMap;

/** A whole web application: whoever is logged in gets tickets, which end with the login. */
final class IssuingServer implements AutoCloseable {

    private final Map<String, Session> sessions = new ConcurrentHashMap<>();
    private final EventLoopGroup group = new MultiThreadIoEventLoopGroup(NioIoHandler.newFactory());
    private final Revocations revocations;
    private final Channel server;

    private record Session(String id, String user, String csrf) {}

    /** Issues tickets that end with these revocations. */
    static IssuingServer start(TicketStore store, Revocations revocations, int port) {
        Tickets tickets = Tickets.builder(store).revocations(revocations).build();
        Issuer issuer = Issuer.of(tickets);

        return new IssuingServer(issuer, revocations, port);
    }

    IssuingServer(Issuer issuer, Revocations revocations, int port) {
        this.revocations = revocations;
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
            Optional<Session> session = session(request);
            switch (request.method() + " " + request.uri()) {
                case "GET /login" -> show(ctx, session);
                case "POST /login" -> logIn(ctx, request);
                case "POST /logout" -> logOut(ctx, session.filter(known -> hasCsrfProof(request)));
                default -> send(ctx, HttpResponseStatus.NOT_FOUND);
            }
        }

        // Netty would log each client that resets its connection, with a stack trace.
        @Override
        public void exceptionCaught(ChannelHandlerContext ctx, Throwable fault) {
            if (fault instanceof IOException) {
                ChannelFuture unused = ctx.close();
            } else {
                ChannelHandlerContext unused = ctx.fireExceptionCaught(fault);
            }
        }

        private void logIn(ChannelHandlerContext ctx, FullHttpRequest request) {
            String form = request.content().toString(StandardCharsets.UTF_8);
            List<String> user = new QueryStringDecoder(form, false).parameters().getOrDefault("username", List.of());
            if (user.size() != 1) {
                send(ctx, HttpResponseStatus.BAD_REQUEST);
                return;
            }
            var session = new Session(
                    UUID.randomUUID().toString(), user.get(0), UUID.randomUUID().toString());
            sessions.put(session.id(), session);
            show(ctx, Optional.of(session));
        }

        private void logOut(ChannelHandlerContext ctx, Optional<Session> known) {
            if (known.isEmpty()) {
                send(ctx, HttpResponseStatus.FORBIDDEN);
                return;
            }
            String session = known.get().id();
            sessions.remove(session);
            CompletionStage<Void> unused = revocations
                    .revoke(Revocation.session(session))
                    .handle((revoked, fault) ->
                            fault == null ? HttpResponseStatus.OK : HttpResponseStatus.SERVICE_UNAVAILABLE)
                    .thenAccept(status -> send(ctx, status));
        }

        private static void show(ChannelHandlerContext ctx, Optional<Session> known) {
            String csrf = known.map(Session::csrf).orElse("");
            DefaultFullHttpResponse page =
                    answer(HttpResponseStatus.OK, "<input name=\"_csrf\" value=\"" + csrf + "\">");
            known.ifPresent(session -> page.headers()
                    .set(HttpHeaderNames.SET_COOKIE, "session=" + session.id() + "; HttpOnly; SameSite=Lax"));
            ChannelFuture unused = ctx.writeAndFlush(page);
        }

        private static void send(ChannelHandlerContext ctx, HttpResponseStatus status) {
            ChannelFuture unused = ctx.writeAndFlush(answer(status, ""));
        }

        private static DefaultFullHttpResponse answer(HttpResponseStatus status, String text) {
            var body = Unpooled.copiedBuffer(text, StandardCharsets.UTF_8);
            var answer = new DefaultFullHttpResponse(HttpVersion.HTTP_1_1, status, body);
            answer.headers()
                    .set(HttpHeaderNames.CONTENT_TYPE, "text/html;charset=UTF-8")
                    .setInt(HttpHeaderNames.CONTENT_LENGTH, body.readableBytes());
            return answer;
        }
    }
}
