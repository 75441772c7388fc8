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
import io.netty.channel.Channel;
import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.ChannelInboundHandlerAdapter;
import io.netty.handler.codec.http.HttpServerCodec;
import jakarta.inject.Singleton;
import java.net.URI;
import java.net.URISyntaxException;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import org.jspecify.annotations.Nullable;

/** A whole backend: a ticket opens a WebSocket, which greets its holder and echoes. */
public final class MicronautChat {

    static final String GATE = MicronautChat.class.getName();
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
            if (request.getAttribute(GATE, Gate.class).filter(gate::equals).isPresent()) {
                return CompletableFuture.completedFuture(Optional.empty());
            }
            var opening = ConnectionRequest.of(
                    request.getUri().getRawQuery(), request.getHeaders()::getAll, refusal(request));
            return gate.admit(opening)
                    .thenApplyAsync(
                            admission -> admission.fold(
                                    admitted -> {
                                        request.setUserPrincipal(admitted.holder());
                                        request.setAttribute(GATE, gate);
                                        request.setAttribute(ADMITTED, admitted);
                                        return Optional.empty();
                                    },
                                    refused -> Optional.of(answer(refused.reason()))),
                            ((NettyHttpRequest<?>) request)
                                    .getChannelHandlerContext()
                                    .executor());
        }

        // What Micronaut would refuse when the ticket is used up.
        private static @Nullable Refusal refusal(HttpRequest<?> request) {
            boolean upgrade = "websocket".equalsIgnoreCase(request.getHeaders().get("Upgrade"));
            boolean served = RouteAttributes.getRouteMatch(request).isPresent();
            return upgrade && served && request.getMethod() == HttpMethod.GET ? null : Refusal.UNSUITABLE;
        }

        private static HttpResponse<?> answer(Refusal reason) {
            MutableHttpResponse<String> answer = HttpResponse.<String>status(HttpStatus.valueOf(reason.status()))
                    .body(reason.body());
            reason.headers().forEach(answer::header);
            return answer;
        }
    }

    /** Micronaut leaves a handshake whose target is no URI without an answer, before it asks a filter: so it sees one that nothing serves. */
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

        @Override
        public void channelRead(ChannelHandlerContext ctx, Object message) {
            if (message instanceof io.netty.handler.codec.http.HttpRequest request) {
                try {
                    URI unused = new URI(request.uri());
                } catch (URISyntaxException e) {
                    request.setUri("/unreadable");
                }
            }
            ctx.fireChannelRead(message);
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
