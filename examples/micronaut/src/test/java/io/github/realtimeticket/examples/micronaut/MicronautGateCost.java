// SPDX-License-Identifier: Apache-2.0
package io.github.realtimeticket.examples.micronaut;

import io.github.realtimeticket.Gate;
import io.github.realtimeticket.TicketStore;
import io.github.realtimeticket.Tickets;
import io.github.realtimeticket.fixtures.GateCost;
import io.github.realtimeticket.fixtures.Openings.Opener;
import io.micronaut.context.annotation.Replaces;
import io.micronaut.context.annotation.Requires;
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

    @Singleton
    @Replaces(MicronautChat.TicketFilter.class)
    @Requires(property = "open", value = "true")
    static class NoFilter {}

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
