// SPDX-License-Identifier: Apache-2.0
package io.github.realtimeticket.spring.boot;

import static org.assertj.core.api.Assertions.assertThat;

import io.github.realtimeticket.Revocation;
import io.github.realtimeticket.fixtures.Application;
import io.github.realtimeticket.fixtures.Connection;
import io.github.realtimeticket.fixtures.WebUser;
import jakarta.servlet.http.HttpSession;
import java.net.HttpCookie;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import org.springframework.beans.factory.annotation.Value;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Import;
import org.springframework.core.annotation.Order;
import org.springframework.security.config.Customizer;
import org.springframework.security.config.annotation.web.builders.HttpSecurity;
import org.springframework.security.core.userdetails.User;
import org.springframework.security.core.userdetails.UserDetailsService;
import org.springframework.security.web.SecurityFilterChain;
import org.springframework.stereotype.Controller;
import org.springframework.web.bind.annotation.GetMapping;
import org.springframework.web.bind.annotation.ResponseBody;
import org.springframework.web.socket.TextMessage;
import org.springframework.web.socket.WebSocketSession;
import org.springframework.web.socket.config.annotation.EnableWebSocket;
import org.springframework.web.socket.config.annotation.WebSocketConfigurer;
import org.springframework.web.socket.config.annotation.WebSocketHandlerRegistry;
import org.springframework.web.socket.handler.TextWebSocketHandler;

/** A user whom the request for a ticket logs in itself, whatever Spring Security makes of the session that was there before. */
class RememberedLoginTest {

    @Import(SmallApplication.class)
    @EnableWebSocket
    @Controller
    static class Site implements WebSocketConfigurer {

        /** Nobody is remembered here. */
        @Bean
        @Order(1)
        SecurityFilterChain shop(HttpSecurity http) throws Exception {
            return http.securityMatcher("/shop")
                    .authorizeHttpRequests(requests -> requests.anyRequest().permitAll())
                    .build();
        }

        @Bean
        SecurityFilterChain security(HttpSecurity http, @Value("${fixation}") String fixation) throws Exception {
            return http.authorizeHttpRequests(requests -> requests.anyRequest().authenticated())
                    .formLogin(Customizer.withDefaults())
                    .rememberMe(remember -> remember.alwaysRemember(true))
                    .sessionManagement(sessions -> sessions.sessionFixation(protection -> {
                        switch (fixation) {
                            case "changeSessionId" -> protection.changeSessionId();
                            case "newSession" -> protection.newSession();
                            default -> protection.migrateSession();
                        }
                    }))
                    .build();
        }

        @Bean
        UserDetailsService users() {
            return username ->
                    User.withUsername(username).password("{noop}ticket").build();
        }

        @GetMapping("/shop")
        @ResponseBody
        String shop(HttpSession session) {
            return session.getId();
        }

        @Override
        public void registerWebSocketHandlers(WebSocketHandlerRegistry registry) {
            registry.addHandler(new Greeting(), "/realtime/socket").setAllowedOriginPatterns("*");
        }
    }

    private static final class Greeting extends TextWebSocketHandler {

        @Override
        public void afterConnectionEstablished(WebSocketSession session) throws Exception {
            session.sendMessage(new TextMessage(session.getPrincipal().getName()));
        }
    }

    @ParameterizedTest
    @ValueSource(strings = {"changeSessionId", "newSession", "migrateSession"})
    void t16_aRememberedUsersTicketIsOfTheSessionThatItsAnswerNames(String fixation) throws Exception {
        try (var application =
                Application.start(Site.class, "realtime-ticket.gate.paths=/realtime/**", "fixation=" + fixation)) {
            WebUser alice = application.user().logsIn("alice", "ticket");

            alice.forgets("JSESSIONID");
            assertEndsWithItsSession(application, alice);

            alice.forgets("JSESSIONID");
            String nobodys = alice.get("/shop").body();
            assertThat(session(alice)).isEqualTo(nobodys);
            assertEndsWithItsSession(application, alice);
            assertThat(session(alice)).isNotEqualTo(nobodys);
        }
    }

    private static void assertEndsWithItsSession(Application application, WebUser alice) throws Exception {
        String ticket = alice.ticket("Sec-Fetch-Site", "same-origin");

        try (Connection open = Connection.open(application.uri("ws", "/realtime/socket?ticket=" + ticket))) {
            assertThat(open.next()).isEqualTo("alice");
            application.context().publishEvent(Revocation.session(session(alice)));

            assertThat(open.closeCode()).isEqualTo(3000);
        }
    }

    private static String session(WebUser user) {
        return user.cookies().stream()
                .filter(cookie -> cookie.getName().equals("JSESSIONID"))
                .map(HttpCookie::getValue)
                .findFirst()
                .orElseThrow();
    }
}
