// SPDX-License-Identifier: Apache-2.0
package io.github.realtimeticket.spring.webflux;

import io.github.realtimeticket.ConnectionRequest;
import io.github.realtimeticket.Refusal;
import java.util.List;
import java.util.Locale;
import org.jspecify.annotations.Nullable;
import org.springframework.http.HttpHeaders;
import org.springframework.http.HttpMethod;
import org.springframework.http.server.reactive.ServerHttpRequest;

/**
 * A reactive request as a gate sees it.
 *
 * @param request the opening request
 * @param handshake whether nothing but a WebSocket handshake can open the connection
 */
record ExchangeConnectionRequest(ServerHttpRequest request, boolean handshake) implements ConnectionRequest {

    private static final HttpMethod CONNECT = HttpMethod.valueOf("CONNECT");

    @Override
    public @Nullable String query() {
        return request.getURI().getRawQuery();
    }

    @Override
    public List<String> headers(String name) {
        return request.getHeaders().getOrEmpty(name);
    }

    /**
     * What Spring WebFlux asks of a WebSocket handshake behind the gate is more than what the gate does: the method {@code GET}, this one
     * protocol, and {@code Upgrade} spelled so. Over HTTP/2 a handshake is a {@code CONNECT} (RFC 8441), which is for Reactor Netty alone.
     */
    @Override
    public @Nullable Refusal refusal() {
        boolean upgrade = headers(HttpHeaders.UPGRADE).stream()
                .anyMatch(value -> value.toLowerCase(Locale.ROOT).contains("websocket"));
        boolean connect = request.getMethod().equals(CONNECT);
        boolean possible = connect ? isHandshakeOfHttp2() : isHandshake();
        if (upgrade || connect) {
            return possible ? null : Refusal.UNSUITABLE;
        }
        return handshake ? Refusal.NO_HANDSHAKE : null;
    }

    // Reactor Netty asks for the version behind the gate.
    private boolean isHandshakeOfHttp2() {
        return ReactorNetty.isHttp2(request) && headers("Sec-WebSocket-Version").equals(List.of("13"));
    }

    private boolean isHandshake() {
        HttpHeaders headers = request.getHeaders();
        List<String> connection = headers.getConnection();
        return request.getMethod().equals(HttpMethod.GET)
                && "websocket".equalsIgnoreCase(headers.getUpgrade())
                && (connection.contains("Upgrade") || connection.contains("upgrade"));
    }
}
