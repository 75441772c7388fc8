// SPDX-License-Identifier: Apache-2.0
package io.github.realtimeticket.spring;

import static io.github.realtimeticket.fixtures.Eventually.eventually;
import static org.assertj.core.api.Assertions.assertThat;

import io.github.realtimeticket.Gate;
import io.github.realtimeticket.Ticket;
import io.github.realtimeticket.TicketEvent;
import io.github.realtimeticket.TicketHolder;
import io.github.realtimeticket.Tickets;
import io.github.realtimeticket.fixtures.Application;
import io.github.realtimeticket.fixtures.Connection;
import io.github.realtimeticket.fixtures.RemoteStore;
import io.github.realtimeticket.fixtures.Wire;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CopyOnWriteArrayList;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** A client of a handshake that leaves before it is answered. */
class VanishingClientTest {

    private final RemoteStore store = new RemoteStore();
    private final List<TicketEvent> events = new CopyOnWriteArrayList<>();
    private final Tickets tickets = Tickets.builder(store).listener(events::add).build();

    @ParameterizedTest
    @ValueSource(classes = {SecuredApplication.class, HandshakeApplication.class})
    void aClientThatVanishesWhileTheStoreIsAskedLeavesNothingBehind(Class<?> main) throws Exception {
        Gate gate = Gate.of(tickets);
        try (Application server = Application.start(main, Map.of("gate", gate))) {
            String gone = ticket();
            store.hold();
            try (var client = new Wire(server.port())) {
                client.handshake("/realtime/socket?ticket=" + gone);
                store.awaitTake();
            }
            store.up();
            eventually(() -> events.stream().anyMatch(TicketEvent.Redeemed.class::isInstance));

            // Whoever comes later is all there is.
            try (var later = Connection.open(server.uri("ws", "/realtime/socket?ticket=" + ticket()))) {
                assertThat(later.next()).isEqualTo("alice");
                eventually(() -> gate.connections().count() == 1);
            }
            eventually(() -> gate.connections().count() == 0);
        }
    }

    private String ticket() {
        return tickets.issue(TicketHolder.of(1, "alice"))
                .thenApply(Ticket::reveal)
                .toCompletableFuture()
                .join();
    }
}
