// SPDX-License-Identifier: Apache-2.0
package io.github.realtimeticket.spring.messaging;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;

import io.github.realtimeticket.Gate;
import io.github.realtimeticket.TicketHolder;
import io.github.realtimeticket.TicketStore;
import io.github.realtimeticket.Tickets;
import io.github.realtimeticket.fixtures.Application;
import io.github.realtimeticket.fixtures.Connection;
import io.github.realtimeticket.BoundedTicketStore;
import java.security.Principal;
import java.time.Duration;
import java.util.List;
import org.junit.jupiter.api.AutoClose;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.springframework.boot.SpringBootConfiguration;
import org.springframework.boot.autoconfigure.EnableAutoConfiguration;
import org.springframework.boot.security.autoconfigure.web.servlet.SecurityFilterAutoConfiguration;
import org.springframework.boot.security.autoconfigure.web.servlet.ServletWebSecurityAutoConfiguration;
import org.springframework.context.annotation.Bean;
import org.springframework.messaging.Message;
import org.springframework.messaging.MessageChannel;
import org.springframework.messaging.simp.SimpMessageHeaderAccessor;
import org.springframework.messaging.simp.annotation.SubscribeMapping;
import org.springframework.messaging.simp.config.ChannelRegistration;
import org.springframework.messaging.simp.config.MessageBrokerRegistry;
import org.springframework.messaging.support.ChannelInterceptor;
import org.springframework.stereotype.Controller;
import org.springframework.web.socket.config.annotation.EnableWebSocketMessageBroker;
import org.springframework.web.socket.config.annotation.StompEndpointRegistry;
import org.springframework.web.socket.config.annotation.WebSocketMessageBrokerConfigurer;

/** The bean alone, without the starter and without Spring Security. */
class TicketStompConfigurerTest {

    private static final String WHO = "SUBSCRIBE\nid:1\ndestination:/app/who\n\n\0";

    @AutoClose
    private static Application application;

    @BeforeAll
    static void start() {
        application = Application.start(Plain.class);
    }

    @Test
    void theHolderIsTheUserAndTheTicketIsGoneFromTheFrameForEverybodyBehind() throws Exception {
        String ticket = application.issue(TicketHolder.of(7, "bob"));

        try (Connection connection = open()) {
            connection.send("CONNECT\naccept-version:1.2\nlogin:bob\npasscode:" + ticket + "\n\n\0");
            assertThat(connection.next()).startsWith("CONNECTED\n").contains("\nuser-name:bob\n");
            connection.send(WHO);
            assertThat(connection.next()).contains("TicketHolder[id=7, username=bob]");
        }

        assertThat(application.bean(Plain.class).connect)
                .contains("user=TicketHolder[id=7, username=bob]")
                .doesNotContain(ticket)
                .doesNotContain("stompCredentials")
                .doesNotContain("passcode");
    }

    @Test
    void aTimeToConnectIsNoShorterThanAMomentAndNoLongerThanMinutes() {
        var configurer = new TicketStompConfigurer(Gate.of(TicketStore.inMemory()));

        for (Duration wrong : List.of(Duration.ZERO, Duration.ofSeconds(-1), Duration.ofMinutes(6))) {
            assertThatIllegalArgumentException().isThrownBy(() -> configurer.withTimeToConnect(wrong));
        }
    }

    private static Connection open() throws Exception {
        return Connection.open(application.uri("ws", "/stomp"));
    }

    @SpringBootConfiguration
    @EnableAutoConfiguration(
            exclude = {ServletWebSecurityAutoConfiguration.class, SecurityFilterAutoConfiguration.class})
    @EnableWebSocketMessageBroker
    @Controller
    static class Plain implements WebSocketMessageBrokerConfigurer {

        private volatile String connect = "";

        @Bean
        static Tickets tickets() {
            return Tickets.of(new BoundedTicketStore(TicketStore.inMemory()));
        }

        @Bean
        static Gate gate(Tickets tickets) {
            return Gate.of(tickets);
        }

        @Bean
        static TicketStompConfigurer stompTickets(Gate gate) {
            return new TicketStompConfigurer(gate);
        }

        @Override
        public void registerStompEndpoints(StompEndpointRegistry registry) {
            registry.addEndpoint("/stomp");
        }

        @Override
        public void configureMessageBroker(MessageBrokerRegistry registry) {
            registry.enableSimpleBroker("/queue");
            registry.setApplicationDestinationPrefixes("/app");
        }

        @Override
        public void configureClientInboundChannel(ChannelRegistration registration) {
            registration.interceptors(new ChannelInterceptor() {
                @Override
                public Message<?> preSend(Message<?> message, MessageChannel channel) {
                    if (SimpMessageHeaderAccessor.getMessageType(message.getHeaders())
                            == org.springframework.messaging.simp.SimpMessageType.CONNECT) {
                        connect = "user=" + SimpMessageHeaderAccessor.getUser(message.getHeaders())
                                + message.getHeaders();
                    }
                    return message;
                }
            });
        }

        @SubscribeMapping("/who")
        String who(Principal user) {
            return user.toString();
        }
    }
}
