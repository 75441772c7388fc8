// SPDX-License-Identifier: Apache-2.0
package io.github.realtimeticket.docs;

import static org.assertj.core.api.Assertions.assertThat;

import io.github.realtimeticket.TicketGrant;
import io.github.realtimeticket.fixtures.WebUser;
import io.github.realtimeticket.spring.security.AuthenticationGrants;
import io.github.realtimeticket.spring.web.TicketGrants;
import jakarta.servlet.http.HttpServletRequest;
import jakarta.servlet.http.HttpServletResponse;
import jakarta.servlet.http.HttpSession;
import java.net.http.HttpRequest.BodyPublishers;
import java.security.Principal;
import java.time.Duration;
import java.time.Instant;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.springframework.beans.factory.annotation.Autowired;
import org.springframework.boot.SpringBootConfiguration;
import org.springframework.boot.autoconfigure.EnableAutoConfiguration;
import org.springframework.boot.test.context.SpringBootTest;
import org.springframework.boot.test.web.server.LocalServerPort;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Import;
import org.springframework.mock.web.MockHttpServletRequest;
import org.springframework.mock.web.MockHttpServletResponse;
import org.springframework.security.authentication.TestingAuthenticationToken;
import org.springframework.security.config.Customizer;
import org.springframework.security.config.annotation.web.builders.HttpSecurity;
import org.springframework.security.config.http.SessionCreationPolicy;
import org.springframework.security.web.SecurityFilterChain;
import org.springframework.web.bind.annotation.GetMapping;
import org.springframework.web.bind.annotation.RestController;
import org.springframework.web.servlet.HandlerInterceptor;
import org.springframework.web.servlet.config.annotation.InterceptorRegistry;
import org.springframework.web.servlet.config.annotation.WebMvcConfigurer;

@SpringBootTest(
        webEnvironment = SpringBootTest.WebEnvironment.RANDOM_PORT,
        properties = {
            "server.address=127.0.0.1",
            "spring.main.banner-mode=off",
            "spring.security.user.name=alice",
            "spring.security.user.password=ticket"
        })
class IdleUsersExampleTest {

    @LocalServerPort
    int port;

    @Autowired
    ActiveUsers users;

    @Test
    void aPageThatOnlyAsksForTicketsGetsNone() throws Exception {
        var browser = new WebUser("http://127.0.0.1:" + port);

        assertThat(statusOf(browser, "POST", "/ticket/")).isEqualTo(401);
        assertThat(statusOf(browser, "POST", "/ticket/")).isEqualTo(401);
        assertThat(statusOf(browser, "GET", "/page")).isEqualTo(200);
        assertThat(statusOf(browser, "POST", "/ticket/")).isEqualTo(200);
    }

    @Test
    void whoHasDoneNothingForTooLongGetsNone() {
        var alice = new TestingAuthenticationToken("alice", "", "ROLE_USER");
        var request = new MockHttpServletRequest();
        request.getSession();

        assertThat(users.preHandle(request, new MockHttpServletResponse(), this))
                .isTrue();

        assertThat(users.grant(alice, request)).isPresent();
        assertThat(new ActiveUsers(users.grants(), Duration.ZERO).grant(alice, request))
                .isEmpty();
    }

    private static int statusOf(WebUser browser, String method, String path) throws Exception {
        return browser.send(browser.request(
                                path, "Authorization", "Basic YWxpY2U6dGlja2V0", "Sec-Fetch-Site", "same-origin")
                        .method(method, BodyPublishers.noBody()))
                .statusCode();
    }

    /** Tickets for users who have done something lately. */
    record ActiveUsers(TicketGrants grants, Duration idle) implements TicketGrants, HandlerInterceptor {

        private static final String LAST = ActiveUsers.class.getName();

        @Override
        public boolean preHandle(HttpServletRequest request, HttpServletResponse response, Object handler) {
            HttpSession session = request.getSession(false);
            if (session != null) {
                session.setAttribute(LAST, Instant.now());
            }
            return true;
        }

        @Override
        public Optional<? extends TicketGrant> grant(Principal user, HttpServletRequest request) {
            HttpSession session = request.getSession(false);
            boolean active = session != null
                    && session.getAttribute(LAST) instanceof Instant last
                    && Instant.now().isBefore(last.plus(idle));
            return active ? grants.grant(user, request) : Optional.empty();
        }
    }

    /** As an application registers them. */
    record Registration(ActiveUsers users) implements WebMvcConfigurer {

        @Override
        public void addInterceptors(InterceptorRegistry registry) {
            registry.addInterceptor(users).excludePathPatterns("/ticket/");
        }
    }

    @SpringBootConfiguration
    @EnableAutoConfiguration
    @Import(Registration.class)
    @RestController
    static class Application {

        @Bean
        SecurityFilterChain security(HttpSecurity http) throws Exception {
            return http.authorizeHttpRequests(requests -> requests.anyRequest().authenticated())
                    .sessionManagement(sessions -> sessions.sessionCreationPolicy(SessionCreationPolicy.ALWAYS))
                    .httpBasic(Customizer.withDefaults())
                    .build();
        }

        @Bean
        ActiveUsers ticketGrants() {
            return new ActiveUsers(AuthenticationGrants.standard(), Duration.ofMinutes(30));
        }

        @GetMapping("/page")
        String page() {
            return "page";
        }
    }
}
