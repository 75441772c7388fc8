// SPDX-License-Identifier: Apache-2.0
package io.github.realtimeticket.spring.webflux;

import io.github.realtimeticket.Admission;
import io.github.realtimeticket.Gate;
import io.github.realtimeticket.Refusal;
import io.github.realtimeticket.spring.web.Decision;
import java.util.Objects;
import java.util.Optional;
import org.springframework.web.server.ServerWebExchange;
import reactor.core.publisher.Mono;

/**
 * A {@link Gate} for exchanges. It decides once on an exchange, however often it is asked: what it decided is kept in the exchange's
 * attributes, so that a filter and a WebSocket handshake come to the same.
 *
 * <p>Thread-safe, and never blocks.
 */
public final class ExchangeGate {

    private final Gate gate;

    /** Asks this gate. */
    public ExchangeGate(Gate gate) {
        this.gate = Objects.requireNonNull(gate, "gate");
    }

    /** How the gate that was asked last has admitted this exchange; nothing if it has not. */
    public static Optional<Admission.Admitted> admitted(ServerWebExchange exchange) {
        return Decision.admitted(exchange.getAttribute(Decision.ATTRIBUTE));
    }

    /** Decides on a connection request. Whatever goes wrong is {@link Refusal#FAILED}; never empty. */
    public Mono<Admission> admit(ServerWebExchange exchange) {
        return admit(exchange, false);
    }

    /** Decides on a request that opens a connection only if it is a WebSocket handshake (T20). */
    Mono<Admission> admitHandshake(ServerWebExchange exchange) {
        return admit(exchange, true);
    }

    private Mono<Admission> admit(ServerWebExchange exchange, boolean handshake) {
        return Mono.defer(() -> {
            Admission known = Decision.of(gate, exchange.getAttribute(Decision.ATTRIBUTE));
            Mono<Admission> admission = known != null
                    ? Mono.just(known)
                    : Stages.mono(() -> gate.admit(new ExchangeConnectionRequest(exchange.getRequest(), handshake)));
            return admission.doOnNext(decided -> exchange.getAttributes()
                    .compute(Decision.ATTRIBUTE, (name, kept) -> Decision.after(kept, gate, decided)));
        });
    }
}
