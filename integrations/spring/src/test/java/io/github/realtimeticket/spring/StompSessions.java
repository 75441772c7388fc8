// SPDX-License-Identifier: Apache-2.0
package io.github.realtimeticket.spring;

import io.github.realtimeticket.Gate;
import io.github.realtimeticket.spring.websocket.LiveWebSockets;
import io.github.realtimeticket.spring.websocket.TicketHandshakeHandler;
import io.github.realtimeticket.spring.websocket.TicketHandshakeInterceptor;
import java.nio.charset.StandardCharsets;
import java.util.Queue;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.atomic.AtomicLong;
import org.springframework.boot.SpringBootConfiguration;
import org.springframework.boot.autoconfigure.EnableAutoConfiguration;
import org.springframework.boot.security.autoconfigure.web.servlet.SecurityFilterAutoConfiguration;
import org.springframework.boot.security.autoconfigure.web.servlet.ServletWebSecurityAutoConfiguration;
import org.springframework.context.ApplicationContext;
import org.springframework.context.annotation.Bean;
import org.springframework.context.event.EventListener;
import org.springframework.messaging.MessageChannel;
import org.springframework.messaging.simp.SimpMessageHeaderAccessor;
import org.springframework.messaging.simp.SimpMessageType;
import org.springframework.messaging.simp.config.MessageBrokerRegistry;
import org.springframework.messaging.support.MessageBuilder;
import org.springframework.web.socket.WebSocketHandler;
import org.springframework.web.socket.WebSocketMessage;
import org.springframework.web.socket.WebSocketSession;
import org.springframework.web.socket.config.annotation.EnableWebSocketMessageBroker;
import org.springframework.web.socket.config.annotation.StompEndpointRegistry;
import org.springframework.web.socket.config.annotation.WebSocketMessageBrokerConfigurer;
import org.springframework.web.socket.config.annotation.WebSocketTransportRegistration;
import org.springframework.web.socket.handler.WebSocketHandlerDecorator;
import org.springframework.web.socket.messaging.SessionConnectedEvent;

/** Opens STOMP sessions by a ticket in the handshake, without Spring Security, and leaves when it is told {@code bye} instead of a frame. */
@SpringBootConfiguration
@EnableAutoConfiguration(exclude = {ServletWebSecurityAutoConfiguration.class, SecurityFilterAutoConfiguration.class})
@EnableWebSocketMessageBroker
public class StompSessions implements WebSocketMessageBrokerConfigurer {

    final AtomicLong heard = new AtomicLong();
    private final Queue<String> sessions = new ConcurrentLinkedQueue<>();
    private final Gate gate;

    StompSessions(Gate gate) {
        this.gate = gate;
    }

    /** Sends this to every session that has ever been connected. */
    static void broadcast(ApplicationContext context, String text) {
        var outbound = context.getBean("clientOutboundChannel", MessageChannel.class);
        for (String session : context.getBean(StompSessions.class).sessions) {
            var headers = SimpMessageHeaderAccessor.create(SimpMessageType.MESSAGE);
            headers.setSessionId(session);
            headers.setSubscriptionId("1");
            headers.setDestination("/queue/all");
            boolean unused = outbound.send(MessageBuilder.createMessage(
                    text.getBytes(StandardCharsets.US_ASCII), headers.getMessageHeaders()));
        }
    }

    @EventListener
    void connected(SessionConnectedEvent event) {
        sessions.add(SimpMessageHeaderAccessor.getSessionId(event.getMessage().getHeaders()));
    }

    @Override
    public void registerStompEndpoints(StompEndpointRegistry registry) {
        registry.addEndpoint("/realtime/stomp")
                .setAllowedOriginPatterns("*")
                .setHandshakeHandler(new TicketHandshakeHandler())
                .addInterceptors(new TicketHandshakeInterceptor(gate));
    }

    @Override
    public void configureMessageBroker(MessageBrokerRegistry registry) {
        registry.enableSimpleBroker("/queue");
    }

    @Override
    public void configureWebSocketTransport(WebSocketTransportRegistration registration) {
        registration.addDecoratorFactory(handler -> new Polite(handler, heard));
    }

    @Bean
    static LiveWebSockets liveWebSockets() {
        return new LiveWebSockets();
    }

    private static final class Polite extends WebSocketHandlerDecorator {

        private final AtomicLong heard;

        Polite(WebSocketHandler delegate, AtomicLong heard) {
            super(delegate);
            this.heard = heard;
        }

        @Override
        public void handleMessage(WebSocketSession session, WebSocketMessage<?> message) throws Exception {
            if (message.getPayload().equals("bye")) {
                heard.incrementAndGet();
                session.close();
            } else {
                super.handleMessage(session, message);
            }
        }
    }
}
