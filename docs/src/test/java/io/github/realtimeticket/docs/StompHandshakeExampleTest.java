// SPDX-License-Identifier: Apache-2.0
package io.github.realtimeticket.docs;

import static org.assertj.core.api.Assertions.assertThat;

import io.github.realtimeticket.Gate;
import io.github.realtimeticket.Ticket;
import io.github.realtimeticket.TicketHolder;
import io.github.realtimeticket.Tickets;
import io.github.realtimeticket.fixtures.Connection;
import io.github.realtimeticket.fixtures.WebUser;
import io.github.realtimeticket.spring.websocket.TicketHandshakeHandler;
import io.github.realtimeticket.spring.websocket.TicketHandshakeInterceptor;
import java.net.URI;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import org.springframework.beans.factory.annotation.Autowired;
import org.springframework.boot.SpringBootConfiguration;
import org.springframework.boot.autoconfigure.EnableAutoConfiguration;
import org.springframework.boot.test.context.SpringBootTest;
import org.springframework.boot.test.web.server.LocalServerPort;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Import;
import org.springframework.messaging.simp.config.MessageBrokerRegistry;
import org.springframework.security.config.annotation.web.builders.HttpSecurity;
import org.springframework.security.web.SecurityFilterChain;
import org.springframework.web.socket.config.annotation.EnableWebSocketMessageBroker;
import org.springframework.web.socket.config.annotation.StompEndpointRegistry;
import org.springframework.web.socket.config.annotation.WebSocketMessageBrokerConfigurer;

@SpringBootTest(
        webEnvironment = SpringBootTest.WebEnvironment.RANDOM_PORT,
        properties = {
            "server.address=127.0.0.1",
            "spring.main.banner-mode=off",
            "realtime-ticket.gate.paths=/realtime/**"
        })
class StompHandshakeExampleTest {

    private static final String CONNECT = "CONNECT\naccept-version:1.2\nhost:localhost\n\n\0";

    @LocalServerPort
    int port;

    @Autowired
    Tickets tickets;

    @ParameterizedTest
    @ValueSource(strings = {"/realtime/stomp", "/stomp", "/realtime/sockjs/websocket"})
    void aStompSessionIsTheHoldersOfTheTicketInTheHandshake(String path) throws Exception {
        URI uri = URI.create("ws://127.0.0.1:" + port + path + "?ticket=" + ticket().reveal());

        String frame = Connection.greeting(uri, "https://app.example", CONNECT);

        assertThat(frame).startsWith("CONNECTED").contains("user-name:alice\n");
        assertThat(Connection.status(uri, "Origin", "https://app.example")).isEqualTo(401);
    }

    @Test
    void sockJsAsksForItsInfoFirstAndUsesUpTheTicketByIt() throws Exception {
        Ticket ticket = ticket();

        assertThat(statusOf("/realtime/sockjs/info")).isEqualTo(401);
        assertThat(statusOf("/realtime/sockjs/info?ticket=" + ticket.reveal())).isEqualTo(200);
        assertThat(statusOf("/realtime/sockjs/info?ticket=" + ticket.reveal())).isEqualTo(401);
    }

    private Ticket ticket() {
        return tickets.issue(TicketHolder.of(1, "alice")).toCompletableFuture().join();
    }

    private int statusOf(String path) throws Exception {
        return new WebUser("http://127.0.0.1:" + port).get(path).statusCode();
    }

    @SpringBootConfiguration
    @EnableAutoConfiguration
    @Import(Stomp.class)
    static class Application {

        @Bean
        SecurityFilterChain everybody(HttpSecurity http) throws Exception {
            return http.authorizeHttpRequests(requests -> requests.anyRequest().permitAll())
                    .build();
        }
    }

    @EnableWebSocketMessageBroker
    record Stomp(Gate gate) implements WebSocketMessageBrokerConfigurer {

        @Override
        public void registerStompEndpoints(StompEndpointRegistry registry) {
            registry.addEndpoint("/realtime/stomp").setAllowedOriginPatterns("*");
            registry.addEndpoint("/stomp")
                    .setAllowedOriginPatterns("*")
                    .addInterceptors(new TicketHandshakeInterceptor(gate))
                    .setHandshakeHandler(new TicketHandshakeHandler());
            registry.addEndpoint("/realtime/sockjs")
                    .setAllowedOriginPatterns("*")
                    .withSockJS();
        }

        @Override
        public void configureMessageBroker(MessageBrokerRegistry registry) {
            registry.enableSimpleBroker("/queue");
        }
    }
}
