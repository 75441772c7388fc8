// SPDX-License-Identifier: Apache-2.0
package io.github.realtimeticket.generations;

import io.github.realtimeticket.spring.web.PageTicket;
import io.github.realtimeticket.spring.web.RealtimeTicket;
import java.io.IOException;
import java.security.Principal;
import org.springframework.boot.autoconfigure.SpringBootApplication;
import org.springframework.context.annotation.Configuration;
import org.springframework.messaging.simp.annotation.SubscribeMapping;
import org.springframework.messaging.simp.config.MessageBrokerRegistry;
import org.springframework.stereotype.Controller;
import org.springframework.web.bind.annotation.GetMapping;
import org.springframework.web.bind.annotation.ResponseBody;
import org.springframework.web.servlet.View;
import org.springframework.web.socket.TextMessage;
import org.springframework.web.socket.WebSocketSession;
import org.springframework.web.socket.config.annotation.EnableWebSocket;
import org.springframework.web.socket.config.annotation.EnableWebSocketMessageBroker;
import org.springframework.web.socket.config.annotation.StompEndpointRegistry;
import org.springframework.web.socket.config.annotation.WebSocketConfigurer;
import org.springframework.web.socket.config.annotation.WebSocketHandlerRegistry;
import org.springframework.web.socket.config.annotation.WebSocketMessageBrokerConfigurer;
import org.springframework.web.socket.handler.TextWebSocketHandler;

/** What is the same with every generation of Spring Boot. */
@SpringBootApplication
class SmallApplication {

    @Controller
    static class Pages {

        @GetMapping("/")
        @RealtimeTicket
        View page() {
            return (model, request, response) -> {
                var ticket = (PageTicket) model.get(PageTicket.ATTRIBUTE);
                response.getWriter().write(ticket.getText());
            };
        }

        @GetMapping("/realtime/name")
        @ResponseBody
        String name(Principal user) {
            return user.getName();
        }
    }

    @Configuration(proxyBeanMethods = false)
    @EnableWebSocket
    static class WebSockets implements WebSocketConfigurer {

        @Override
        public void registerWebSocketHandlers(WebSocketHandlerRegistry registry) {
            registry.addHandler(new Greeting(), "/realtime/socket");
        }
    }

    @Controller
    @Configuration(proxyBeanMethods = false)
    @EnableWebSocketMessageBroker
    static class Stomp implements WebSocketMessageBrokerConfigurer {

        @Override
        public void registerStompEndpoints(StompEndpointRegistry registry) {
            registry.addEndpoint("/stomp");
        }

        @Override
        public void configureMessageBroker(MessageBrokerRegistry registry) {
            registry.enableSimpleBroker("/queue");
            registry.setApplicationDestinationPrefixes("/app");
        }

        @SubscribeMapping("/name")
        String name(Principal user) {
            return user.getName();
        }
    }

    static final class Greeting extends TextWebSocketHandler {

        @Override
        public void afterConnectionEstablished(WebSocketSession session) throws IOException {
            Principal user = session.getPrincipal();
            session.sendMessage(new TextMessage("Hello " + (user == null ? "nobody" : user.getName())));
        }
    }
}
