// SPDX-License-Identifier: Apache-2.0
package io.github.realtimeticket.docs;

import static io.github.realtimeticket.spring.security.TicketAuthenticationConfigurer.ticketAuthentication;
import static org.assertj.core.api.Assertions.assertThat;

import io.github.realtimeticket.Gate;
import io.github.realtimeticket.Ticket;
import io.github.realtimeticket.TicketHolder;
import io.github.realtimeticket.Tickets;
import io.github.realtimeticket.spring.security.AuthenticationGrants;
import io.github.realtimeticket.spring.web.RealtimeTicket;
import io.github.realtimeticket.spring.web.TicketGrants;
import io.github.realtimeticket.spring.websocket.TicketHandshakeHandler;
import io.github.realtimeticket.spring.websocket.TicketHandshakeInterceptor;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.security.Principal;
import org.junit.jupiter.api.Test;
import org.springframework.beans.factory.annotation.Autowired;
import org.springframework.boot.SpringBootConfiguration;
import org.springframework.boot.autoconfigure.EnableAutoConfiguration;
import org.springframework.boot.test.context.SpringBootTest;
import org.springframework.boot.test.web.server.LocalServerPort;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Import;
import org.springframework.core.annotation.Order;
import org.springframework.security.config.Customizer;
import org.springframework.security.config.annotation.web.builders.HttpSecurity;
import org.springframework.security.web.SecurityFilterChain;
import org.springframework.stereotype.Controller;
import org.springframework.web.bind.annotation.GetMapping;
import org.springframework.web.bind.annotation.ResponseBody;
import org.springframework.web.socket.WebSocketHandler;
import org.springframework.web.socket.config.annotation.EnableWebSocket;
import org.springframework.web.socket.config.annotation.WebSocketConfigurer;
import org.springframework.web.socket.config.annotation.WebSocketHandlerRegistry;
import org.springframework.web.socket.handler.TextWebSocketHandler;

@SpringBootTest(
        webEnvironment = SpringBootTest.WebEnvironment.RANDOM_PORT,
        properties = {"server.address=127.0.0.1", "spring.main.banner-mode=off"})
class SpringExampleTest {

    @LocalServerPort
    int port;

    @Autowired
    Tickets tickets;

    @Test
    void aRequestOnTheChosenPathsIsItsHoldersOnce() throws Exception {
        Ticket ticket =
                tickets.issue(TicketHolder.of(1, "alice")).toCompletableFuture().join();

        HttpResponse<String> first = get("/realtime/name?ticket=" + ticket.reveal());
        HttpResponse<String> second = get("/realtime/name?ticket=" + ticket.reveal());

        assertThat(first.body()).isEqualTo("alice");
        assertThat(second.statusCode()).isEqualTo(401);
    }

    private HttpResponse<String> get(String path) throws Exception {
        URI uri = URI.create("http://127.0.0.1:" + port + path);
        return HttpClient.newHttpClient()
                .send(HttpRequest.newBuilder(uri).build(), HttpResponse.BodyHandlers.ofString());
    }

    @SpringBootConfiguration
    @EnableAutoConfiguration
    @Import({ChatController.class, WebSockets.class})
    static class Application {

        @Bean
        @Order(1)
        SecurityFilterChain realtime(HttpSecurity http) throws Exception {
            return http.securityMatcher("/realtime/**")
                    .authorizeHttpRequests(requests -> requests.anyRequest().authenticated())
                    .with(ticketAuthentication(), Customizer.withDefaults())
                    .build();
        }

        @Bean
        TicketGrants ticketGrants() {
            return AuthenticationGrants.to(user -> TicketHolder.of(42, user.getName()));
        }
    }

    @Controller
    static class ChatController {

        @GetMapping("/")
        @RealtimeTicket
        String chat() {
            return "chat";
        }

        @GetMapping("/realtime/name")
        @ResponseBody
        String name(Principal user) {
            return user.getName();
        }
    }

    @EnableWebSocket
    record WebSockets(Gate gate) implements WebSocketConfigurer {

        @Override
        public void registerWebSocketHandlers(WebSocketHandlerRegistry registry) {
            WebSocketHandler chat = new TextWebSocketHandler();
            registry.addHandler(chat, "/chat")
                    .addInterceptors(new TicketHandshakeInterceptor(gate))
                    .setHandshakeHandler(new TicketHandshakeHandler());
        }
    }
}
