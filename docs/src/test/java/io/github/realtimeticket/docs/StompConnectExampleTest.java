// SPDX-License-Identifier: Apache-2.0
package io.github.realtimeticket.docs;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.github.realtimeticket.Ticket;
import io.github.realtimeticket.TicketHolder;
import io.github.realtimeticket.Tickets;
import java.lang.reflect.Type;
import java.security.Principal;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;
import org.springframework.beans.factory.annotation.Autowired;
import org.springframework.boot.SpringBootConfiguration;
import org.springframework.boot.autoconfigure.EnableAutoConfiguration;
import org.springframework.boot.test.context.SpringBootTest;
import org.springframework.boot.test.context.SpringBootTest.WebEnvironment;
import org.springframework.boot.test.web.server.LocalServerPort;
import org.springframework.messaging.converter.StringMessageConverter;
import org.springframework.messaging.simp.annotation.SubscribeMapping;
import org.springframework.messaging.simp.config.MessageBrokerRegistry;
import org.springframework.messaging.simp.stomp.StompHeaders;
import org.springframework.messaging.simp.stomp.StompSession;
import org.springframework.messaging.simp.stomp.StompSessionHandlerAdapter;
import org.springframework.stereotype.Controller;
import org.springframework.web.socket.WebSocketHttpHeaders;
import org.springframework.web.socket.client.WebSocketClient;
import org.springframework.web.socket.client.standard.StandardWebSocketClient;
import org.springframework.web.socket.config.annotation.EnableWebSocketMessageBroker;
import org.springframework.web.socket.config.annotation.StompEndpointRegistry;
import org.springframework.web.socket.config.annotation.WebSocketMessageBrokerConfigurer;
import org.springframework.web.socket.messaging.WebSocketStompClient;
import org.springframework.web.socket.sockjs.client.RestTemplateXhrTransport;
import org.springframework.web.socket.sockjs.client.SockJsClient;
import org.springframework.web.socket.sockjs.client.WebSocketTransport;

@SpringBootTest(webEnvironment = WebEnvironment.RANDOM_PORT, properties = "realtime-ticket.gate.stomp=true")
class StompConnectExampleTest {

    @LocalServerPort
    int port;

    @Autowired
    Tickets tickets;

    @Test
    void aTicketOpensOneSession() throws Exception {
        assertOpensOneSession("/stomp", new StandardWebSocketClient());
    }

    @Test
    void aTicketOpensOneSessionOverAFallbackOfSockJs() throws Exception {
        assertOpensOneSession("/sockjs", new SockJsClient(List.of(new RestTemplateXhrTransport())));
    }

    @Test
    void aTicketOpensOneSessionOverTheWebSocketOfSockJs() throws Exception {
        assertOpensOneSession(
                "/sockjs", new SockJsClient(List.of(new WebSocketTransport(new StandardWebSocketClient()))));
    }

    private void assertOpensOneSession(String path, WebSocketClient client) throws Exception {
        Ticket ticket =
                tickets.issue(TicketHolder.of(7, "bob")).toCompletableFuture().join();
        var name = new CompletableFuture<String>();

        StompSession session = connect(path, client, ticket);
        session.subscribe("/app/name", new StompSessionHandlerAdapter() {
            @Override
            public Type getPayloadType(StompHeaders headers) {
                return String.class;
            }

            @Override
            public void handleFrame(StompHeaders headers, Object payload) {
                name.complete((String) payload);
            }
        });

        assertThat(name.get(20, TimeUnit.SECONDS)).isEqualTo("bob");
        assertThatThrownBy(() -> connect(path, client, ticket)).hasMessageContaining("closed");
        session.disconnect();
    }

    private StompSession connect(String path, WebSocketClient client, Ticket ticket) throws Exception {
        var stomp = new WebSocketStompClient(client);
        stomp.setMessageConverter(new StringMessageConverter());
        var connect = new StompHeaders();
        connect.set("ticket", ticket.reveal());
        return stomp.connectAsync(
                        "ws://localhost:" + port + path,
                        new WebSocketHttpHeaders(),
                        connect,
                        new StompSessionHandlerAdapter() {})
                .get(20, TimeUnit.SECONDS);
    }

    @SpringBootConfiguration
    @EnableAutoConfiguration
    @EnableWebSocketMessageBroker
    @Controller
    static class Chat implements WebSocketMessageBrokerConfigurer {

        @Override
        public void registerStompEndpoints(StompEndpointRegistry registry) {
            registry.addEndpoint("/stomp").setAllowedOrigins("https://app.example");
            registry.addEndpoint("/sockjs")
                    .setAllowedOrigins("https://app.example")
                    .withSockJS();
        }

        @Override
        public void configureMessageBroker(MessageBrokerRegistry registry) {
            registry.enableSimpleBroker("/queue", "/topic");
            registry.setApplicationDestinationPrefixes("/app");
        }

        @SubscribeMapping("/name")
        String name(Principal user) {
            return user.getName();
        }
    }
}
