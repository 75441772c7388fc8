// SPDX-License-Identifier: Apache-2.0
package io.github.realtimeticket.spring.webflux;

import static org.assertj.core.api.Assertions.assertThat;

import io.github.realtimeticket.Gate;
import io.github.realtimeticket.TicketHolder;
import io.github.realtimeticket.fixtures.Application;
import io.github.realtimeticket.fixtures.Connection;
import io.github.realtimeticket.fixtures.RemoteStore;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CopyOnWriteArrayList;
import org.junit.jupiter.api.Test;
import org.springframework.boot.SpringBootConfiguration;
import org.springframework.boot.autoconfigure.EnableAutoConfiguration;
import org.springframework.context.annotation.Bean;
import org.springframework.http.server.reactive.ServerHttpResponseDecorator;
import org.springframework.web.reactive.HandlerMapping;
import org.springframework.web.reactive.config.WebFluxConfigurer;
import org.springframework.web.reactive.handler.SimpleUrlHandlerMapping;
import org.springframework.web.reactive.socket.WebSocketHandler;
import org.springframework.web.reactive.socket.server.WebSocketService;
import org.springframework.web.reactive.socket.server.support.HandshakeWebSocketService;
import org.springframework.web.server.ServerWebExchange;
import reactor.core.publisher.Mono;
import reactor.netty.channel.ChannelOperations;

/** Reactor Netty loses a client's first message where a handshake is answered on another thread than that of its connection. */
class HandshakeThreadTest {

    private final RemoteStore store = new RemoteStore();
    private final List<Boolean> onItsThread = new CopyOnWriteArrayList<>();

    /** Spring's own, which says whether it was called on the thread of the connection. */
    private final WebSocketService service = new WebSocketService() {

        private final WebSocketService service = new HandshakeWebSocketService();

        @Override
        public Mono<Void> handleRequest(ServerWebExchange exchange, WebSocketHandler handler) {
            ChannelOperations<?, ?> operations = ServerHttpResponseDecorator.getNativeResponse(exchange.getResponse());
            onItsThread.add(operations.channel().eventLoop().inEventLoop());
            return service.handleRequest(exchange, handler);
        }
    };

    /** As {@link HandshakeApplication}, with a service of its own behind the gate. */
    @SpringBootConfiguration
    @EnableAutoConfiguration(
            excludeName = {
                "org.springframework.boot.security.autoconfigure.web.reactive.ReactiveWebSecurityAutoConfiguration",
                "org.springframework.boot.security.autoconfigure.actuate.web.reactive.ReactiveManagementWebSecurityAutoConfiguration",
                "org.springframework.boot.security.autoconfigure.ReactiveUserDetailsServiceAutoConfiguration",
                "io.github.realtimeticket.spring.boot.RealtimeTicketWebFluxSecurityAutoConfiguration"
            })
    static class OwnService {

        @Bean
        HandlerMapping sockets() {
            return new SimpleUrlHandlerMapping(Map.of("/realtime/socket", new SmallApplication.Greeting()), -1);
        }

        @Bean
        WebFluxConfigurer gated(Gate gate, WebSocketService service) {
            return new WebFluxConfigurer() {
                @Override
                public WebSocketService getWebSocketService() {
                    return new TicketWebSocketService(gate, service);
                }
            };
        }
    }

    @Test
    void behindASecurityChainAHandshakeIsAnsweredOnTheThreadOfItsConnection() throws Exception {
        WebFluxConfigurer own = new WebFluxConfigurer() {
            @Override
            public WebSocketService getWebSocketService() {
                return service;
            }
        };
        try (var application =
                Application.start(SmallApplication.class, Map.of("store", store, "own", own), SmallApplication.PATHS)) {
            assertAnsweredOnItsThread(application);
        }
    }

    @Test
    void withoutOneToo() throws Exception {
        try (var application = Application.start(OwnService.class, Map.of("store", store, "service", service))) {
            assertAnsweredOnItsThread(application);
        }
    }

    private void assertAnsweredOnItsThread(Application application) throws Exception {
        String ticket = application.issue(TicketHolder.of(1, "alice"));
        CompletableFuture<Void> answer = store.hold();
        CompletableFuture<Void> answering = CompletableFuture.runAsync(() -> {
            try {
                store.awaitTake();
            } catch (InterruptedException e) {
                throw new IllegalStateException(e);
            }
            answer.complete(null);
        });
        try (Connection connection = Connection.open(application.uri("ws", "/realtime/socket?ticket=" + ticket))) {
            assertThat(connection.next()).isEqualTo("alice");
        }
        answering.join();
        assertThat(onItsThread).containsExactly(true);
    }
}
