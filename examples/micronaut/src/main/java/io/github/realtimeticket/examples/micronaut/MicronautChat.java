// SPDX-License-Identifier: Apache-2.0
package io.github.realtimeticket.examples.micronaut;

import io.github.realtimeticket.Gate;
import io.github.realtimeticket.Tickets;
import io.github.realtimeticket.redis.RedisTicketStore;
import io.lettuce.core.RedisURI;
import io.micronaut.context.annotation.Bean;
import io.micronaut.context.annotation.Factory;
import io.micronaut.context.annotation.Value;
import io.micronaut.runtime.Micronaut;
import io.micronaut.websocket.WebSocketSession;
import io.micronaut.websocket.annotation.OnMessage;
import io.micronaut.websocket.annotation.OnOpen;
import io.micronaut.websocket.annotation.ServerWebSocket;
import jakarta.inject.Singleton;
import java.util.concurrent.CompletionStage;

/** A whole backend: a ticket opens a WebSocket, which greets its holder and echoes. */
public final class MicronautChat {

    private MicronautChat() {}

    public static void main(String[] arguments) {
        Micronaut.run(MicronautChat.class, arguments);
    }

    /** The store that the web application issues into, and the gate before it. */
    @Factory
    static class Beans {

        @Singleton
        @Bean(preDestroy = "close")
        RedisTicketStore store(@Value("${tickets.redis}") String url) {
            return RedisTicketStore.connect(RedisURI.create(url));
        }

        @Singleton
        Gate gate(RedisTicketStore store) {
            var tickets =
                    Tickets.builder(store).revocations(store.revocations()).build();
            return Gate.builder(tickets).audience("chat").build();
        }
    }

    @ServerWebSocket(value = "/chat", subprotocols = "chat")
    static class Chat {

        @OnOpen
        CompletionStage<String> open(WebSocketSession session) {
            return session.sendAsync(
                    "Hello " + session.getUserPrincipal().orElseThrow().getName());
        }

        @OnMessage
        CompletionStage<String> echo(String text, WebSocketSession session) {
            return session.sendAsync(text);
        }
    }
}
