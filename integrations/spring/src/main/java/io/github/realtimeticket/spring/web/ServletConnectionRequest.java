// SPDX-License-Identifier: Apache-2.0
package io.github.realtimeticket.spring.web;

import io.github.realtimeticket.ConnectionRequest;
import io.github.realtimeticket.Refusal;
import jakarta.servlet.http.HttpServletRequest;
import java.net.URI;
import java.util.Collections;
import java.util.List;
import java.util.Locale;
import java.util.function.BooleanSupplier;
import org.jspecify.annotations.Nullable;
import org.springframework.http.server.ServletServerHttpRequest;
import org.springframework.web.cors.CorsUtils;

/**
 * A servlet request as a gate sees it.
 *
 * @param request the opening request
 * @param originIsAllowed what the framework's own check of the origin says
 */
record ServletConnectionRequest(HttpServletRequest request, BooleanSupplier originIsAllowed)
        implements ConnectionRequest {

    @Override
    public @Nullable String query() {
        return request.getQueryString();
    }

    @Override
    public List<String> headers(String name) {
        return Collections.list(request.getHeaders(name));
    }

    /**
     * A CORS preflight opens no connection (Fetch Standard, "CORS-preflight request"). A WebSocket handshake is a {@code GET} (RFC 6455
     * section 4.1), and container and framework can read the target, which a query with a single {@code %} is not.
     */
    @Override
    public @Nullable Refusal refusal() {
        if (CorsUtils.isPreFlightRequest(request)) {
            return Refusal.WRONG_ORIGIN;
        }
        boolean get = request.getMethod().equals("GET");
        boolean webSocket = headers("Upgrade").stream()
                .anyMatch(value -> value.toLowerCase(Locale.ROOT).contains("websocket"));
        if ((webSocket && !get) || !isReadable(get)) {
            return Refusal.UNSUITABLE;
        }
        return originIsAllowed.getAsBoolean() ? null : Refusal.WRONG_ORIGIN;
    }

    private boolean isReadable(boolean get) {
        try {
            URI unused = new ServletServerHttpRequest(request).getURI();
            // To look at the parameters of a request that has a body would read it.
            return !get || request.getContentType() != null || request.getParameterMap() != null;
        } catch (RuntimeException e) {
            return false;
        }
    }
}
