// SPDX-License-Identifier: Apache-2.0
package io.github.realtimeticket.spring.webflux;

import java.util.function.Supplier;
import org.springframework.core.Ordered;
import org.springframework.http.HttpMethod;
import org.springframework.http.server.reactive.ServerHttpRequest;
import org.springframework.web.server.ServerWebExchange;
import org.springframework.web.server.WebFilter;
import org.springframework.web.server.WebFilterChain;
import reactor.core.publisher.Mono;

/**
 * Has WebSocket handshakes answered on the thread of their connection, where the server is Reactor Netty. Answered on another one, as
 * after whatever was waited for (a store, a session), about one in two hundred loses the client's first message, or hears of it
 * when the next one comes: Reactor Netty tells the connection of the upgrade after the client can have heard of it.
 *
 * <p>A filter behind all others, so that nothing leaves that thread again. {@link TicketWebSocketService} needs none. Thread-safe.
 */
public final class HandshakeThread implements WebFilter, Ordered {

    /** A filter for all exchanges. */
    public HandshakeThread() {}

    @Override
    public int getOrder() {
        return LOWEST_PRECEDENCE;
    }

    @Override
    public Mono<Void> filter(ServerWebExchange exchange, WebFilterChain chain) {
        return isHandshake(exchange.getRequest())
                ? answered(exchange, () -> chain.filter(exchange))
                : chain.filter(exchange);
    }

    private static boolean isHandshake(ServerHttpRequest request) {
        return request.getHeaders().getUpgrade() != null || request.getMethod().equals(HttpMethod.valueOf("CONNECT"));
    }

    /** What answers a handshake, on the thread of its connection. */
    static Mono<Void> answered(ServerWebExchange exchange, Supplier<Mono<Void>> answer) {
        return ReactorNetty.onItsThread(exchange.getResponse(), Mono.defer(answer));
    }
}
