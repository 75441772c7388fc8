// SPDX-License-Identifier: Apache-2.0
package io.github.realtimeticket.docs;

import static org.assertj.core.api.Assertions.assertThat;

import io.github.realtimeticket.Gate;
import io.github.realtimeticket.Ticket;
import io.github.realtimeticket.TicketBinding;
import io.github.realtimeticket.TicketEvent;
import io.github.realtimeticket.TicketHolder;
import io.github.realtimeticket.TicketListener;
import io.github.realtimeticket.Tickets;
import io.github.realtimeticket.fixtures.Connection;
import io.github.realtimeticket.fixtures.WebUser;
import io.github.realtimeticket.spring.websocket.TicketHandshakeHandler;
import io.github.realtimeticket.spring.websocket.TicketHandshakeInterceptor;
import java.io.IOException;
import java.net.URI;
import java.net.http.HttpResponse;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.springframework.beans.factory.annotation.Autowired;
import org.springframework.boot.SpringBootConfiguration;
import org.springframework.boot.autoconfigure.EnableAutoConfiguration;
import org.springframework.boot.test.context.SpringBootTest;
import org.springframework.boot.test.system.CapturedOutput;
import org.springframework.boot.test.system.OutputCaptureExtension;
import org.springframework.boot.test.web.server.LocalServerPort;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Import;
import org.springframework.security.config.annotation.web.builders.HttpSecurity;
import org.springframework.security.web.SecurityFilterChain;
import org.springframework.web.socket.TextMessage;
import org.springframework.web.socket.WebSocketHandler;
import org.springframework.web.socket.WebSocketSession;
import org.springframework.web.socket.config.annotation.EnableWebSocket;
import org.springframework.web.socket.config.annotation.WebSocketConfigurer;
import org.springframework.web.socket.config.annotation.WebSocketHandlerRegistry;
import org.springframework.web.socket.handler.TextWebSocketHandler;

@SpringBootTest(
        webEnvironment = SpringBootTest.WebEnvironment.RANDOM_PORT,
        properties = {
            "server.address=127.0.0.1",
            "spring.main.banner-mode=off",
            "realtime-ticket.gate.paths=/realtime/**",
            "logging.level.io.github.realtimeticket.Gate=debug",
            "logging.level.io.github.realtimeticket.Issuer=debug",
            "logging.level.io.github.realtimeticket.spring.websocket.HandshakeChecks=debug"
        })
@ExtendWith(OutputCaptureExtension.class)
class SpringWebSocketExampleTest {

    private static final Logger LOG = LoggerFactory.getLogger(SpringWebSocketExampleTest.class);

    private static final String APP = "https://app.example";

    @LocalServerPort
    int port;

    @Autowired
    Tickets tickets;

    @ParameterizedTest
    @ValueSource(strings = {"/realtime/chat", "/chat"})
    void aHandshakeFromThePageOfTheTicketIsItsHolders(String path) throws Exception {
        Ticket ticket = ticket();

        String greeting = Connection.greeting(uri(path, ticket), APP);

        assertThat(greeting).isEqualTo("Hello alice");
    }

    @ParameterizedTest
    @ValueSource(strings = {"/realtime/chat", "/chat"})
    void theReasonOfARefusalIsLoggedAtDebug(String path, CapturedOutput log) throws Exception {
        Ticket ticket = ticket();

        assertThat(Connection.status(uri(path, ticket), "Origin", "https://evil.example"))
                .isEqualTo(403);
        assertThat(Connection.status(uri(path, ticket), "Origin", APP)).isEqualTo(401);

        String forTheTicket = " for the ticket " + ticket.fingerprint();
        assertThat(log)
                .contains("A connection request is refused with 403: WRONG_ORIGIN" + forTheTicket)
                .contains("A connection request is refused with 401: NOTHING" + forTheTicket)
                .contains("Refused: WRONG_ORIGIN " + ticket)
                .doesNotContain(ticket.reveal());
    }

    @Test
    void springsOwnCheckOfTheOriginIsLoggedAndUsesUpNoTicket(CapturedOutput log) throws Exception {
        Ticket ticket = ticket();

        assertThat(Connection.status(uri("/realtime/strict", ticket), "Origin", APP))
                .isEqualTo(403);

        assertThat(log).contains("Spring WebSocket does not allow the origin of a handshake");
        assertThat(Connection.greeting(uri("/realtime/chat", ticket), APP)).isEqualTo("Hello alice");
    }

    @Test
    void theEndpointSaysWhyItRefuses(CapturedOutput log) throws Exception {
        var user = new WebUser("http://127.0.0.1:" + port);

        user.post("/ticket/", "Sec-Fetch-Site", "same-origin");
        user.post("/ticket/", "Origin", "https://evil.example");

        assertThat(log)
                .contains("A request for a ticket is answered with 401: Nobody is logged in")
                .contains(
                        "A request for a ticket is answered with 403: The request comes from a page of another origin,"
                                + " or does not say from which one");
    }

    @Test
    void withoutTheHeadersOfAHandshakeTheAnswerSaysWhatIsMissing() throws Exception {
        HttpResponse<String> answer =
                new WebUser("http://127.0.0.1:" + port).get("/realtime/chat?ticket=" + ticket().reveal());

        assertThat(answer.statusCode()).isEqualTo(400);
        assertThat(answer.body()).contains("a WebSocket handshake is expected here");
    }

    private Ticket ticket() {
        return tickets.issue(TicketHolder.of(1, "alice"), TicketBinding.none().withOrigin(APP))
                .toCompletableFuture()
                .join();
    }

    private URI uri(String path, Ticket ticket) {
        return URI.create("ws://127.0.0.1:" + port + path + "?ticket=" + ticket.reveal());
    }

    @SpringBootConfiguration
    @EnableAutoConfiguration
    @Import(WebSockets.class)
    static class Application {

        // As if there were no Spring Security.
        @Bean
        SecurityFilterChain everybody(HttpSecurity http) throws Exception {
            return http.authorizeHttpRequests(requests -> requests.anyRequest().permitAll())
                    .build();
        }

        @Bean
        TicketListener audit() {
            return event -> {
                if (event instanceof TicketEvent.Refused refused) {
                    LOG.info("Refused: {} {}", refused.reason(), refused.ticket());
                }
            };
        }
    }

    @EnableWebSocket
    record WebSockets(Gate gate) implements WebSocketConfigurer {

        @Override
        public void registerWebSocketHandlers(WebSocketHandlerRegistry registry) {
            WebSocketHandler chat = new Greeting();
            registry.addHandler(chat, "/realtime/chat").setAllowedOriginPatterns("*");
            registry.addHandler(chat, "/chat")
                    .setAllowedOriginPatterns("*")
                    .addInterceptors(new TicketHandshakeInterceptor(gate))
                    .setHandshakeHandler(new TicketHandshakeHandler());
            registry.addHandler(chat, "/realtime/strict");
        }
    }

    private static final class Greeting extends TextWebSocketHandler {

        @Override
        public void afterConnectionEstablished(WebSocketSession session) throws IOException {
            session.sendMessage(
                    new TextMessage("Hello " + session.getPrincipal().getName()));
        }
    }
}
