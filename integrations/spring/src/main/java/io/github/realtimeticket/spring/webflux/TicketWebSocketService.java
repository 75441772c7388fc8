// SPDX-License-Identifier: Apache-2.0
package io.github.realtimeticket.spring.webflux;

import io.github.realtimeticket.Admission;
import io.github.realtimeticket.Gate;
import java.util.Objects;
import org.springframework.web.reactive.socket.WebSocketHandler;
import org.springframework.web.reactive.socket.server.WebSocketService;
import org.springframework.web.reactive.socket.server.support.HandshakeWebSocketService;
import org.springframework.web.server.ServerWebExchange;
import reactor.core.publisher.Mono;

/**
 * Lets a WebSocket handshake through by ticket only, with the holder as the principal of the session, in applications without Spring
 * Security. All WebSocket handlers of the application are behind it:
 *
 * <pre>{@code
 * @Override
 * public WebSocketService getWebSocketService() {
 *     return new TicketWebSocketService(gate);
 * }
 * }</pre>
 *
 * <p>Thread-safe, and never blocks. A request to a WebSocket handler that is no handshake uses up no ticket (T20).
 */
public final class TicketWebSocketService implements WebSocketService {

    private final ExchangeGate gate;
    private final WebSocketService service;

    /** Admits through this gate, to Spring's own service. */
    public TicketWebSocketService(Gate gate) {
        this(gate, new HandshakeWebSocketService());
    }

    /** Admits through this gate, to this service. */
    public TicketWebSocketService(Gate gate, WebSocketService service) {
        this.gate = new ExchangeGate(gate);
        this.service = Objects.requireNonNull(service, "service");
    }

    @Override
    public Mono<Void> handleRequest(ServerWebExchange exchange, WebSocketHandler handler) {
        return gate.admitHandshake(exchange)
                .flatMap(admission -> admission.fold(
                        admitted -> open(exchange, admitted, handler),
                        refused -> ExchangeAnswer.write(exchange, refused.reason())));
    }

    private Mono<Void> open(ServerWebExchange exchange, Admission.Admitted admitted, WebSocketHandler handler) {
        ServerWebExchange behind = OfferedSubprotocols.without(exchange, admitted)
                .mutate()
                .principal(Mono.just(admitted.holder()))
                .build();
        return LiveExchange.register(
                admitted,
                behind,
                live -> ReactorNetty.onItsThread(
                        exchange.getResponse(),
                        () -> service.handleRequest(live, LiveExchange.closing(live, handler))));
    }
}
