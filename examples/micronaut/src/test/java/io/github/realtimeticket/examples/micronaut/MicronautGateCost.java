// SPDX-License-Identifier: Apache-2.0
package io.github.realtimeticket.examples.micronaut;

import io.github.realtimeticket.Gate;
import io.github.realtimeticket.TicketStore;
import io.github.realtimeticket.Tickets;
import io.github.realtimeticket.fixtures.GateCost;
import io.github.realtimeticket.fixtures.Openings.Opener;
import io.micronaut.context.annotation.Requires;
import io.micronaut.websocket.WebSocketSession;
import io.micronaut.websocket.annotation.OnMessage;
import io.micronaut.websocket.annotation.OnOpen;
import io.micronaut.websocket.annotation.ServerWebSocket;
import java.util.Map;
import java.util.concurrent.CompletionStage;
import org.jspecify.annotations.Nullable;

class MicronautGateCost extends GateCost {

    @Override
    protected Opener serve(@Nullable Tickets tickets) {
        if (tickets != null) {
            return webSocket(
                    ChatServer.with(Gate.class, Gate.of(tickets), Map.of()).uri());
        }
        Gate unasked = Gate.of(TicketStore.inMemory());
        Map<String, Object> settings = Map.of("open", true, "realtime-ticket.gate.except", "/open");
        return webSocket(ChatServer.with(Gate.class, unasked, settings).uri().resolve("/open"));
    }

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
