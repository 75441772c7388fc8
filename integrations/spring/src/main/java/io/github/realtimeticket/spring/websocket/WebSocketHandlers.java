// SPDX-License-Identifier: Apache-2.0
package io.github.realtimeticket.spring.websocket;

import jakarta.servlet.http.HttpServletRequest;
import java.util.List;
import java.util.Objects;
import org.jspecify.annotations.Nullable;
import org.springframework.beans.factory.ObjectProvider;
import org.springframework.http.server.RequestPath;
import org.springframework.web.servlet.HandlerExecutionChain;
import org.springframework.web.socket.server.support.WebSocketHandlerMapping;
import org.springframework.web.util.ServletRequestPathUtils;

/** Finds what Spring WebSocket will have answer a request, in a filter, before the dispatcher does. Thread-safe. */
public final class WebSocketHandlers {

    private final ObjectProvider<WebSocketHandlerMapping> mappings;

    /** Those that these mappings have. */
    public WebSocketHandlers(ObjectProvider<WebSocketHandlerMapping> mappings) {
        this.mappings = Objects.requireNonNull(mappings, "mappings");
    }

    /** The handlers that a mapping has for the request, as the dispatcher would ask it; empty for any other request. */
    public List<Object> of(HttpServletRequest request) {
        RequestPath before = ServletRequestPathUtils.hasParsedRequestPath(request)
                ? ServletRequestPathUtils.getParsedRequestPath(request)
                : null;
        try {
            if (before == null) {
                RequestPath unused = ServletRequestPathUtils.parseAndCache(request);
            }
            return mappings.stream()
                    .map(mapping -> handler(mapping, request))
                    .filter(Objects::nonNull)
                    .map(Objects::requireNonNull)
                    .toList();
        } finally {
            ServletRequestPathUtils.setParsedRequestPath(before, request);
        }
    }

    private static @Nullable Object handler(WebSocketHandlerMapping mapping, HttpServletRequest request) {
        try {
            HandlerExecutionChain chain = mapping.getHandler(request);
            return chain == null ? null : chain.getHandler();
        } catch (Exception e) {
            // The dispatcher will come to the same, and answer as the application has it.
            return null;
        }
    }
}
