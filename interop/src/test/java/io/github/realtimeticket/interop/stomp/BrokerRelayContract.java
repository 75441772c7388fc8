// SPDX-License-Identifier: Apache-2.0
package io.github.realtimeticket.interop.stomp;

import static org.assertj.core.api.Assertions.assertThat;

import io.github.realtimeticket.Ticket;
import io.github.realtimeticket.TicketHolder;
import io.github.realtimeticket.fixtures.Application;
import io.github.realtimeticket.fixtures.Connection;
import io.github.realtimeticket.fixtures.Relay;
import io.github.realtimeticket.fixtures.WebUser;
import java.nio.file.Path;
import java.security.Principal;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.concurrent.Callable;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import org.springframework.beans.factory.annotation.Value;
import org.springframework.boot.SpringBootConfiguration;
import org.springframework.boot.autoconfigure.EnableAutoConfiguration;
import org.springframework.context.annotation.Lazy;
import org.springframework.messaging.handler.annotation.MessageMapping;
import org.springframework.messaging.simp.SimpMessagingTemplate;
import org.springframework.messaging.simp.config.MessageBrokerRegistry;
import org.springframework.messaging.simp.stomp.StompBrokerRelayMessageHandler;
import org.springframework.stereotype.Controller;
import org.springframework.web.socket.config.annotation.EnableWebSocketMessageBroker;
import org.springframework.web.socket.config.annotation.StompEndpointRegistry;
import org.springframework.web.socket.config.annotation.WebSocketMessageBrokerConfigurer;

/** A broker behind two instances of an application, and between them what shows each frame that reaches it. */
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
abstract class BrokerRelayContract {

    private static final int INSTANCES = 2;

    private final Deque<AutoCloseable> started = new ArrayDeque<>();
    private Broker broker;
    private Relay frames;
    private Application application;
    private Application other;

    /** Starts one, which keeps its files in this directory. */
    abstract Broker broker(Path directory) throws Exception;

    @BeforeAll
    void start(@TempDir Path directory) throws Exception {
        broker = broker(directory);
        started.push(broker);
        frames = new Relay(broker.port());
        started.push(frames);
        application = startApplication();
        other = startApplication();
    }

    private Application startApplication() throws Exception {
        var instance = Application.start(
                Relaying.class,
                "realtime-ticket.gate.stomp=true",
                "broker.port=" + frames.port(),
                "broker.prefixes=" + String.join(",", broker.prefixes()),
                "broker.answers=" + broker.answers());
        started.push(instance);
        await(instance.bean(StompBrokerRelayMessageHandler.class)::isBrokerAvailable);
        return instance;
    }

    @AfterAll
    void stop() throws Exception {
        if (started.isEmpty()) {
            return;
        }
        try {
            started.pop().close();
        } finally {
            stop();
        }
    }

    @BeforeEach
    void nothingIsLeftOfSessions() throws Exception {
        awaitSessions(0);
        await(() -> broker.queues() == 0);
    }

    @ParameterizedTest
    @ValueSource(strings = {"ticket", "passcode"})
    void theTicketDoesNotReachTheBrokerAndUserDestinationsWork(String header) throws Exception {
        String ticket = application.issue(TicketHolder.of(1, "alice"));
        String another = application.issue(TicketHolder.of(2, "bob"));

        try (Connection alice = connected(application, header, ticket, "alice");
                Connection bob = connected(application, header, another, "bob")) {
            alice.send("SEND\ndestination:/app/who\n\n\0");
            assertThat(alice.next()).startsWith("MESSAGE\n").endsWith("\nalice\0");
            bob.send("SEND\ndestination:/app/who\n\n\0");
            assertThat(bob.next()).startsWith("MESSAGE\n").endsWith("\nbob\0");
            awaitSessions(2);
        }

        assertThat(frames.requestsWith("\npasscode:guest\n")).isPositive();
        assertThat(frames.requestsWith(ticket)).isZero();
        assertThat(frames.requestsWith(another)).isZero();
    }

