// SPDX-License-Identifier: Apache-2.0
package io.github.realtimeticket.examples.micronaut;

import io.github.realtimeticket.Admission.Admitted;
import io.github.realtimeticket.ConnectionRequest;
import io.github.realtimeticket.Gate;
import io.github.realtimeticket.LiveConnection;
import io.github.realtimeticket.Refusal;
import io.github.realtimeticket.Tickets;
import io.github.realtimeticket.redis.RedisTicketStore;
import io.lettuce.core.RedisURI;
import io.micronaut.context.annotation.Bean;
import io.micronaut.context.annotation.Factory;
import io.micronaut.context.annotation.Value;
import io.micronaut.context.event.BeanCreatedEvent;
import io.micronaut.context.event.BeanCreatedEventListener;
import io.micronaut.http.HttpMethod;
import io.micronaut.http.HttpRequest;
import io.micronaut.http.HttpResponse;
import io.micronaut.http.HttpStatus;
import io.micronaut.http.MutableHttpResponse;
import io.micronaut.http.annotation.RequestFilter;
import io.micronaut.http.annotation.ServerFilter;
import io.micronaut.http.server.netty.NettyHttpRequest;
import io.micronaut.http.server.netty.NettyServerCustomizer;
import io.micronaut.runtime.Micronaut;
import io.micronaut.web.router.RouteAttributes;
import io.micronaut.websocket.CloseReason;
import io.micronaut.websocket.WebSocketSession;
import io.micronaut.websocket.annotation.OnMessage;
import io.micronaut.websocket.annotation.OnOpen;
import io.micronaut.websocket.annotation.ServerWebSocket;
import io.netty.buffer.Unpooled;
import io.netty.channel.Channel;
import io.netty.channel.ChannelFutureListener;
import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.ChannelInboundHandlerAdapter;
import io.netty.handler.codec.http.DefaultFullHttpResponse;
import io.netty.handler.codec.http.HttpResponseStatus;
import io.netty.handler.codec.http.HttpServerCodec;
import io.netty.handler.codec.http.HttpVersion;
import io.netty.util.ReferenceCountUtil;
import jakarta.inject.Singleton;
import java.net.URI;
import java.net.URISyntaxException;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CompletionStage;
import org.jspecify.annotations.Nullable;

/** A whole backend: a ticket opens a WebSocket, which greets its holder and echoes. */
public final class MicronautChat {

    private static final String ADMITTED = "admitted";

    private MicronautChat() {}

    public static void main(String[] arguments) {
        Micronaut.run(MicronautChat.class, arguments);
    }

    /** The store that the web application issues into, and the gate before it. */
    @Factory
    static class Beans {

        @Singleton
        @Bean(preDestroy = "close")
        RedisTicketStore store(@Value("${tickets.redis}") String url) {
            return RedisTicketStore.connect(RedisURI.create(url));
        }

        @Singleton
        Gate gate(RedisTicketStore store) {
            var tickets =
                    Tickets.builder(store).revocations(store.revocations()).build();
            return Gate.builder(tickets).audience("chat").build();
        }
    }

    /** Every request passes it, whatever its path; WebSockets are not below the context path. */
    @ServerFilter(value = ServerFilter.MATCH_ALL_PATTERN, appendContextPath = false)
    static class TicketFilter {

        private final Gate gate;

        TicketFilter(Gate gate) {
            this.gate = gate;
        }

        @RequestFilter
        CompletionStage<Optional<HttpResponse<?>>> admit(HttpRequest<?> request) {
            return gate.admit(new UpgradeRequest(request))
                    .thenApplyAsync(
                            admission -> admission.fold(
                                    admitted -> {
                                        request.setUserPrincipal(admitted.holder());
                                        request.setAttribute(ADMITTED, admitted);
                                        return Optional.empty();
                                    },
                                    refused -> Optional.of(answer(refused.reason()))),
                            ((NettyHttpRequest<?>) request)
                                    .getChannelHandlerContext()
                                    .executor());
        }

