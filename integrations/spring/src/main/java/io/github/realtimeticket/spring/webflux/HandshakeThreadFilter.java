// SPDX-License-Identifier: Apache-2.0
package io.github.realtimeticket.spring.webflux;

import java.util.concurrent.Executor;
import java.util.concurrent.atomic.AtomicReference;
import org.jspecify.annotations.Nullable;
import org.springframework.core.Ordered;
import org.springframework.http.server.reactive.ServerHttpResponse;
import org.springframework.http.server.reactive.ServerHttpResponseDecorator;
import org.springframework.util.ClassUtils;
import org.springframework.web.server.ServerWebExchange;
import org.springframework.web.server.WebFilter;
import org.springframework.web.server.WebFilterChain;
import reactor.core.publisher.Mono;
import reactor.core.scheduler.Schedulers;
import reactor.netty.http.server.HttpServerResponse;

/**
 * Has Reactor Netty answer a WebSocket handshake on the thread of its connection. On another one, where a gate, a session or any filter may
 * have left it, Reactor Netty can lose a message that the client sends at once: it takes the session over only when the client may have read the
 * answer already. To be a bean in an application with WebSockets, as the starter makes one.
 *
 * <p>Thread-safe, and never blocks. It does nothing on other servers.
 */
public final class HandshakeThreadFilter implements WebFilter, Ordered {

    private static final boolean REACTOR_NETTY = ClassUtils.isPresent(
            "reactor.netty.http.server.HttpServerResponse", HandshakeThreadFilter.class.getClassLoader());

    /** Called by Spring. */
    @Override
    public Mono<Void> filter(ServerWebExchange exchange, WebFilterChain chain) {
        boolean handshake =
                "websocket".equalsIgnoreCase(exchange.getRequest().getHeaders().getUpgrade());
        return chain.filter(handshake ? onItsThread(exchange) : exchange);
    }

    /** First, so that whatever else decorates the response is outside. */
    @Override
    public int getOrder() {
        return HIGHEST_PRECEDENCE;
    }

    /** The exchange, whose response, once it is committed, goes on with the thread of its connection. */
    static ServerWebExchange onItsThread(ServerWebExchange exchange) {
        ServerHttpResponse response = exchange.getResponse();
        Executor thread = REACTOR_NETTY ? Native.thread(response) : null;
        return thread == null
                ? exchange
                : exchange.mutate()
                        .response(new ServerHttpResponseDecorator(response) {
                            @Override
                            public Mono<Void> setComplete() {
                                return super.setComplete().publishOn(Schedulers.fromExecutor(thread));
                            }
                        })
                        .build();
    }

    /** Loaded only where Reactor Netty is there. */
    private static final class Native {
        static @Nullable Executor thread(ServerHttpResponse response) {
            Object sent = ServerHttpResponseDecorator.getNativeResponse(response);
            var thread = new AtomicReference<@Nullable Executor>();
            if (sent instanceof HttpServerResponse netty) {
                var unused = netty.withConnection(
                        connection -> thread.set(connection.channel().eventLoop()));
            }
            return thread.get();
        }
    }
}
