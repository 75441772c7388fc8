// SPDX-License-Identifier: Apache-2.0
package io.github.realtimeticket.spring.webflux;

import io.github.realtimeticket.Admission.Admitted;
import java.util.List;
import org.springframework.http.HttpHeaders;
import org.springframework.http.server.reactive.ServerHttpRequest;
import org.springframework.http.server.reactive.ServerHttpRequestDecorator;
import org.springframework.util.ClassUtils;
import org.springframework.web.server.ServerWebExchange;
import reactor.netty.http.server.HttpServerRequest;

/**
 * What an admitted handshake offers, without the subprotocol that carried the ticket (T10). Spring WebFlux and Reactor Netty each look
 * at the first line only, and Spring at what stands between two commas, spaces included: they are given one line without any.
 */
final class OfferedSubprotocols {

    private static final String NAME = "Sec-WebSocket-Protocol";
    private static final boolean REACTOR_NETTY = ClassUtils.isPresent(
            "reactor.netty.http.server.HttpServerRequest", OfferedSubprotocols.class.getClassLoader());

    private OfferedSubprotocols() {}

    /** The exchange as what is behind the gate is to see it. */
    static ServerWebExchange without(ServerWebExchange exchange, Admitted admitted) {
        ServerHttpRequest request = exchange.getRequest();
        if (request.getHeaders().getFirst(NAME) == null) {
            return exchange;
        }
        List<String> others = admitted.subprotocols();
        if (REACTOR_NETTY) {
            Native.offer(request, others);
        }
        return exchange.mutate()
                .request(mutable -> mutable.headers(headers -> offer(headers, others)))
                .build();
    }

    private static void offer(HttpHeaders headers, List<String> subprotocols) {
        if (subprotocols.isEmpty()) {
            headers.remove(NAME);
        } else {
            headers.set(NAME, String.join(",", subprotocols));
        }
    }

    /** Loaded only where Reactor Netty is there, which negotiates by the header that it has received. */
    private static final class Native {
        static void offer(ServerHttpRequest request, List<String> subprotocols) {
            Object received = ServerHttpRequestDecorator.getNativeRequest(request);
            if (received instanceof HttpServerRequest netty) {
                if (subprotocols.isEmpty()) {
                    netty.requestHeaders().remove(NAME);
                } else {
                    netty.requestHeaders().set(NAME, String.join(",", subprotocols));
                }
            }
        }
    }
}
