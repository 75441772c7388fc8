// SPDX-License-Identifier: Apache-2.0
package io.github.realtimeticket.spring.webflux;

import static org.assertj.core.api.Assertions.assertThat;

import io.github.realtimeticket.Gate;
import io.github.realtimeticket.TicketCarrier;
import io.github.realtimeticket.TicketEvent;
import io.github.realtimeticket.TicketHolder;
import io.github.realtimeticket.TicketListener;
import io.github.realtimeticket.Tickets;
import io.github.realtimeticket.fixtures.Application;
import io.github.realtimeticket.fixtures.Connection;
import java.util.Queue;
import java.util.concurrent.ConcurrentLinkedQueue;
import org.junit.jupiter.api.Test;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Import;
import org.springframework.web.reactive.config.WebFluxConfigurer;
import org.springframework.web.reactive.socket.server.WebSocketService;
import org.springframework.web.reactive.socket.server.support.HandshakeWebSocketService;
import org.springframework.web.server.ServerWebExchange;
import org.springframework.web.server.WebFilter;

/** The gate of Spring Security's chain, another in a filter behind it, and the first again at the handshake. */
class TwoGatesOnOnePathTest {

    @Import(SmallApplication.class)
    static class Guarded {

        private final Queue<String> seen = new ConcurrentLinkedQueue<>();

        @Bean
        TicketListener redemptions() {
            return event -> {
                if (event instanceof TicketEvent.Redeemed) {
                    seen.add("redeemed");
                }
            };
        }

        @Bean
        WebFilter second(Tickets tickets) {
            var gate = new ExchangeGate(
                    Gate.builder(tickets).carrier(TicketCarrier.header()).build());
            return (exchange, chain) -> gate.admit(exchange).flatMap(admission -> {
                seen.add("filter " + admitted(exchange));
                return admission.fold(
                        admitted -> chain.filter(exchange),
                        refused -> ExchangeAnswer.write(exchange, refused.reason()));
            });
        }

        @Bean
        WebFluxConfigurer first(Gate gate) {
            WebSocketService service = new HandshakeWebSocketService();
            return new WebFluxConfigurer() {
                @Override
                public WebSocketService getWebSocketService() {
                    return new TicketWebSocketService(gate, (exchange, handler) -> {
                        seen.add("handshake " + admitted(exchange));
                        return service.handleRequest(exchange, handler);
                    });
                }
            };
        }

        private static String admitted(ServerWebExchange exchange) {
            return ExchangeGate.admitted(exchange).orElseThrow().holder().username();
        }
    }

    @Test
    void eachRedeemsOnceAndTheOneAskedLastSaysWhoItIs() throws Exception {
        try (var application = Application.start(Guarded.class, SmallApplication.PATHS)) {
            String first = application.issue(TicketHolder.of(1, "alice"));
            String second = application.issue(TicketHolder.of(2, "bob"));

            try (var connection = Connection.open(
                    application.uri("ws", "/realtime/socket?ticket=" + first), "Realtime-Ticket", second)) {
                assertThat(connection.next()).isEqualTo("alice");
            }
            assertThat(application.bean(Guarded.class).seen)
                    .containsExactly("redeemed", "redeemed", "filter bob", "handshake alice");
        }
    }
}
