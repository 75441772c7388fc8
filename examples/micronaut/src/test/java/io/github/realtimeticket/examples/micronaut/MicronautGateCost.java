// SPDX-License-Identifier: Apache-2.0
package io.github.realtimeticket.examples.micronaut;

import io.github.realtimeticket.Gate;
import io.github.realtimeticket.TicketStore;
import io.github.realtimeticket.Tickets;
import io.github.realtimeticket.fixtures.GateCost;
import io.github.realtimeticket.fixtures.Openings.Opener;
import io.micronaut.context.annotation.Replaces;
import io.micronaut.context.annotation.Requires;
import io.micronaut.core.annotation.Order;
import io.micronaut.core.order.Ordered;
import io.micronaut.http.HttpRequest;
import io.micronaut.http.annotation.RequestFilter;
import io.micronaut.http.annotation.ServerFilter;
import io.micronaut.websocket.WebSocketSession;
import io.micronaut.websocket.annotation.OnMessage;
import io.micronaut.websocket.annotation.OnOpen;
import io.micronaut.websocket.annotation.ServerWebSocket;
import jakarta.inject.Singleton;
import java.util.Map;
import java.util.concurrent.CompletionStage;
import org.jspecify.annotations.Nullable;

class MicronautGateCost extends GateCost {

    @Override
    protected Opener serve(@Nullable Tickets tickets) {
        Gate gate = tickets == null ? Gate.of(TicketStore.inMemory()) : Gate.of(tickets);
        ChatServer server = ChatServer.with(gate, Map.of("open", tickets == null));
        return webSocket(tickets == null ? server.uri().resolve("/open") : server.uri());
    }

    /** Micronaut asks a filter that is replaced all the same; so the gate finds that it has been asked. */
    @ServerFilter(ServerFilter.MATCH_ALL_PATTERN)
    @Order(Ordered.HIGHEST_PRECEDENCE)
    @Requires(property = "open", value = "true")
    static class NoGate {

        private final Gate gate;

        NoGate(Gate gate) {
            this.gate = gate;
        }

        @RequestFilter
        void admit(HttpRequest<?> request) {
            request.setAttribute(MicronautChat.GATE, gate);
        }
    }

    @Singleton
    @Replaces(MicronautChat.ReadableTargets.class)
    @Requires(property = "open", value = "true")
    static class AnyTargets {}

    @ServerWebSocket("/open")
    @Requires(property = "open", value = "true")
    static class Open {

        @OnOpen
        CompletionStage<String> open(WebSocketSession session) {
            return session.sendAsync("Hello all");
        }

        @OnMessage
        void hear(String text) {}
    }
}
