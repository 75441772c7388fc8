// SPDX-License-Identifier: Apache-2.0
package io.github.realtimeticket.spring.login;

import jakarta.servlet.http.HttpServletRequest;
import jakarta.servlet.http.HttpSession;
import java.security.Principal;
import java.time.Duration;
import java.util.Map;
import java.util.Objects;
import org.springframework.boot.SpringBootConfiguration;
import org.springframework.boot.autoconfigure.EnableAutoConfiguration;
import org.springframework.boot.autoconfigure.condition.ConditionalOnWebApplication;
import org.springframework.context.annotation.Bean;
import org.springframework.web.bind.annotation.GetMapping;
import org.springframework.web.bind.annotation.RestController;
import org.springframework.web.reactive.HandlerMapping;
import org.springframework.web.reactive.handler.SimpleUrlHandlerMapping;
import org.springframework.web.reactive.socket.WebSocketHandler;
import org.springframework.web.server.WebSession;
import org.springframework.web.socket.TextMessage;
import org.springframework.web.socket.WebSocketSession;
import org.springframework.web.socket.config.annotation.EnableWebSocket;
import org.springframework.web.socket.config.annotation.WebSocketConfigurer;
import org.springframework.web.socket.config.annotation.WebSocketHandlerRegistry;
import org.springframework.web.socket.handler.TextWebSocketHandler;
import reactor.core.publisher.Flux;
import reactor.core.publisher.Mono;

/** An application that does nothing about tickets, on either stack: a WebSocket that tells who the user is, and what may become of a session. */
@SpringBootConfiguration(proxyBeanMethods = false)
@EnableAutoConfiguration
class SessionApplication {

    @RestController
    @EnableWebSocket
    @ConditionalOnWebApplication(type = ConditionalOnWebApplication.Type.SERVLET)
    static class OnServlets extends TextWebSocketHandler implements WebSocketConfigurer {

        @GetMapping("/end")
        void end(HttpSession session) {
            session.invalidate();
        }

        @GetMapping("/change")
        void change(HttpServletRequest request) {
            String unused = request.changeSessionId();
        }

        @GetMapping("/soon-idle")
        void soonIdle(HttpSession session) {
            session.setMaxInactiveInterval(2);
        }

        @Override
        public void registerWebSocketHandlers(WebSocketHandlerRegistry registry) {
            registry.addHandler(this, "/realtime/socket");
        }

        @Override
        public void afterConnectionEstablished(WebSocketSession session) throws Exception {
            Principal user = Objects.requireNonNull(session.getPrincipal());
            session.sendMessage(new TextMessage(user.getName()));
        }
    }

    @RestController
    @ConditionalOnWebApplication(type = ConditionalOnWebApplication.Type.REACTIVE)
    static class OnWebFlux {

        @GetMapping("/end")
        Mono<Void> end(WebSession session) {
            return session.invalidate();
        }

        @GetMapping("/change")
        Mono<Void> change(WebSession session) {
            return session.changeSessionId();
        }

        @GetMapping("/soon-idle")
        void soonIdle(WebSession session) {
            session.setMaxIdleTime(Duration.ofSeconds(2));
        }

        @Bean
        HandlerMapping sockets() {
            WebSocketHandler greeting = session -> {
                Mono<String> name = session.getHandshakeInfo().getPrincipal().map(Principal::getName);
                Flux<String> texts = Flux.concat(name, Flux.never());
                return Mono.firstWithSignal(
                        session.send(texts.map(session::textMessage)),
                        session.receive().then());
            };
            return new SimpleUrlHandlerMapping(Map.of("/realtime/socket", greeting), -1);
        }
    }
}
