// SPDX-License-Identifier: Apache-2.0
package io.github.realtimeticket.spring.web;

import io.github.realtimeticket.ConnectionRequest;
import io.github.realtimeticket.Refusal;
import jakarta.servlet.http.HttpServletRequest;
import java.net.URI;
import java.net.URLEncoder;
import java.nio.charset.StandardCharsets;
import java.util.Collections;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.function.Supplier;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;
import org.springframework.http.server.ServletServerHttpRequest;

/**
 * A servlet request as a gate sees it.
 *
 * @param request the opening request
 * @param behind why the framework would refuse it behind the gate; nothing if it would not
 */
record ServletConnectionRequest(HttpServletRequest request, Supplier<Optional<Refusal>> behind)
        implements ConnectionRequest {

    /** The query, or what {@code MockMvc} has where there is none: with {@code param}, parameters alone, as no container has without a body. */
    @Override
    public @Nullable String query() {
        String query = request.getQueryString();
        boolean mocked = query == null && isGet() && request.getContentType() == null;
        return mocked ? parameters() : query;
    }

    @Override
    public List<String> headers(String name) {
        return Collections.list(request.getHeaders(name));
    }

    /**
     * A WebSocket handshake is a {@code GET} (RFC 6455 section 4.1), or a {@code CONNECT} over HTTP/2 (RFC 8441), and container and
     * framework can read the target, which a query with a single {@code %} is not.
     */
    @Override
    public @Nullable Refusal refusal() {
        boolean webSocket = headers("Upgrade").stream()
                .anyMatch(value -> value.toLowerCase(Locale.ROOT).contains("websocket"));
        boolean connect = request.getMethod().equals("CONNECT");
        if ((webSocket && !isGet()) || (connect && !isHandshakeOfHttp2()) || !isReadable()) {
            return Refusal.UNSUITABLE;
        }
        return behind.get().orElse(null);
    }

    // Its one version is asked for behind the gate (RFC 8441 section 5).
    private boolean isHandshakeOfHttp2() {
        return request.getProtocol().equals("HTTP/2.0")
                && headers("Sec-WebSocket-Version").equals(List.of("13"));
    }

    private boolean isGet() {
        return request.getMethod().equals("GET");
    }

    private boolean isReadable() {
        try {
            URI unused = new ServletServerHttpRequest(request).getURI();
            // To look at the parameters of a request that has a body would read it.
            return !isGet() || request.getContentType() != null || request.getParameterMap() != null;
        } catch (RuntimeException e) {
            return false;
        }
    }

    private @Nullable String parameters() {
        String pairs = request.getParameterMap().entrySet().stream()
                .flatMap(
                        named -> Stream.of(named.getValue()).map(value -> escape(named.getKey()) + "=" + escape(value)))
                .collect(Collectors.joining("&"));
        return pairs.isEmpty() ? null : pairs;
    }

    private static String escape(String text) {
        return URLEncoder.encode(text, StandardCharsets.UTF_8);
    }
}
