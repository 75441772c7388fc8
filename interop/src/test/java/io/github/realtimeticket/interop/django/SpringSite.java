// SPDX-License-Identifier: Apache-2.0
package io.github.realtimeticket.interop.django;

import static io.github.realtimeticket.spring.security.TicketAuthenticationConfigurer.ticketAuthentication;

import io.github.realtimeticket.TicketHolder;
import io.github.realtimeticket.spring.security.TicketAuthentication;
import io.github.realtimeticket.spring.web.RealtimeTicket;
import io.github.realtimeticket.spring.web.TicketGrants;
import jakarta.servlet.http.HttpServletRequest;
import java.io.IOException;
import java.security.Principal;
import org.springframework.boot.SpringBootConfiguration;
import org.springframework.boot.autoconfigure.EnableAutoConfiguration;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Import;
import org.springframework.core.annotation.Order;
import org.springframework.security.config.Customizer;
import org.springframework.security.config.annotation.web.builders.HttpSecurity;
import org.springframework.security.web.SecurityFilterChain;
import org.springframework.stereotype.Controller;
import org.springframework.ui.Model;
import org.springframework.web.bind.annotation.GetMapping;
import org.springframework.web.socket.TextMessage;
import org.springframework.web.socket.WebSocketSession;
import org.springframework.web.socket.config.annotation.EnableWebSocket;
import org.springframework.web.socket.config.annotation.WebSocketConfigurer;
import org.springframework.web.socket.config.annotation.WebSocketHandlerRegistry;
import org.springframework.web.socket.handler.TextWebSocketHandler;

/** A Spring Boot application that issues to its users, as Django does, and opens WebSockets by ticket. */
@SpringBootConfiguration
@EnableAutoConfiguration
@EnableWebSocket
@Import(SpringSite.Pages.class)
class SpringSite implements WebSocketConfigurer {

    static final String PATH = "/realtime";

    @Bean
    @Order(1)
    SecurityFilterChain realtime(HttpSecurity http) throws Exception {
        return http.securityMatcher(PATH)
                .authorizeHttpRequests(requests -> requests.anyRequest().authenticated())
                .with(ticketAuthentication(), Customizer.withDefaults())
                .build();
    }

    @Bean
    SecurityFilterChain security(HttpSecurity http) throws Exception {
        return http.authorizeHttpRequests(requests -> requests.anyRequest().authenticated())
                .formLogin(Customizer.withDefaults())
                .build();
    }

    @Bean
    TicketGrants ticketGrants() {
        return TicketGrants.to(user -> TicketHolder.of(1, user.getName()));
    }

    // Other origins than its own, because a ticket says which one may connect, and Django's pages have another.
    @Override
    public void registerWebSocketHandlers(WebSocketHandlerRegistry registry) {
        registry.addHandler(new Greeting(), PATH).setAllowedOrigins("*");
    }

    @Controller
    static class Pages {

        @GetMapping("/")
        @RealtimeTicket
        String page(Model page, Principal user, HttpServletRequest request) {
            page.addAttribute("user", user.getName());
            page.addAttribute("realtime_url", "ws://" + request.getHeader("Host") + PATH);
            return "page";
        }
    }

    private static final class Greeting extends TextWebSocketHandler {

        @Override
        public void afterConnectionEstablished(WebSocketSession session) throws IOException {
            if (session.getPrincipal() instanceof TicketAuthentication user) {
                session.sendMessage(
                        new TextMessage(Backend.greeting(user.admitted().holder())));
            }
        }
    }
}
