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
import org.junit.jupiter.params.provider.CsvSource;
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
class LoginWithinRequestTest {

    private static final String ALICE = "Basic YWxpY2U6dGlja2V0";

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
        SecurityFilterChain security(
                HttpSecurity http, @Value("${fixation}") String fixation, @Value("${explicit}") boolean explicit)
                throws Exception {
            return http.authorizeHttpRequests(requests -> requests.anyRequest().authenticated())
                    .formLogin(Customizer.withDefaults())
                    .httpBasic(Customizer.withDefaults())
                    .rememberMe(remember -> remember.alwaysRemember(true))
                    .securityContext(context -> context.requireExplicitSave(explicit))
                    .sessionManagement(sessions -> sessions.requireExplicitAuthenticationStrategy(explicit)
                            .sessionFixation(protection -> {
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
    @CsvSource({
        "changeSessionId, true", "changeSessionId, false",
        "newSession, true", "newSession, false",
        "migrateSession, true", "migrateSession, false"
    })
    void t16_aTicketIsOfTheSessionThatItsAnswerNames(String fixation, boolean explicit) throws Exception {
        try (var application = Application.start(
                Site.class,
                "realtime-ticket.gate.paths=/realtime/**",
                "fixation=" + fixation,
                "explicit=" + explicit)) {
            WebUser remembered = application.user().logsIn("alice", "ticket");
            remembered.forgets("JSESSIONID");
            assertEndsWithItsSession(application, remembered, "Sec-Fetch-Site", "same-origin");

            remembered.forgets("JSESSIONID");
            String nobodys = remembered.get("/shop").body();
            assertEndsWithItsSession(application, remembered, "Sec-Fetch-Site", "same-origin");
            assertThat(session(remembered)).isNotEqualTo(nobodys);

            WebUser basic = application.user();
            assertThat(basic.get("/shop").body()).isEqualTo(session(basic));
            assertEndsWithItsSession(application, basic, "Sec-Fetch-Site", "same-origin", "Authorization", ALICE);
        }
    }

    private static void assertEndsWithItsSession(Application application, WebUser user, String... headers)
            throws Exception {
        String ticket = user.ticket(headers);

        try (Connection open = Connection.open(application.uri("ws", "/realtime/socket?ticket=" + ticket))) {
            assertThat(open.next()).isEqualTo("alice");
            application.context().publishEvent(Revocation.session(session(user)));

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
