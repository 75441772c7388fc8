// SPDX-License-Identifier: Apache-2.0
package io.github.realtimeticket.examples.quarkus;

import io.github.realtimeticket.Gate;
import io.github.realtimeticket.Tickets;
import io.github.realtimeticket.quarkus.TicketUpgradeCheck;
import io.github.realtimeticket.redis.RedisTicketStore;
import io.lettuce.core.RedisURI;
import io.quarkus.websockets.next.OnOpen;
import io.quarkus.websockets.next.OnTextMessage;
import io.quarkus.websockets.next.WebSocket;
import io.quarkus.websockets.next.WebSocketConnection;
import jakarta.enterprise.inject.Disposes;
import jakarta.enterprise.inject.Produces;
import jakarta.inject.Singleton;
import org.eclipse.microprofile.config.inject.ConfigProperty;

/** A whole backend: a ticket opens a WebSocket, which greets its holder and echoes. */
public final class QuarkusChat {

    private QuarkusChat() {}

    /** The store that the web application issues into, and the gate before it. */
    @Singleton
    static class Beans {

        @Produces
        @Singleton
        RedisTicketStore store(@ConfigProperty(name = "tickets.redis") String url) {
            return RedisTicketStore.connect(RedisURI.create(url));
        }

        void close(@Disposes RedisTicketStore store) {
            store.close();
        }

        @Produces
        @Singleton
        Gate gate(RedisTicketStore store) {
            var tickets =
                    Tickets.builder(store).revocations(store.revocations()).build();
            return Gate.builder(tickets).audience("chat").build();
        }
    }

    @WebSocket(path = "/chat")
    static class Chat {

        @OnOpen
        String open(WebSocketConnection connection) {
            return "Hello " + TicketUpgradeCheck.admitted(connection).holder().username();
        }

        @OnTextMessage
        String echo(String text) {
            return text;
        }
    }
}
