// SPDX-License-Identifier: Apache-2.0
package io.github.realtimeticket.spring.websocket;

import static org.assertj.core.api.Assertions.assertThat;

import io.github.realtimeticket.Gate;
import io.github.realtimeticket.LiveConnections;
import io.github.realtimeticket.TicketEvent;
import io.github.realtimeticket.TicketHolder;
import io.github.realtimeticket.TicketStore;
import io.github.realtimeticket.Tickets;
import io.github.realtimeticket.fixtures.Application;
import io.github.realtimeticket.fixtures.Connection;
import io.github.realtimeticket.spring.HandshakeApplication;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;

/** A session is known from when it is open until it is closed, however close together these are. */
class LiveSessionHandlerTest {

    @Test
    void aSessionThatIsClosedWhileItIsRegisteredIsForgotten() throws Exception {
        Tickets tickets = Tickets.of(TicketStore.inMemory());
        LiveConnections connections = LiveConnections.builder()
                .listener(event -> {
                    if (event instanceof TicketEvent.Opened opened) {
                        opened.connection().close(3000, "logged out");
                    }
                })
                .build();
        Gate gate = Gate.builder(tickets).connections(connections).build();

        try (Application application = Application.start(HandshakeApplication.class, Map.of("gate", gate));
                Connection connection =
                        Connection.open(application.uri("ws", "/realtime/socket?ticket=" + ticket(tickets)))) {
            assertThat(connection.status()).isEqualTo(101);
            assertThat(connection.closeCode()).isEqualTo(3000);
            for (int i = 0; i < 1_000 && connections.count() > 0; i++) {
                TimeUnit.MILLISECONDS.sleep(10);
            }
            assertThat(connections.count()).isZero();
        }
    }

    private static String ticket(Tickets tickets) {
        return tickets.issue(TicketHolder.of(1, "alice"))
                .toCompletableFuture()
                .join()
                .reveal();
    }
}
