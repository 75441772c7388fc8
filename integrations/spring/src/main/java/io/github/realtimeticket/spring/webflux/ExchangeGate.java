// SPDX-License-Identifier: Apache-2.0
package io.github.realtimeticket.spring.webflux;

import io.github.realtimeticket.Admission;
import io.github.realtimeticket.Gate;
import io.github.realtimeticket.Refusal;
import java.util.Objects;
import java.util.Optional;
import org.jspecify.annotations.Nullable;
import org.springframework.web.server.ServerWebExchange;
import reactor.core.publisher.Mono;

/**
 * A {@link Gate} for exchanges. It decides once on an exchange, however often it is asked: what it decided is kept in the exchange's
 * attributes, so that a filter and a WebSocket handshake come to the same.
 *
 * <p>Thread-safe, and never blocks.
 */
public final class ExchangeGate {

    private static final String DECISION = ExchangeGate.class.getName();

    private final Gate gate;

    /** Asks this gate. */
    public ExchangeGate(Gate gate) {
        this.gate = Objects.requireNonNull(gate, "gate");
    }

    /** How the gate that was asked last has admitted this exchange; nothing if it has not. */
    public static Optional<Admission.Admitted> admitted(ServerWebExchange exchange) {
        Decision decision = last(exchange);
        return decision != null && decision.admission() instanceof Admission.Admitted admitted
                ? Optional.of(admitted)
                : Optional.empty();
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
            Decision known = known(exchange);
            Mono<Admission> admission = known != null
                    ? Mono.just(known.admission())
                    : Stages.mono(() -> gate.admit(new ExchangeConnectionRequest(exchange.getRequest(), handshake)));
            return admission.doOnNext(decided -> remember(exchange, decided));
        });
    }

    private void remember(ServerWebExchange exchange, Admission admission) {
        Decision last = last(exchange);
        if (last == null || last.gate() != gate) {
            exchange.getAttributes().put(DECISION, new Decision(gate, admission, last));
        }
    }

    private @Nullable Decision known(ServerWebExchange exchange) {
        Decision decision = last(exchange);
        while (decision != null && decision.gate() != gate) {
            decision = decision.before();
        }
        return decision;
    }

    private static @Nullable Decision last(ServerWebExchange exchange) {
        return exchange.getAttribute(DECISION) instanceof Decision decision ? decision : null;
    }

    /** No other gate lets an exchange in for what this one has decided, and what one before has decided is not forgotten. */
    private record Decision(
            Gate gate, Admission admission, @Nullable Decision before) {}
}
