// SPDX-License-Identifier: Apache-2.0
package io.github.realtimeticket.spring.websocket;

import io.github.realtimeticket.spring.web.Handover;
import io.github.realtimeticket.spring.web.LiveResponses;
import jakarta.servlet.http.HttpServletResponse;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import org.springframework.beans.factory.config.InstantiationAwareBeanPostProcessor;
import org.springframework.http.server.ServerHttpRequest;
import org.springframework.http.server.ServerHttpResponse;
import org.springframework.http.server.ServletServerHttpRequest;
import org.springframework.http.server.ServletServerHttpResponse;
import org.springframework.web.socket.WebSocketHandler;
import org.springframework.web.socket.handler.ExceptionWebSocketHandlerDecorator;
import org.springframework.web.socket.handler.LoggingWebSocketHandlerDecorator;
import org.springframework.web.socket.handler.WebSocketHandlerDecorator;
import org.springframework.web.socket.server.HandshakeInterceptor;
import org.springframework.web.socket.server.support.WebSocketHandlerMapping;
import org.springframework.web.socket.server.support.WebSocketHttpRequestHandler;
import org.springframework.web.socket.sockjs.frame.SockJsMessageCodec;
import org.springframework.web.socket.sockjs.support.SockJsHttpRequestHandler;
import org.springframework.web.socket.sockjs.transport.TransportHandlingSockJsService;

/**
 * Registers the sessions of every WebSocket handler whose handshake was admitted by ticket, so that they end with the login (T16, T17): with
 * 3000 or 3003. A bean, which has to be static where it is defined in a configuration:
 *
 * <pre>{@code
 * @Bean
 * static LiveWebSockets liveWebSockets() {
 *     return new LiveWebSockets();
 * }
 * }</pre>
 *
 * <p>It reaches the handlers of {@code @EnableWebSocket} and {@code @EnableWebSocketMessageBroker}, those that SockJS serves included,
 * and warns of those that it does not: what is of a subclass of Spring's. With Spring Framework 7.0.8 the fallbacks of SockJS need this bean,
 * or all of them are answered with 404. What clients of SockJS send that is no message is not logged with a stack trace, and no
 * request of a fallback is read beyond 16 times the size limit of a STOMP frame, which is 1 MiB unless the application sets
 * another, and always for handlers that are not of STOMP.
 */
public final class LiveWebSockets implements InstantiationAwareBeanPostProcessor {

    private static final System.Logger LOG = System.getLogger(LiveWebSockets.class.getName());

    // sockjs-client sends all that waits in one request.
    private static final int FRAMES_IN_REQUEST = 16;

    private static final int MAX_SIZE = Integer.MAX_VALUE / 2;

    /** Called by Spring, before the mapping looks at its handlers. */
    @Override
    public boolean postProcessAfterInstantiation(Object bean, String name) {
        if (bean instanceof WebSocketHandlerMapping mapping) {
            @SuppressWarnings("unchecked")
            var handlers = (Map<String, Object>) mapping.getUrlMap();
            handlers.replaceAll(LiveWebSockets::registering);
        }
        return true;
    }

    private static Object registering(String path, Object handler) {
        if (handler.getClass() == WebSocketHttpRequestHandler.class) {
            return registering((WebSocketHttpRequestHandler) handler);
        }
        if (handler.getClass() == SockJsHttpRequestHandler.class
                && ((SockJsHttpRequestHandler) handler).getSockJsService()
                        instanceof TransportHandlingSockJsService service) {
            return registering((SockJsHttpRequestHandler) handler, service);
        }
        // What a subclass does is not ours to copy.
        LOG.log(
                System.Logger.Level.WARNING,
                "What a ticket opens at " + path + " is not closed when its login ends: it is served by "
                        + handler.getClass().getName() + ", and not by Spring's own handler for it");
        return handler;
    }

    private static Object registering(WebSocketHttpRequestHandler plain) {
        var registering = new WebSocketHttpRequestHandler(
                new LiveSessionHandler(bare(plain.getWebSocketHandler())), plain.getHandshakeHandler());
        registering.setHandshakeInterceptors(and(plain.getHandshakeInterceptors()));
        return registering;
    }

    private static Object registering(SockJsHttpRequestHandler sockJs, TransportHandlingSockJsService service) {
        if (service.getHandshakeInterceptors().stream().noneMatch(FromRequest.class::isInstance)) {
            service.setHandshakeInterceptors(and(service.getHandshakeInterceptors()));
        }
        guard(service, sockJs.getWebSocketHandler());
        return new SockJsHandler(service, new LiveSessionHandler(bare(sockJs.getWebSocketHandler())));
    }

    private static void guard(TransportHandlingSockJsService service, WebSocketHandler handler) {
        SockJsMessageCodec codec;
        try {
            codec = service.getMessageCodec();
        } catch (IllegalStateException e) {
            // An application without Jackson has none, and its WebSockets need none.
            return;
        }
        if (!(codec instanceof SockJsMessages)) {
            long sizeLimit = (long) FRAMES_IN_REQUEST * StompSizeLimit.of(handler);
            service.setMessageCodec(new SockJsMessages(codec, (int) Math.min(sizeLimit, MAX_SIZE)));
        }
    }

    private static List<HandshakeInterceptor> and(List<HandshakeInterceptor> interceptors) {
        List<HandshakeInterceptor> all = new ArrayList<>(interceptors);
        all.add(new FromRequest());
        return all;
    }

    // Without the two decorators that the new one puts around it again.
    private static WebSocketHandler bare(WebSocketHandler handler) {
        return handler instanceof ExceptionWebSocketHandlerDecorator outer
                        && outer.getDelegate() instanceof LoggingWebSocketHandlerDecorator inner
                ? ((WebSocketHandlerDecorator) inner).getDelegate()
                : handler;
    }

    /** Takes along what a filter has admitted. */
    private static final class FromRequest implements HandshakeInterceptor {

        @Override
        public boolean beforeHandshake(
                ServerHttpRequest request,
                ServerHttpResponse response,
                WebSocketHandler handler,
                Map<String, Object> attributes) {
            if (request instanceof ServletServerHttpRequest servlet) {
                LiveSessionHandler.note(servlet.getServletRequest(), attributes);
            }
            return true;
        }

        @Override
        public void afterHandshake(
                ServerHttpRequest request,
                ServerHttpResponse response,
                WebSocketHandler handler,
                @Nullable Exception fault) {
            // A handshake that is refused comes here without a fault, too.
            if (fault == null
                    && request instanceof ServletServerHttpRequest asked
                    && response instanceof ServletServerHttpResponse answer
                    && answer.getServletResponse().getStatus() < HttpServletResponse.SC_BAD_REQUEST) {
                LiveResponses.handover(asked.getServletRequest()).ifPresent(Handover::upgrading);
            }
        }
    }
}
