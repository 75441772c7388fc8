// SPDX-License-Identifier: Apache-2.0
package io.github.realtimeticket.spring;

import static org.assertj.core.api.Assertions.assertThat;

import io.github.realtimeticket.Gate;
import io.github.realtimeticket.Ticket;
import io.github.realtimeticket.TicketHolder;
import io.github.realtimeticket.TicketStore;
import io.github.realtimeticket.Tickets;
import io.github.realtimeticket.fixtures.Application;
import io.github.realtimeticket.fixtures.Wire;
import io.github.realtimeticket.spring.websocket.TicketHandshakeHandler;
import io.github.realtimeticket.spring.websocket.TicketHandshakeInterceptor;
import java.io.IOException;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;
import org.springframework.boot.SpringBootConfiguration;
import org.springframework.boot.autoconfigure.EnableAutoConfiguration;
import org.springframework.boot.test.system.CapturedOutput;
import org.springframework.boot.test.system.OutputCaptureExtension;
import org.springframework.context.annotation.Import;
import org.springframework.web.socket.config.annotation.EnableWebSocket;
import org.springframework.web.socket.config.annotation.WebSocketConfigurer;
import org.springframework.web.socket.config.annotation.WebSocketHandlerRegistry;

/** A chain of Spring Security and a handshake interceptor on one path, and Spring's own check of the origin behind both. */
@ExtendWith(OutputCaptureExtension.class)
class TwoWaysOnOnePathTest {

    private static final String APP = "https://app.example";

    @SpringBootConfiguration
    @EnableAutoConfiguration
    @EnableWebSocket
    @Import(RealtimePaths.class)
    static class Both implements WebSocketConfigurer {

        private final Gate gate;

        Both(Gate gate) {
            this.gate = gate;
        }

        @Override
        public void registerWebSocketHandlers(WebSocketHandlerRegistry registry) {
            registry.addHandler(new GreetingHandler(), "/realtime/both", "/open")
                    .setAllowedOrigins(APP)
                    .setHandshakeHandler(new TicketHandshakeHandler())
                    .addInterceptors(new TicketHandshakeInterceptor(gate));
            registry.addHandler(new GreetingHandler(), "/realtime/sock", "/open/sock")
                    .setAllowedOrigins(APP)
                    .setHandshakeHandler(new TicketHandshakeHandler())
                    .addInterceptors(new TicketHandshakeInterceptor(gate))
                    .withSockJS();
        }
    }

    private final Tickets tickets = Tickets.of(TicketStore.inMemory());

    @Test
    void theSecondSeesWhatTheFirstHasDecided() throws Exception {
        try (Application server = start()) {
            String ticket = ticket();

            assertThat(handshake(server, "/realtime/both?ticket=" + ticket, APP).status())
                    .isEqualTo(101);
            assertThat(handshake(server, "/realtime/both?ticket=" + ticket, APP).status())
                    .isEqualTo(401);
        }
    }

    @ParameterizedTest
    @ValueSource(strings = {"/realtime/both", "/open", "/realtime/sock/0/c/websocket"})
    void t20_anOriginThatSpringRefusesUsesUpNoTicket(String path) throws Exception {
        try (Application server = start()) {
            String ticket = ticket();

            Wire.Answer refused = handshake(server, path + "?ticket=" + ticket, "https://other.example");

            assertThat(refused.status()).isEqualTo(403);
            assertThat(refused.body()).contains("\"message\":\"forbidden\"");
            assertThat(handshake(server, path + "?ticket=" + ticket, APP).status())
                    .isEqualTo(101);
        }
    }

    @ParameterizedTest
    @ValueSource(strings = {"/realtime/both", "/open"})
    void t20_aTargetThatSpringCannotReadUsesUpNoTicketAndIsNotLogged(String path, CapturedOutput output)
            throws Exception {
        try (Application server = start()) {
            String ticket = ticket();

            assertThat(handshake(server, path + "?d=50%&ticket=" + ticket, APP).status())
                    .isEqualTo(400);
            assertThat(output.getAll()).doesNotContain(ticket);
            assertThat(handshake(server, path + "?ticket=" + ticket, APP).status())
                    .isEqualTo(101);
        }
    }