        private static HttpResponse<?> answer(Refusal reason) {
            MutableHttpResponse<String> answer = HttpResponse.<String>status(HttpStatus.valueOf(reason.status()))
                    .body(reason.body());
            reason.headers().forEach(answer::header);
            return answer;
        }
    }

    /** What a gate sees of a handshake. */
    private record UpgradeRequest(HttpRequest<?> request) implements ConnectionRequest {

        @Override
        public @Nullable String query() {
            return request.getUri().getRawQuery();
        }

        @Override
        public List<String> headers(String name) {
            return request.getHeaders().getAll(name);
        }

        // What Micronaut would refuse when the ticket is used up.
        @Override
        public @Nullable Refusal refusal() {
            boolean upgrade = headers("Upgrade").stream().anyMatch("websocket"::equalsIgnoreCase);
            boolean served = RouteAttributes.getRouteMatch(request).isPresent();
            return upgrade && served && request.getMethod() == HttpMethod.GET ? null : Refusal.UNSUITABLE;
        }
    }

    /** Micronaut leaves a handshake whose target is no URI without an answer, before it asks a filter. */
    @Singleton
    static class ReadableTargets implements BeanCreatedEventListener<NettyServerCustomizer.Registry> {

        @Override
        public NettyServerCustomizer.Registry onCreated(BeanCreatedEvent<NettyServerCustomizer.Registry> event) {
            event.getBean().register(new ReadableTargetsOf(null));
            return event.getBean();
        }
    }

    private record ReadableTargetsOf(@Nullable Channel channel) implements NettyServerCustomizer {

        @Override
        public NettyServerCustomizer specializeForChannel(Channel channel, ChannelRole role) {
            return new ReadableTargetsOf(channel);
        }

        @Override
        public void onStreamPipelineBuilt() {
            ChannelHandlerContext codec =
                    channel == null ? null : channel.pipeline().context(HttpServerCodec.class);
            if (codec != null) {
                codec.pipeline().addAfter(codec.name(), null, new ReadableTarget());
            }
        }
    }

    private static final class ReadableTarget extends ChannelInboundHandlerAdapter {

        private boolean refused;

        @Override
        public void channelRead(ChannelHandlerContext ctx, Object message) {
            if (message instanceof io.netty.handler.codec.http.HttpRequest request && !isUri(request.uri())) {
                refused = true;
                var answer = new DefaultFullHttpResponse(
                        HttpVersion.HTTP_1_1,
                        HttpResponseStatus.BAD_REQUEST,
                        Unpooled.copiedBuffer(Refusal.UNSUITABLE.body(), StandardCharsets.US_ASCII));
                Refusal.UNSUITABLE.headers().forEach(answer.headers()::set);
                answer.headers().set("Content-Length", answer.content().readableBytes());
                ctx.writeAndFlush(answer).addListener(ChannelFutureListener.CLOSE);
            }
            if (refused) {
                ReferenceCountUtil.release(message);
            } else {
                ctx.fireChannelRead(message);
            }
        }

        private static boolean isUri(String target) {
            try {
                URI unused = new URI(target);
                return true;
            } catch (URISyntaxException e) {
                return false;
            }
        }
    }

    @ServerWebSocket(value = "/chat", subprotocols = "chat")
    static class Chat {

        @OnOpen
        CompletionStage<String> open(WebSocketSession session, HttpRequest<?> request) {
            Admitted admitted = request.getAttribute(ADMITTED, Admitted.class).orElseThrow();
            LiveConnection connection = admitted.opened((code, reason) -> session.close(new CloseReason(code, reason)));
            Channel channel =
                    ((NettyHttpRequest<?>) request).getChannelHandlerContext().channel();
            channel.closeFuture().addListener(closed -> connection.ended());
            return session.sendAsync("Hello " + admitted.holder().username());
        }

        @OnMessage
        CompletionStage<String> echo(String text, WebSocketSession session) {
            return session.sendAsync(text);
        }
    }
}
