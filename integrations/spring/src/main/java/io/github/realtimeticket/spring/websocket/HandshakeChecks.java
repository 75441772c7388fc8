// SPDX-License-Identifier: Apache-2.0
package io.github.realtimeticket.spring.websocket;

import jakarta.servlet.http.HttpServletRequest;
import jakarta.servlet.http.HttpServletResponse;
import java.util.HashMap;
import java.util.function.BiPredicate;
import org.jspecify.annotations.Nullable;
import org.springframework.beans.factory.ListableBeanFactory;
import org.springframework.http.server.ServletServerHttpRequest;
import org.springframework.http.server.ServletServerHttpResponse;
import org.springframework.web.socket.server.HandshakeInterceptor;
import org.springframework.web.socket.server.support.OriginHandshakeInterceptor;
import org.springframework.web.socket.server.support.WebSocketHttpRequestHandler;

/**
 * What Spring WebSocket's own check of a handshake's origin will say ({@code setAllowedOrigins} of a registration, the own origin
 * unless told otherwise), asked before a ticket is used up and not after (T20). Thread-safe.
 */
public final class HandshakeOrigins implements BiPredicate<HttpServletRequest, HttpServletResponse> {

    private static final System.Logger LOG = System.getLogger(HandshakeOrigins.class.getName());

    private final WebSocketHandlers handlers;

    /** The check of the handlers that the mappings among these beans have. */
    public HandshakeOrigins(ListableBeanFactory beans) {
        handlers = new WebSocketHandlers(beans);
    }

    /** Whether the request is no handshake of Spring's, or one whose origin it allows. */
    @Override
    public boolean test(HttpServletRequest request, HttpServletResponse response) {
        boolean handshake =
                request.getHeader("Upgrade") != null || request.getMethod().equals("CONNECT");
        if (request.getHeader("Origin") == null || !handshake) {
            return true;
        }
        return handlers.of(request)
                .map(handler -> allow(handler, request, response))
                .orElse(true);
    }

    static boolean allow(@Nullable Object handler, HttpServletRequest request, HttpServletResponse response) {
        if (handler instanceof WebSocketHttpRequestHandler sockets) {
            for (HandshakeInterceptor interceptor : sockets.getHandshakeInterceptors()) {
                if (interceptor instanceof OriginHandshakeInterceptor origins
                        && !allow(origins, sockets, request, response)) {
                    LOG.log(
                            System.Logger.Level.DEBUG,
                            "Spring WebSocket does not allow the origin of a handshake: name it with setAllowedOrigins"
                                    + " where the handler is registered, or leave it to the gate with setAllowedOriginPatterns(\"*\")");
                    return false;
                }
            }
        }
        return true;
    }

    private static boolean allow(
            OriginHandshakeInterceptor origins,
            WebSocketHttpRequestHandler handler,
            HttpServletRequest request,
            HttpServletResponse response) {
        try {
            return origins.beforeHandshake(
                    new ServletServerHttpRequest(request),
                    new ServletServerHttpResponse(response),
                    handler.getWebSocketHandler(),
                    new HashMap<>());
        } catch (Exception e) {
            return false;
        }
    }
}
