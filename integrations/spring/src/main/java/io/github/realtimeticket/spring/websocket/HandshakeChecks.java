// SPDX-License-Identifier: Apache-2.0
package io.github.realtimeticket.spring.websocket;

import io.github.realtimeticket.Refusal;
import jakarta.servlet.http.HttpServletRequest;
import jakarta.servlet.http.HttpServletResponse;
import java.util.HashMap;
import java.util.List;
import java.util.Optional;
import java.util.function.BiFunction;
import org.jspecify.annotations.Nullable;
import org.springframework.beans.factory.ListableBeanFactory;
import org.springframework.http.HttpHeaders;
import org.springframework.http.server.ServletServerHttpRequest;
import org.springframework.http.server.ServletServerHttpResponse;
import org.springframework.web.socket.WebSocketHandler;
import org.springframework.web.socket.server.HandshakeInterceptor;
import org.springframework.web.socket.server.support.OriginHandshakeInterceptor;
import org.springframework.web.socket.server.support.WebSocketHttpRequestHandler;
import org.springframework.web.socket.sockjs.support.SockJsHttpRequestHandler;
import org.springframework.web.socket.sockjs.transport.TransportHandlingSockJsService;

/**
 * Why Spring WebSocket will refuse a request to one of its handlers, asked before a ticket is used up and not after (T20): it is no
 * handshake as Spring reads one, or its origin is not allowed ({@code setAllowedOrigins} of a registration, the own origin unless told
 * otherwise). Thread-safe.
 */
public final class HandshakeChecks implements BiFunction<HttpServletRequest, HttpServletResponse, Optional<Refusal>> {

    private static final System.Logger LOG = System.getLogger(HandshakeChecks.class.getName());

    private final WebSocketHandlers handlers;

    /** The checks of the handlers that the mappings among these beans have. */
    public HandshakeChecks(ListableBeanFactory beans) {
        handlers = new WebSocketHandlers(beans);
    }

    /** Nothing if the request is for no handler of Spring WebSocket's, or it would open a session but for its ticket. */
    @Override
    public Optional<Refusal> apply(HttpServletRequest request, HttpServletResponse response) {
        return handlers.of(request).flatMap(handler -> refusal(handler, request, response));
    }

    static Optional<Refusal> refusal(
            @Nullable Object handler, HttpServletRequest request, HttpServletResponse response) {
        if (opensByHandshake(handler, request) && !isHandshake(request)) {
            return Optional.of(request.getHeader("Upgrade") == null ? Refusal.NO_HANDSHAKE : Refusal.UNSUITABLE);
        }
        WebSocketHandler sessions = WebSocketHandlers.sessions(handler);
        for (HandshakeInterceptor interceptor : interceptors(handler)) {
            if (sessions != null
                    && interceptor instanceof OriginHandshakeInterceptor origins
                    && !allow(origins, sessions, request, response)) {
                LOG.log(
                        System.Logger.Level.DEBUG,
                        "Spring WebSocket does not allow the origin of a handshake: name it with setAllowedOrigins"
                                + " where the handler is registered, or leave it to the gate with setAllowedOriginPatterns(\"*\")");
                return Optional.of(Refusal.WRONG_ORIGIN);
            }
        }
        return Optional.empty();
    }

    /** SockJS has other transports, and this one at the end of a path. */
    private static boolean opensByHandshake(@Nullable Object handler, HttpServletRequest request) {
        return handler instanceof WebSocketHttpRequestHandler
                || (handler instanceof SockJsHttpRequestHandler
                        && request.getRequestURI().endsWith("/websocket"));
    }

    /** As {@code AbstractHandshakeHandler} reads it. What a {@code CONNECT} must have is asked of every request. */
    private static boolean isHandshake(HttpServletRequest request) {
        if (request.getMethod().equals("CONNECT")) {
            return true;
        }
        HttpHeaders headers = new ServletServerHttpRequest(request).getHeaders();
        List<String> connection = headers.getConnection();
        return request.getMethod().equals("GET")
                && "websocket".equalsIgnoreCase(headers.getUpgrade())
                && (connection.contains("Upgrade") || connection.contains("upgrade"));
    }

    private static List<HandshakeInterceptor> interceptors(@Nullable Object handler) {
        if (handler instanceof WebSocketHttpRequestHandler plain) {
            return plain.getHandshakeInterceptors();
        }
        return handler instanceof SockJsHttpRequestHandler sockJs
                        && sockJs.getSockJsService() instanceof TransportHandlingSockJsService service
                ? service.getHandshakeInterceptors()
                : List.of();
    }

    private static boolean allow(
            OriginHandshakeInterceptor origins,
            WebSocketHandler handler,
            HttpServletRequest request,
            HttpServletResponse response) {
        try {
            return origins.beforeHandshake(
                    new ServletServerHttpRequest(request),
                    new ServletServerHttpResponse(response),
                    handler,
                    new HashMap<>());
        } catch (Exception e) {
            return false;
        }
    }
}
