// SPDX-License-Identifier: Apache-2.0
package io.github.realtimeticket.spring.webflux;

import io.github.realtimeticket.Admission.Admitted;
import java.util.List;
import org.springframework.http.HttpHeaders;
import org.springframework.http.server.reactive.ServerHttpRequest;
import org.springframework.web.server.ServerWebExchange;

/**
 * What an admitted handshake offers, without the subprotocol that carried the ticket (T10). Spring WebFlux and Reactor Netty each look
 * at the first line only, and Spring at what stands between two commas, spaces included: they are given one line without any.
 */
final class OfferedSubprotocols {

    private static final String NAME = "Sec-WebSocket-Protocol";

    private OfferedSubprotocols() {}

    /** The exchange as what is behind the gate is to see it. */
    static ServerWebExchange without(ServerWebExchange exchange, Admitted admitted) {
        ServerHttpRequest request = exchange.getRequest();
        if (request.getHeaders().getFirst(NAME) == null) {
            return exchange;
        }
        List<String> others = admitted.subprotocols();
        ReactorNetty.leave(request, NAME, others);
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
}
