// SPDX-License-Identifier: Apache-2.0
package io.github.realtimeticket.quarkus;

import io.github.realtimeticket.Gate;
import io.github.realtimeticket.Issuer;
import io.github.realtimeticket.Revocations;
import io.github.realtimeticket.TicketStore;
import io.github.realtimeticket.Tickets;
import io.github.realtimeticket.redis.RedisTicketStore;
import io.lettuce.core.RedisURI;
import io.quarkus.websockets.next.CloseReason;
import io.quarkus.websockets.next.OnClose;
import io.quarkus.websockets.next.OnOpen;
import io.quarkus.websockets.next.OnTextMessage;
import io.quarkus.websockets.next.WebSocket;
import io.quarkus.websockets.next.WebSocketConnection;
import io.smallrye.common.annotation.Identifier;
import io.smallrye.mutiny.Uni;
import jakarta.enterprise.inject.Disposes;
import jakarta.enterprise.inject.Produces;
import jakarta.inject.Singleton;
import java.time.Duration;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.atomic.AtomicLong;
import org.eclipse.microprofile.config.inject.ConfigProperty;

/** An application that issues tickets to its users, and lets them chat. */
@Singleton
class Site {

    @Produces
    @Singleton
    TicketStore store(@ConfigProperty(name = "tickets.redis") Optional<String> url) {
        return url.map(RedisURI::create).<TicketStore>map(Site::patient).orElseGet(TicketStore::inMemory);
    }

    void close(@Disposes TicketStore store) throws Exception {
        if (store instanceof AutoCloseable open) {
            open.close();
        }
    }

    @Produces
    @Singleton
    Revocations revocations() {
        return Revocations.inMemory();
    }

    @Produces
    @Singleton
    Tickets tickets(TicketStore store, Revocations revocations) {
        return Tickets.builder(store).revocations(revocations).audience("chat").build();
    }

    @Produces
    @Singleton
    Issuer issuer(Tickets tickets) {
        return Issuer.of(tickets);
    }

    /** Waits as long as a busy machine may need. */
    static RedisTicketStore patient(RedisURI uri) {
        return RedisTicketStore.builder(uri).timeout(Duration.ofSeconds(10)).build();
    }

    @Singleton
    static class Gates {

        @Produces
        @Singleton
        Gate gate(Tickets tickets) {
            return Gate.of(tickets);
        }

        /** No other gate is meant by whoever asks for one. */
        @Produces
        @Singleton
        @Identifier("another")
        Gate another(Tickets tickets) {
            return Gate.of(tickets);
        }
    }

    /** Greets its user, and echoes until it hears {@code bye}. */
    @WebSocket(path = "/chat")
    static class Chat {

        static final Set<WebSocketConnection> GREETED = ConcurrentHashMap.newKeySet();
        static final AtomicLong HEARD = new AtomicLong();

        @OnOpen
        String open(WebSocketConnection connection) {
            GREETED.add(connection);
            return "Hello " + TicketUpgradeCheck.admitted(connection).holder().username();
        }

        @OnClose
        void close(WebSocketConnection connection) {
            GREETED.remove(connection);
        }

        @OnTextMessage
        Uni<String> echo(String text, WebSocketConnection connection) {
            HEARD.incrementAndGet();
            return text.equals("bye")
                    ? connection.close(CloseReason.NORMAL).replaceWith((String) null)
                    : Uni.createFrom().item(text);
        }
    }

    /** Is open to everybody where {@link ChosenGate} is the gate. */
    @WebSocket(path = ChosenGate.OPEN)
    static class Open {

        @OnOpen
        String open() {
            return "Hello all";
        }
    }

    /** Asks nobody whose connection it has. */
    @WebSocket(path = "/silent")
    static class Silent {

        @OnTextMessage
        String echo(String text) {
            return text;
        }
    }
}
