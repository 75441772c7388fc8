// SPDX-License-Identifier: Apache-2.0
package io.github.realtimeticket.docs;

import static org.assertj.core.api.Assertions.assertThat;

import io.github.realtimeticket.TicketHolder;
import io.github.realtimeticket.fixtures.Application;
import io.github.realtimeticket.fixtures.Connection;
import io.github.realtimeticket.spring.security.TicketAuthentication;
import java.security.Principal;
import java.util.Map;
import org.junit.jupiter.api.AutoClose;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.springframework.boot.SpringBootConfiguration;
import org.springframework.boot.autoconfigure.EnableAutoConfiguration;
import org.springframework.messaging.Message;
import org.springframework.messaging.MessageChannel;
import org.springframework.messaging.handler.annotation.MessageMapping;
import org.springframework.messaging.handler.annotation.SendTo;
import org.springframework.messaging.simp.config.ChannelRegistration;
import org.springframework.messaging.simp.config.MessageBrokerRegistry;
import org.springframework.messaging.simp.stomp.StompCommand;
import org.springframework.messaging.simp.stomp.StompHeaderAccessor;
import org.springframework.messaging.support.ChannelInterceptor;
import org.springframework.stereotype.Controller;
import org.springframework.web.socket.config.annotation.EnableWebSocketMessageBroker;
import org.springframework.web.socket.config.annotation.StompEndpointRegistry;
import org.springframework.web.socket.config.annotation.WebSocketMessageBrokerConfigurer;

class StompRoomsExampleTest {

    @AutoClose
    private static Application application;

    @BeforeAll
    static void start() {
        application =
                Application.start(Rooms.class, "realtime-ticket.gate.stomp=true", "realtime-ticket.time-to-live=60s");
    }

    @Test
    void theTicketOfARoomIsForTheMessagesOfThisRoomAndNoOther() throws Exception {
        try (Connection alice = connect("alice", "7");
                Connection bob = connect("bob", "8")) {
            subscribe(bob, "/topic/rooms/8");
            send(bob, "/app/rooms/8", "here");
            assertThat(bob.next()).startsWith("MESSAGE\n").endsWith("\nbob: here\0");

            subscribe(alice, "/topic/rooms/8");
            subscribe(alice, "/topic/**");
            send(alice, "/app/rooms/8", "in the wrong room");
            subscribe(alice, "/topic/rooms/7");
            send(alice, "/topic/rooms/7", "in nobody's name");
            alice.send("MESSAGE\ndestination:/topic/rooms/7\n\nin a server's name\0");
            send(alice, "/app/rooms/7", "in mine");
            assertThat(alice.next()).startsWith("MESSAGE\n").endsWith("\nalice: in mine\0");

            send(bob, "/app/rooms/8", "among us");
            assertThat(bob.next()).startsWith("MESSAGE\n").endsWith("\nbob: among us\0");
            send(alice, "/app/rooms/7", "still there");
            assertThat(alice.next()).startsWith("MESSAGE\n").endsWith("\nalice: still there\0");
        }
    }

    private static Connection connect(String user, String room) throws Exception {
        String ticket = application.issue(TicketHolder.of(user, user).withAttributes(Map.of("room", room)));
        Connection connection = Connection.open(application.uri("ws", "/stomp"));
        connection.send("CONNECT\naccept-version:1.2\nticket:" + ticket + "\n\n\0");
        assertThat(connection.next()).startsWith("CONNECTED\n");
        return connection;
    }

    private static void subscribe(Connection connection, String destination) throws Exception {
        connection.send("SUBSCRIBE\nid:" + destination + "\ndestination:" + destination + "\n\n\0");
    }

    private static void send(Connection connection, String destination, String text) throws Exception {
        connection.send("SEND\ndestination:" + destination + "\n\n" + text + "\0");
    }

    @SpringBootConfiguration
    @EnableAutoConfiguration
    @EnableWebSocketMessageBroker
    @Controller
    static class Rooms implements WebSocketMessageBrokerConfigurer {

        @Override
        public void registerStompEndpoints(StompEndpointRegistry registry) {
            registry.setPreserveReceiveOrder(true);
            registry.addEndpoint("/stomp");
        }

        @Override
        public void configureMessageBroker(MessageBrokerRegistry registry) {
            registry.enableSimpleBroker("/topic");
            registry.setApplicationDestinationPrefixes("/app");
        }

        @Override
        public void configureClientInboundChannel(ChannelRegistration registration) {
            registration.interceptors(new ChannelInterceptor() {
                @Override
                public Message<?> preSend(Message<?> message, MessageChannel channel) {
                    return isAllowed(StompHeaderAccessor.wrap(message)) ? message : null;
                }
            });
        }

        // Named one by one: a pattern such as /topic/** is a destination, too, and a client can send a server's
        // MESSAGE.
        private static boolean isAllowed(StompHeaderAccessor frame) {
            StompCommand command = frame.getCommand();
            String destination = frame.getDestination();
            if (destination == null) {
                return true;
            }
            String rooms = command == StompCommand.SEND ? "/app/rooms/" : "/topic/rooms/";
            return (command == StompCommand.SEND || command == StompCommand.SUBSCRIBE)
                    && destination.startsWith(rooms)
                    && ((TicketAuthentication) frame.getUser())
                            .admitted()
                            .allows("room", destination.substring(rooms.length()));
        }

        @MessageMapping("/rooms/{room}")
        @SendTo("/topic/rooms/{room}")
        String say(String text, Principal user) {
            return user.getName() + ": " + text;
        }
    }
}
