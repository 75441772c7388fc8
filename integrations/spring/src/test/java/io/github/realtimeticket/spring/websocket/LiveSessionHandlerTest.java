// SPDX-License-Identifier: Apache-2.0
package io.github.realtimeticket.spring.websocket;

import static io.github.realtimeticket.fixtures.Eventually.eventually;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.github.realtimeticket.Gate;
import io.github.realtimeticket.LiveConnections;
import io.github.realtimeticket.TicketEvent;
import io.github.realtimeticket.TicketHolder;
import io.github.realtimeticket.TicketStore;
import io.github.realtimeticket.Tickets;
import io.github.realtimeticket.fixtures.Application;
import io.github.realtimeticket.fixtures.Connection;
import io.github.realtimeticket.fixtures.Wire;
import io.github.realtimeticket.spring.HandshakeApplication;
import jakarta.servlet.ServletContext;
import jakarta.websocket.server.ServerContainer;
import java.net.SocketException;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import org.apache.tomcat.websocket.WsWebSocketContainer;
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
            eventually(() -> connections.count() == 0);
        }
    }

    // Tomcat waits 30 seconds for the answer unless told otherwise, and looks in a thread that all contexts share.
    @Test
    void aClientThatTalksOnInsteadOfAnsweringTheCloseIsCutOff() throws Exception {
        Tickets tickets = Tickets.of(TicketStore.inMemory());
        Gate gate = Gate.of(tickets);

        try (Application application = Application.start(HandshakeApplication.class, Map.of("gate", gate));
                var client = new Wire(application.port())) {
            WsWebSocketContainer sockets = sockets(application);
            sockets.setProcessPeriod(1);
            client.handshake("/realtime/socket?ticket=" + ticket(tickets));
            assertThat(client.answer().status()).isEqualTo(101);
            assertThat(client.frame()).isEqualTo("text alice");
            // Tomcat keeps no time for a session that is closed before its opening is over.
            client.ping();
            assertThat(client.frame()).isEqualTo("pong");
            gate.connections().stream().forEach(connection -> connection.close(3003, "locked"));
            assertThat(client.frame()).isEqualTo("close 3003");

            assertThatThrownBy(() -> talkOn(client, sockets)).isInstanceOf(SocketException.class);
        }
    }

    /** For 25 seconds at the least, while Tomcat looks ten times a second. */
    private static void talkOn(Wire client, WsWebSocketContainer sockets) throws Exception {
        for (int i = 0; i < 250; i++) {
            client.text("still here");
            TimeUnit.MILLISECONDS.sleep(100);
            sockets.backgroundProcess();
        }
    }

    private static WsWebSocketContainer sockets(Application application) {
        return (WsWebSocketContainer)
                application.bean(ServletContext.class).getAttribute(ServerContainer.class.getName());
    }

    private static String ticket(Tickets tickets) {
        return tickets.issue(TicketHolder.of(1, "alice"))
                .toCompletableFuture()
                .join()
                .reveal();
    }
}
