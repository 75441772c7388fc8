// SPDX-License-Identifier: Apache-2.0
package io.github.realtimeticket.spring.websocket;

import static org.assertj.core.api.Assertions.assertThat;

import io.github.realtimeticket.Gate;
import io.github.realtimeticket.LiveConnections;
import io.github.realtimeticket.TicketHolder;
import io.github.realtimeticket.TicketStore;
import io.github.realtimeticket.Tickets;
import io.github.realtimeticket.fixtures.Application;
import io.github.realtimeticket.fixtures.Log;
import io.github.realtimeticket.fixtures.Wire;
import io.github.realtimeticket.spring.HandshakeApplication;
import java.util.Map;
import java.util.logging.Level;
import org.junit.jupiter.api.Test;

/** A session that the application has closed, and whose client has not answered that yet. */
class ClosedSessionTest {

    @Test
    void itsEndIsNoFaultWhenItsLoginEnds() throws Exception {
        Tickets tickets = Tickets.of(TicketStore.inMemory());
        Gate gate = Gate.of(tickets);
        try (Application application = Application.start(HandshakeApplication.class, Map.of("gate", gate));
                Log log = new Log(LiveConnections.class);
                var client = new Wire(application.port())) {
            client.handshake("/realtime/socket?ticket="
                    + tickets.issue(TicketHolder.of(1, "alice"))
                            .toCompletableFuture()
                            .join()
                            .reveal());
            assertThat(client.answer().status()).isEqualTo(101);
            assertThat(client.frame()).isEqualTo("text alice");
            client.text("bye");
            assertThat(client.frame()).isEqualTo("close 1000");

            gate.connections().stream().forEach(connection -> connection.close(3003, "locked"));

            assertThat(log.said(Level.WARNING)).isEmpty();
        }
    }
}
