// SPDX-License-Identifier: Apache-2.0
package io.github.realtimeticket.interop.stomp;

import static org.assertj.core.api.Assertions.assertThat;

import io.github.realtimeticket.Ticket;
import io.github.realtimeticket.TicketHolder;
import io.github.realtimeticket.fixtures.Application;
import io.github.realtimeticket.fixtures.Connection;
import io.github.realtimeticket.fixtures.Relay;
import io.github.realtimeticket.fixtures.WebUser;
import java.security.Principal;
import java.util.function.BooleanSupplier;
import org.apache.activemq.broker.BrokerService;
import org.apache.activemq.broker.TransportConnector;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.AutoClose;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import org.springframework.beans.factory.annotation.Value;
import org.springframework.boot.SpringBootConfiguration;
import org.springframework.boot.autoconfigure.EnableAutoConfiguration;
import org.springframework.messaging.handler.annotation.MessageMapping;
import org.springframework.messaging.simp.annotation.SendToUser;
import org.springframework.messaging.simp.config.MessageBrokerRegistry;
import org.springframework.messaging.simp.stomp.StompBrokerRelayMessageHandler;
import org.springframework.stereotype.Controller;
import org.springframework.web.socket.config.annotation.EnableWebSocketMessageBroker;
import org.springframework.web.socket.config.annotation.StompEndpointRegistry;
import org.springframework.web.socket.config.annotation.WebSocketMessageBrokerConfigurer;

/** A broker of its own behind the application, an ActiveMQ, and between them what shows each frame that reaches it. */
class BrokerRelayTest {

    private static final BrokerService BROKER = new BrokerService();

    private static TransportConnector connector;

    @AutoClose
    private static Relay frames;

    @AutoClose
    private static Application application;

    @BeforeAll
    static void start() throws Exception {
        BROKER.setPersistent(false);
        BROKER.setUseJmx(false);
        BROKER.setUseShutdownHook(false);
        connector = BROKER.addConnector("stomp://127.0.0.1:0");
        BROKER.start();
        assertThat(BROKER.waitUntilStarted()).isTrue();
        frames = new Relay(connector.getConnectUri().getPort());
        application =
                Application.start(Relaying.class, "realtime-ticket.gate.stomp=true", "broker.port=" + frames.port());
        var relay = application.bean(StompBrokerRelayMessageHandler.class);
        await(relay::isBrokerAvailable);
    }

    @AfterAll
    static void stop() throws Exception {
        BROKER.stop();
        BROKER.waitUntilStopped();
    }

    @BeforeEach
    void noSessionIsLeft() throws InterruptedException {
        awaitSessions(0);
    }

    @ParameterizedTest
    @ValueSource(strings = {"ticket", "passcode"})
    void theTicketDoesNotReachTheBrokerAndUserDestinationsWork(String header) throws Exception {
        String ticket = application.issue(TicketHolder.of(1, "alice"));
        String other = application.issue(TicketHolder.of(2, "bob"));

        try (Connection alice = connected(header, ticket, "alice");
                Connection bob = connected(header, other, "bob")) {
            alice.send("SEND\ndestination:/app/who\n\n\0");
            assertThat(alice.next()).startsWith("MESSAGE\n").endsWith("\nalice\0");
            bob.send("SEND\ndestination:/app/who\n\n\0");
            assertThat(bob.next()).startsWith("MESSAGE\n").endsWith("\nbob\0");
            awaitSessions(2);
        }

        assertThat(frames.requestsWith("\npasscode:guest\n")).isPositive();
        assertThat(frames.requestsWith(ticket)).isZero();
        assertThat(frames.requestsWith(other)).isZero();
    }

    @Test
    void aConnectThatIsRefusedDoesNotReachTheBroker() throws Exception {
        int before = frames.accepted();
        String used = application.issue(TicketHolder.of(1, "alice"));
        assertThat(application.redeem(Ticket.parse(used).orElseThrow())).isPresent();

        for (String header : new String[] {"ticket:" + used, "passcode:" + used, "login:guest\npasscode:guest"}) {
            try (Connection connection = Connection.open(application.uri("ws", "/stomp"))) {
                connection.send("CONNECT\naccept-version:1.2\nhost:localhost\n" + header + "\n\n\0");
                assertThat(connection.next()).startsWith("ERROR\nmessage:unauthorized\n");
                assertThat(connection.closeCode()).isEqualTo(1002);
            }
        }

        assertThat(frames.accepted()).isEqualTo(before);
        assertThat(frames.requestsWith(used)).isZero();
    }

    @Test
    void aLogoutEndsTheSessionAndItsConnectionToTheBroker() throws Exception {
        WebUser alice = application.user().logsIn("alice", "ticket");

        try (Connection ends = connected("ticket", alice.ticket(), "alice");
                Connection stays = connected("ticket", application.issue(TicketHolder.of(2, "bob")), "bob")) {
            awaitSessions(2);
            assertThat(alice.post("/logout").statusCode()).isEqualTo(204);

            assertThat(ends.closeCode()).isEqualTo(3000);
            awaitSessions(1);
            stays.send("SEND\ndestination:/app/who\n\n\0");
            assertThat(stays.next()).startsWith("MESSAGE\n").endsWith("\nbob\0");
        }
    }

    private static Connection connected(String header, String ticket, String username) throws Exception {
        Connection connection = Connection.open(application.uri("ws", "/stomp"));
        connection.send("CONNECT\naccept-version:1.2\nhost:localhost\n" + header + ":" + ticket + "\n\n\0");
        assertThat(connection.next()).startsWith("CONNECTED\n").contains("\nuser-name:" + username + "\n");
        connection.send("SUBSCRIBE\nid:1\nreceipt:1\ndestination:/user/queue/answers\n\n\0");
        assertThat(connection.next()).startsWith("RECEIPT\n");
        return connection;
    }

    /** Awaits that the broker has this many connections of users, beside the one of the application itself. */
    private static void awaitSessions(int count) throws InterruptedException {
        await(() -> connector.getConnections().size() == count + 1);
    }

    private static void await(BooleanSupplier condition) throws InterruptedException {
        for (int i = 0; !condition.getAsBoolean(); i++) {
            assertThat(i).isLessThan(1200);
            Thread.sleep(50);
        }
    }

    @SpringBootConfiguration
    @EnableAutoConfiguration
    @EnableWebSocketMessageBroker
    @Controller
    static class Relaying implements WebSocketMessageBrokerConfigurer {

        private final int port;

        Relaying(@Value("${broker.port}") int port) {
            this.port = port;
        }

        @Override
        public void registerStompEndpoints(StompEndpointRegistry registry) {
            registry.addEndpoint("/stomp");
        }

        @Override
        public void configureMessageBroker(MessageBrokerRegistry registry) {
            registry.enableStompBrokerRelay("/queue/", "/topic/")
                    .setRelayHost("127.0.0.1")
                    .setRelayPort(port);
            registry.setApplicationDestinationPrefixes("/app");
        }

        @MessageMapping("/who")
        @SendToUser("/queue/answers")
        String who(Principal user) {
            return user.getName();
        }
    }
}