    @Test
    void messagesReachUsersOfAnotherInstance() throws Exception {
        String ticket = application.issue(TicketHolder.of(1, "alice"));
        String another = other.issue(TicketHolder.of(2, "bob"));

        try (Connection alice = connected(application, "ticket", ticket, "alice");
                Connection bob = connected(other, "ticket", another, "bob")) {
            alice.send("SEND\ndestination:/topic/news.local\n\nfrom alice\0");
            assertThat(alice.next()).startsWith("MESSAGE\n").endsWith("\nfrom alice\0");
            assertThat(bob.next()).startsWith("MESSAGE\n").endsWith("\nfrom alice\0");

            var template = application.bean(SimpMessagingTemplate.class);
            template.convertAndSend("/topic/news.local", "for all");
            assertThat(alice.next()).endsWith("\nfor all\0");
            assertThat(bob.next()).endsWith("\nfor all\0");

            template.convertAndSendToUser("bob", broker.answers(), "for bob");
            template.convertAndSendToUser("alice", broker.answers(), "for alice");
            assertThat(bob.next()).endsWith("\nfor bob\0");
            assertThat(alice.next()).endsWith("\nfor alice\0");
        }
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
        String another = application.issue(TicketHolder.of(2, "bob"));

        try (Connection ends = connected(application, "ticket", alice.ticket(), "alice");
                Connection stays = connected(application, "ticket", another, "bob")) {
            awaitSessions(2);
            assertThat(alice.post("/logout").statusCode()).isEqualTo(204);

            assertThat(ends.closeCode()).isEqualTo(3000);
            awaitSessions(1);
            stays.send("SEND\ndestination:/app/who\n\n\0");
            assertThat(stays.next()).startsWith("MESSAGE\n").endsWith("\nbob\0");
        }
    }

    // As a page does: with a host of its own, and heart-beats.
    private Connection connected(Application at, String header, String ticket, String username) throws Exception {
        Connection connection = Connection.open(at.uri("ws", "/stomp"));
        connection.send("CONNECT\naccept-version:1.2\nhost:localhost\nheart-beat:600000,600000\n" + header + ":"
                + ticket + "\n\n\0");
        assertThat(connection.next())
                .startsWith("CONNECTED\n")
                .contains("\nuser-name:" + username + "\n", "\nheart-beat:600000,600000\n");
        for (String destination : new String[] {"/user" + broker.answers(), "/topic/news.local"}) {
            connection.send("SUBSCRIBE\nid:" + destination + "\nreceipt:1\ndestination:" + destination + "\n\n\0");
            assertThat(connection.next()).startsWith("RECEIPT\n");
        }
        return connection;
    }

    /** Awaits that the broker has this many connections of users, beside those of the application itself. */
    private void awaitSessions(int count) throws Exception {
        await(() -> broker.sessions() == INSTANCES + count);
    }

    private static void await(Callable<Boolean> condition) throws Exception {
        for (int i = 0; !condition.call(); i++) {
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
        private final String[] prefixes;
        private final String answers;
        private final SimpMessagingTemplate template;

        Relaying(
                @Value("${broker.port}") int port,
                @Value("${broker.prefixes}") String[] prefixes,
                @Value("${broker.answers}") String answers,
                @Lazy SimpMessagingTemplate template) {
            this.port = port;
            this.prefixes = prefixes;
            this.answers = answers;
            this.template = template;
        }

        @Override
        public void registerStompEndpoints(StompEndpointRegistry registry) {
            registry.addEndpoint("/stomp");
        }

        @Override
        public void configureMessageBroker(MessageBrokerRegistry registry) {
            registry.enableStompBrokerRelay(prefixes)
                    .setRelayHost("127.0.0.1")
                    .setRelayPort(port)
                    .setVirtualHost("/")
                    .setUserDestinationBroadcast("/topic/unresolved-users");
            registry.setApplicationDestinationPrefixes("/app");
        }

        @MessageMapping("/who")
        void who(Principal user) {
            template.convertAndSendToUser(user.getName(), answers, user.getName());
        }
    }
}
