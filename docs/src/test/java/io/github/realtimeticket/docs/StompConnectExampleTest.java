// SPDX-License-Identifier: Apache-2.0
package io.github.realtimeticket.docs;

import static org.assertj.core.api.Assertions.assertThat;

import io.github.realtimeticket.Gate;
import io.github.realtimeticket.Ticket;
import io.github.realtimeticket.TicketHolder;
import io.github.realtimeticket.Tickets;
import io.github.realtimeticket.fixtures.Connection;
import jakarta.servlet.FilterChain;
import jakarta.servlet.ServletException;
import jakarta.servlet.http.HttpServletRequest;
import jakarta.servlet.http.HttpServletRequestWrapper;
import jakarta.servlet.http.HttpServletResponse;
import java.io.IOException;
import java.net.URI;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;
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
import org.springframework.core.Ordered;
import org.springframework.core.annotation.Order;
import org.springframework.messaging.Message;
import org.springframework.messaging.MessageChannel;
import org.springframework.messaging.MessagingException;
import org.springframework.messaging.simp.config.ChannelRegistration;
import org.springframework.messaging.simp.config.MessageBrokerRegistry;
import org.springframework.messaging.simp.stomp.StompCommand;
import org.springframework.messaging.simp.stomp.StompHeaderAccessor;
import org.springframework.messaging.simp.stomp.StompHeaders;
import org.springframework.messaging.simp.stomp.StompSession;
import org.springframework.messaging.simp.stomp.StompSessionHandlerAdapter;
import org.springframework.messaging.support.ChannelInterceptor;
import org.springframework.messaging.support.MessageHeaderAccessor;
import org.springframework.security.config.annotation.web.builders.HttpSecurity;
import org.springframework.security.web.SecurityFilterChain;
import org.springframework.web.filter.OncePerRequestFilter;
import org.springframework.web.socket.WebSocketHttpHeaders;
import org.springframework.web.socket.config.annotation.EnableWebSocketMessageBroker;
import org.springframework.web.socket.config.annotation.StompEndpointRegistry;
import org.springframework.web.socket.config.annotation.WebSocketMessageBrokerConfigurer;
import org.springframework.web.socket.config.annotation.WebSocketTransportRegistration;
import org.springframework.web.socket.messaging.WebSocketStompClient;
import org.springframework.web.socket.sockjs.client.RestTemplateXhrTransport;
import org.springframework.web.socket.sockjs.client.SockJsClient;

@SpringBootTest(
        webEnvironment = SpringBootTest.WebEnvironment.RANDOM_PORT,
        properties = {"server.address=127.0.0.1", "spring.main.banner-mode=off"})
class StompConnectExampleTest {

    @LocalServerPort
    int port;

    @Autowired
    Tickets tickets;