    @ParameterizedTest
    @CsvSource(delimiter = '|', textBlock = """
            /realtime/both          | 1.0 | Connection: close      | a WebSocket handshake is expected here
            /realtime/both          | 1.1 | Connection: Upgrade    | a WebSocket handshake is expected here
            /realtime/both          | 1.1 | Upgrade: websocket, h2c | bad request
            /realtime/sock/0/a/websocket | 1.0 | Connection: close | a WebSocket handshake is expected here
            /open                   | 1.0 | Connection: close      | a WebSocket handshake is expected here
            /open                   | 1.1 | Upgrade: websocket, h2c | bad request
            /open/sock/0/b/websocket | 1.1 | Connection: Upgrade   | a WebSocket handshake is expected here
            """)
    void t20_aRequestThatIsNoHandshakeToSpringUsesUpNoTicketAndIsToldWhatIsMissing(
            String path, String version, String header, String told) throws Exception {
        try (Application server = start()) {
            String ticket = ticket();

            Wire.Answer answer = send(
                    server,
                    "GET " + path + "?ticket=" + ticket + " HTTP/" + version + "\r\nHost: localhost\r\n"
                            + header + "\r\nSec-WebSocket-Version: 13\r\n"
                            + "Sec-WebSocket-Key: dGhlIHNhbXBsZSBub25jZQ==\r\n"
                            + (header.startsWith("Upgrade") ? "Connection: Upgrade\r\n" : "") + "\r\n");

            assertThat(answer.status()).isEqualTo(400);
            assertThat(answer.body()).startsWith("{\"status\":\"error\",\"message\":\"" + told);
            assertThat(handshake(server, path + "?ticket=" + ticket, APP).status())
                    .isEqualTo(101);
        }
    }

    @Test
    void t20_extensionsThatCannotBeReadUseUpNoTicketAndAreNotLogged(CapturedOutput output) throws Exception {
        try (Application server = start()) {
            for (String path : List.of("/realtime/both", "/open", "/realtime/sock/0/%s/websocket")) {
                for (String extensions :
                        List.of(";;,,=", ";", "a;b=\"", "permessage-deflate; client_max_window_bits=x")) {
                    String ticket = ticket();
                    String target = path + "?ticket=" + ticket;

                    assertThat(offering(extensions, server, target))
                            .as(path + " " + extensions)
                            .isEqualTo(400);
                    assertThat(offering("permessage-deflate; client_max_window_bits", server, target))
                            .isEqualTo(101);
                    assertThat(output.getAll()).doesNotContain(ticket);
                }
            }
        }
    }

    private static int offering(String extensions, Application server, String target) throws IOException {
        String session = UUID.randomUUID().toString();
        return handshake(server, target.formatted(session), APP, "Sec-WebSocket-Extensions: " + extensions)
                .status();
    }

    private static Wire.Answer send(Application server, String request) throws IOException {
        try (var wire = new Wire(server.port())) {
            wire.send(request);
            return wire.answer();
        }
    }

    private Application start() {
        return Application.start(Both.class, Map.of("gate", Gate.of(tickets)));
    }

    private String ticket() {
        return tickets.issue(TicketHolder.of(1, "alice"))
                .thenApply(Ticket::reveal)
                .toCompletableFuture()
                .join();
    }

    private static Wire.Answer handshake(Application server, String target, String origin, String... headers)
            throws IOException {
        try (var wire = new Wire(server.port())) {
            String[] all = Arrays.copyOf(headers, headers.length + 1);
            all[headers.length] = "Origin: " + origin;
            wire.handshake(target, all);
            return wire.answer();
        }
    }
}
