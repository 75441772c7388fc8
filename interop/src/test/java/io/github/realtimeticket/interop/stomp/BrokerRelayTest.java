// SPDX-License-Identifier: Apache-2.0
package io.github.realtimeticket.interop.stomp;

import static org.assertj.core.api.Assertions.assertThat;

import io.github.realtimeticket.TicketHolder;
import io.github.realtimeticket.fixtures.Application;
import io.github.realtimeticket.fixtures.Connection;
import io.github.realtimeticket.fixtures.FreePorts;
import io.vertx.core.Vertx;
import io.vertx.ext.stomp.Frame;
import io.vertx.ext.stomp.StompServer;
import io.vertx.ext.stomp.StompServerHandler;
import java.security.Principal;
import java.util.Queue;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.AutoClose;
import org.junit.jupiter.api.BeforeAll;
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

/** A broker of its own behind the application: Vert.x's, which shows every frame that reaches it. */
class BrokerRelayTest {

    private static final Queue<Frame> FRAMES = new ConcurrentLinkedQueue<>();

    private static Vertx vertx;

    @AutoClose
    private static Application application;

    @BeforeAll
    static void start() throws Exception {
        vertx = Vertx.vertx();
        int port = FreePorts.one();
        StompServer broker = StompServer.create(vertx)
                .handler(
                        StompServerHandler.create(vertx).receivedFrameHandler(received -> FRAMES.add(received.frame())))
                .listen(port, "127.0.0.1")
                .toCompletionStage()
                .toCompletableFuture()
                .get(30, TimeUnit.SECONDS);
        assertThat(broker.isListening()).isTrue();
        application = Application.start(Relaying.class, "realtime-ticket.gate.stomp=true", "broker.port=" + port);
        var relay = application.bean(StompBrokerRelayMessageHandler.class);
        for (int i = 0; !relay.isBrokerAvailable(); i++) {
            assertThat(i).isLessThan(600);
            Thread.sleep(50);
        }
    }

    @AfterAll
    static void stop() throws Exception {
        vertx.close().toCompletionStage().toCompletableFuture().get(30, TimeUnit.SECONDS);
    }

    @ParameterizedTest
    @ValueSource(strings = {"ticket", "passcode"})
    void theTicketDoesNotReachTheBrokerAndUserDestinationsWork(String header) throws Exception {
        String ticket = application.issue(TicketHolder.of(1, "alice"));
        FRAMES.clear();

        try (Connection connection = Connection.open(application.uri("ws", "/stomp"))) {
            connection.send("CONNECT\naccept-version:1.2\nhost:localhost\n" + header + ":" + ticket + "\n\n\0");
            assertThat(connection.next()).startsWith("CONNECTED\n").contains("\nuser-name:alice\n");
            connection.send("SUBSCRIBE\nid:1\nreceipt:1\ndestination:/user/queue/answers\n\n\0");
            assertThat(connection.next()).startsWith("RECEIPT\n");
            connection.send("SEND\ndestination:/app/who\n\n\0");
            assertThat(connection.next()).startsWith("MESSAGE\n").endsWith("\nalice\0");
        }

        assertThat(FRAMES).anySatisfy(frame -> assertThat(frame.getHeaders())
                .containsEntry("login", "guest")
                .containsEntry("passcode", "guest"));
        assertThat(FRAMES).allSatisfy(frame -> assertThat(frame.getHeaders() + frame.getBodyAsString())
                .doesNotContain(ticket));
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
