// SPDX-License-Identifier: Apache-2.0
package io.github.realtimeticket.spring.websocket;

import io.github.realtimeticket.spring.web.ServletGate;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import org.springframework.beans.factory.config.InstantiationAwareBeanPostProcessor;
import org.springframework.http.server.ServerHttpRequest;
import org.springframework.http.server.ServerHttpResponse;
import org.springframework.http.server.ServletServerHttpRequest;
import org.springframework.web.socket.WebSocketHandler;
import org.springframework.web.socket.handler.ExceptionWebSocketHandlerDecorator;
import org.springframework.web.socket.handler.LoggingWebSocketHandlerDecorator;
import org.springframework.web.socket.handler.WebSocketHandlerDecorator;
import org.springframework.web.socket.server.HandshakeInterceptor;
import org.springframework.web.socket.server.support.WebSocketHandlerMapping;
import org.springframework.web.socket.server.support.WebSocketHttpRequestHandler;

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
 * <p>It reaches the handlers of {@code @EnableWebSocket} and {@code @EnableWebSocketMessageBroker}, but not those that SockJS serves.
 */
public final class LiveWebSockets implements InstantiationAwareBeanPostProcessor {

    /** Called by Spring, before the mapping looks at its handlers. */
    @Override
    public boolean postProcessAfterInstantiation(Object bean, String name) {
        if (bean instanceof WebSocketHandlerMapping mapping) {
            @SuppressWarnings("unchecked")
            var handlers = (Map<String, Object>) mapping.getUrlMap();
            handlers.replaceAll((path, handler) -> registering(handler));
        }
        return true;
    }

    // One of a subclass stays as it is: what it does is not ours to copy.
    private static Object registering(Object handler) {
        if (handler.getClass() != WebSocketHttpRequestHandler.class) {
            return handler;
        }
        var plain = (WebSocketHttpRequestHandler) handler;
        var registering = new WebSocketHttpRequestHandler(
                new LiveSessionHandler(bare(plain.getWebSocketHandler())), plain.getHandshakeHandler());
        List<HandshakeInterceptor> interceptors = new ArrayList<>(plain.getHandshakeInterceptors());
        interceptors.add(new FromRequest());
        registering.setHandshakeInterceptors(interceptors);
        return registering;
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
                ServletGate.admitted(servlet.getServletRequest())
                        .ifPresent(admitted -> attributes.put(LiveSessionHandler.ADMITTED, admitted));
            }
            return true;
        }

        @Override
        public void afterHandshake(
                ServerHttpRequest request,
                ServerHttpResponse response,
                WebSocketHandler handler,
                @Nullable Exception fault) {}
    }
}
