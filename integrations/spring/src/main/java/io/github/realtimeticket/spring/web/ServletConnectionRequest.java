// SPDX-License-Identifier: Apache-2.0
package io.github.realtimeticket.spring.web;

import io.github.realtimeticket.ConnectionRequest;
import jakarta.servlet.http.HttpServletRequest;
import java.net.URI;
import java.util.Collections;
import java.util.List;
import java.util.Locale;
import org.jspecify.annotations.Nullable;
import org.springframework.http.server.ServletServerHttpRequest;

/**
 * A servlet request as a gate sees it.
 *
 * @param request the opening request
 */
public record ServletConnectionRequest(HttpServletRequest request) implements ConnectionRequest {

    @Override
    public @Nullable String query() {
        return request.getQueryString();
    }

    @Override
    public List<String> headers(String name) {
        return Collections.list(request.getHeaders(name));
    }

    /**
     * Whether container and framework can read the target, a query with a single {@code %} for example, and a WebSocket handshake is a
     * {@code GET} (RFC 6455 section 4.1).
     */
    @Override
    public boolean isSuitable() {
        boolean get = request.getMethod().equals("GET");
        boolean webSocket = headers("Upgrade").stream()
                .anyMatch(value -> value.toLowerCase(Locale.ROOT).contains("websocket"));
        if (webSocket && !get) {
            return false;
        }
        try {
            URI unused = new ServletServerHttpRequest(request).getURI();
            // To look at the parameters of a request that has a body would read it.
            return !get || request.getContentType() != null || request.getParameterMap() != null;
        } catch (RuntimeException e) {
            return false;
        }
    }
}
