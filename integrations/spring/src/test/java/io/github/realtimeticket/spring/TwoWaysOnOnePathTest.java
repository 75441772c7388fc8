// SPDX-License-Identifier: Apache-2.0
package io.github.realtimeticket.spring;

import static io.github.realtimeticket.spring.security.TicketAuthenticationConfigurer.ticketAuthentication;
import static org.assertj.core.api.Assertions.assertThat;

import io.github.realtimeticket.Gate;
import io.github.realtimeticket.Ticket;
import io.github.realtimeticket.TicketHolder;
import io.github.realtimeticket.TicketStore;
import io.github.realtimeticket.Tickets;
import io.github.realtimeticket.spring.websocket.TicketHandshakeHandler;
import io.github.realtimeticket.spring.websocket.TicketHandshakeInterceptor;
import java.io.IOException;
import java.net.InetAddress;
import java.net.Socket;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import org.springframework.boot.SpringBootConfiguration;
import org.springframework.boot.autoconfigure.EnableAutoConfiguration;
import org.springframework.context.annotation.Bean;
import org.springframework.security.config.Customizer;
import org.springframework.security.config.annotation.web.builders.HttpSecurity;
import org.springframework.security.web.SecurityFilterChain;
import org.springframework.web.socket.config.annotation.EnableWebSocket;
import org.springframework.web.socket.config.annotation.WebSocketConfigurer;
import org.springframework.web.socket.config.annotation.WebSocketHandlerRegistry;

/** A chain of Spring Security and a handshake interceptor on one path, and Spring's own check of the origin behind both. */
class TwoWaysOnOnePathTest {

    private static final String APP = "https://app.example";

    @SpringBootConfiguration
    @EnableAutoConfiguration
    @EnableWebSocket
    static class Both implements WebSocketConfigurer {

        private final Gate gate;

        Both(Gate gate) {
            this.gate = gate;
        }

        @Bean
        SecurityFilterChain security(HttpSecurity http) throws Exception {
            return http.securityMatcher("/secured/**")
                    .authorizeHttpRequests(requests -> requests.anyRequest().authenticated())
                    .with(ticketAuthentication(), Customizer.withDefaults())
                    .build();
        }

        @Override
        public void registerWebSocketHandlers(WebSocketHandlerRegistry registry) {
            registry.addHandler(new GreetingHandler(), "/secured/both", "/open")
                    .setAllowedOrigins(APP)
                    .setHandshakeHandler(new TicketHandshakeHandler())
                    .addInterceptors(new TicketHandshakeInterceptor(gate));
        }
    }

    private final Tickets tickets = Tickets.of(TicketStore.inMemory());

    @Test
    void theSecondSeesWhatTheFirstHasDecided() throws Exception {
        try (RunningApplication server = start("/secured/both")) {
            String ticket = ticket();

            assertThat(handshake(server.uri(), "?ticket=" + ticket, APP)).startsWith("HTTP/1.1 101");
            assertThat(handshake(server.uri(), "?ticket=" + ticket, APP)).startsWith("HTTP/1.1 401");
        }
    }

    @ParameterizedTest
    @ValueSource(strings = {"/secured/both", "/open"})
    void t20_anOriginThatSpringRefusesUsesUpNoTicket(String path) throws Exception {
        try (RunningApplication server = start(path)) {
            String ticket = ticket();

            String refused = handshake(server.uri(), "?ticket=" + ticket, "https://other.example");

            assertThat(refused).startsWith("HTTP/1.1 403").contains("\"message\":\"forbidden\"");
            assertThat(handshake(server.uri(), "?ticket=" + ticket, APP)).startsWith("HTTP/1.1 101");
        }
    }

    @ParameterizedTest
    @ValueSource(strings = {"/secured/both", "/open"})
    void t20_aTargetThatSpringCannotReadUsesUpNoTicketAndIsNotLogged(String path) throws Exception {
        try (RunningApplication server = start(path)) {
            String ticket = ticket();

            assertThat(handshake(server.uri(), "?d=50%&ticket=" + ticket, APP)).startsWith("HTTP/1.1 400");
            assertThat(handshake(server.uri(), "?ticket=" + ticket, APP)).startsWith("HTTP/1.1 101");
        }
    }

    private RunningApplication start(String path) {
        return RunningApplication.start(Both.class, Gate.of(tickets), "ws", path);
    }

    private String ticket() {
        return tickets.issue(TicketHolder.of(1, "alice"))
                .thenApply(Ticket::reveal)
                .toCompletableFuture()
                .join();
    }

    private static String handshake(URI uri, String query, String origin) throws IOException {
        try (var socket = new Socket(InetAddress.getLoopbackAddress(), uri.getPort())) {
            socket.setSoTimeout(20_000);
            socket.getOutputStream()
                    .write(("GET " + uri.getPath() + query + " HTTP/1.1\r\nHost: 127.0.0.1:" + uri.getPort()
                                    + "\r\nConnection: Upgrade\r\nUpgrade: websocket\r\nSec-WebSocket-Version: 13\r\n"
                                    + "Sec-WebSocket-Key: dGhlIHNhbXBsZSBub25jZQ==\r\nOrigin: " + origin + "\r\n\r\n")
                            .getBytes(StandardCharsets.ISO_8859_1));
            byte[] answer = new byte[4096];
            int length = socket.getInputStream().read(answer);
            return new String(answer, 0, length, StandardCharsets.ISO_8859_1);
        }
    }
}
