// SPDX-License-Identifier: Apache-2.0
package io.github.realtimeticket.spring.webflux;

import org.springframework.core.Ordered;
import org.springframework.http.HttpMethod;
import org.springframework.http.server.reactive.ServerHttpRequest;
import org.springframework.web.server.ServerWebExchange;
import org.springframework.web.server.WebFilter;
import org.springframework.web.server.WebFilterChain;
import reactor.core.publisher.Mono;
import reactor.util.context.ContextView;

/**
 * Has WebSocket handshakes answered on the thread of their connection, where the server is Reactor Netty. Answered on another one, as
 * after whatever was waited for (a store, a session), about one in two hundred loses the client's first message, or hears of it
 * when the next one comes: Reactor Netty tells the connection of the upgrade after the client can have heard of it.
 *
 * <p>A filter behind all others, so that nothing leaves that thread again. {@link TicketWebSocketService} needs none. By the filter a GraphQL
 * session knows its connection, too, to {@linkplain #cutOffLater cut it off}. Thread-safe.
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
                ? ReactorNetty.onItsThread(exchange.getResponse(), () -> chain.filter(exchange))
                        .contextWrite(context -> context.put(HandshakeThread.class, exchange.getRequest()))
                : chain.filter(exchange);
    }

    /**
     * Cuts off the client of a WebSocket that has been told to go, after ten seconds: it may take no close frame. Does not block. Nothing
     * is cut off where another server than Reactor Netty serves, or where the handshake did not pass this filter.
     *
     * @param context what the WebSocket's handler is subscribed to with
     */
    public static void cutOffLater(ContextView context) {
        context.<ServerHttpRequest>getOrEmpty(HandshakeThread.class).ifPresent(request -> {
            // Even if it is gone before: nothing else comes on the connection of a WebSocket.
            var unused = ReactorNetty.cutOffLater(request, LiveExchange.PATIENCE);
        });
    }

    private static boolean isHandshake(ServerHttpRequest request) {
        return request.getHeaders().getUpgrade() != null || request.getMethod().equals(HttpMethod.valueOf("CONNECT"));
    }
}