    @Test
    void theTicketInTheFirstFrameLetsItsHolderInOnce() throws Exception {
        Ticket ticket = ticket();

        String first = send("CONNECT\naccept-version:1.2\nhost:localhost\nticket:" + ticket.reveal() + "\n\n\0");
        String second = send("CONNECT\naccept-version:1.2\nhost:localhost\nticket:" + ticket.reveal() + "\n\n\0");

        assertThat(first).startsWith("CONNECTED").contains("user-name:alice\n");
        assertThat(second).startsWith("ERROR").doesNotContain(ticket.reveal());
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "CONNECT\naccept-version:1.2\nhost:localhost\n\n\0",
                "STOMP\naccept-version:1.2\nhost:localhost\nticket:none\n\n\0",
                "SUBSCRIBE\nid:1\ndestination:/queue/all\n\n\0",
                "SEND\ndestination:/queue/all\n\nHello\0"
            })
    void withoutATicketNoFrameIsTaken(String frame) throws Exception {
        assertThat(send(frame)).startsWith("ERROR");
    }

    @Test
    void springChecksTheOriginBecauseTheGateDoesNot() throws Exception {
        assertThat(Connection.status(uri(), "Origin", "https://evil.example")).isEqualTo(403);
    }

    @Test
    void aFallbackOfSockJsComesInByTheSameFrame() throws Exception {
        var client = new WebSocketStompClient(new SockJsClient(List.of(new RestTemplateXhrTransport())));
        var headers = new StompHeaders();
        headers.add("ticket", ticket().reveal());
        var user = new UserName();

        StompSession session = client.connectAsync(
                        "http://127.0.0.1:" + port + "/sockjs", new WebSocketHttpHeaders(), headers, user)
                .get(20, TimeUnit.SECONDS);

        assertThat(user.name().get(20, TimeUnit.SECONDS)).isEqualTo("alice");
        session.disconnect();
        client.stop();
    }

    private String send(String frame) throws Exception {
        return Connection.greeting(uri(), "https://app.example", frame);
    }

    private URI uri() {
        return URI.create("ws://127.0.0.1:" + port + "/stomp");
    }

    private Ticket ticket() {
        return tickets.issue(TicketHolder.of(1, "alice")).toCompletableFuture().join();
    }

    private static final class UserName extends StompSessionHandlerAdapter {

        private final CompletableFuture<String> name = new CompletableFuture<>();

        CompletableFuture<String> name() {
            return name;
        }

        @Override
        public void afterConnected(StompSession session, StompHeaders connected) {
            name.complete(connected.getFirst("user-name"));
        }
    }

    @SpringBootConfiguration
    @EnableAutoConfiguration
    @Import({Stomp.class, OneRemotePort.class})
    static class Application {

        @Bean
        SecurityFilterChain everybody(HttpSecurity http) throws Exception {
            return http.authorizeHttpRequests(requests -> requests.anyRequest().permitAll())
                    .csrf(csrf -> csrf.ignoringRequestMatchers("/sockjs/**"))
                    .build();
        }
    }

    /** Spring 7.0.8 lets no fallback of SockJS come from another port than the one before (spring-framework issue 36904). */
    static final class OneRemotePort extends OncePerRequestFilter {

        @Override
        protected boolean shouldNotFilter(HttpServletRequest request) {
            return !request.getRequestURI().startsWith("/sockjs/");
        }

        @Override
        protected void doFilterInternal(HttpServletRequest request, HttpServletResponse response, FilterChain chain)
                throws ServletException, IOException {
            chain.doFilter(
                    new HttpServletRequestWrapper(request) {
                        @Override
                        public int getRemotePort() {
                            return 0;
                        }
                    },
                    response);
        }
    }

    @EnableWebSocketMessageBroker
    @Order(Ordered.HIGHEST_PRECEDENCE + 99)
    record Stomp(Gate gate) implements WebSocketMessageBrokerConfigurer {

        @Override
        public void registerStompEndpoints(StompEndpointRegistry registry) {
            registry.addEndpoint("/stomp").setAllowedOrigins("https://app.example");
            registry.addEndpoint("/sockjs")
                    .setAllowedOrigins("https://app.example")
                    .withSockJS();
        }

        @Override
        public void configureClientInboundChannel(ChannelRegistration registration) {
            registration.interceptors(new TicketInConnect(gate));
        }

        @Override
        public void configureWebSocketTransport(WebSocketTransportRegistration registration) {
            registration.setTimeToFirstMessage(10_000);
        }

        @Override
        public void configureMessageBroker(MessageBrokerRegistry registry) {
            registry.enableSimpleBroker("/queue");
        }
    }

    /** Lets a STOMP session in by the ticket in its first frame, and takes no other frame before. */
    record TicketInConnect(Gate gate) implements ChannelInterceptor {

        @Override
        public Message<?> preSend(Message<?> message, MessageChannel channel) {
            StompHeaderAccessor frame = MessageHeaderAccessor.getAccessor(message, StompHeaderAccessor.class);
            StompCommand command = frame == null ? null : frame.getCommand();
            if (command == StompCommand.CONNECT || command == StompCommand.STOMP) {
                frame.setUser(holder(frame.getFirstNativeHeader("ticket")));
                frame.removeNativeHeader("ticket");
            } else if (command != null
                    && command != StompCommand.DISCONNECT
                    && !(frame.getUser() instanceof TicketHolder)) {
                throw new MessagingException("unauthorized");
            }
            return message;
        }

        private TicketHolder holder(@Nullable String text) {
            Ticket ticket = Ticket.parse(text).orElseThrow(() -> new MessagingException("unauthorized"));
            return gate.admit(ticket).toCompletableFuture().join().fold(admitted -> admitted.holder(), refused -> {
                throw new MessagingException("unauthorized");
            });
        }
    }
}
