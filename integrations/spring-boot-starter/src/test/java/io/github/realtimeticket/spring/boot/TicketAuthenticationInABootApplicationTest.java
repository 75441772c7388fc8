// SPDX-License-Identifier: Apache-2.0
package io.github.realtimeticket.spring.boot;

import static io.github.realtimeticket.spring.security.TicketAuthenticationConfigurer.ticketAuthentication;
import static org.assertj.core.api.Assertions.assertThat;

import io.github.realtimeticket.TicketHolder;
import io.github.realtimeticket.fixtures.WebUser;
import io.github.realtimeticket.spring.security.TicketAuthentication;
import jakarta.servlet.http.HttpServletRequest;
import java.net.http.HttpResponse;
import java.security.Principal;
import java.time.Duration;
import java.util.concurrent.Callable;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.springframework.boot.SpringBootConfiguration;
import org.springframework.boot.autoconfigure.EnableAutoConfiguration;
import org.springframework.boot.test.context.SpringBootTest;
import org.springframework.boot.test.context.SpringBootTest.WebEnvironment;
import org.springframework.boot.test.web.server.LocalServerPort;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Import;
import org.springframework.core.annotation.Order;
import org.springframework.security.config.Customizer;
import org.springframework.security.config.annotation.web.builders.HttpSecurity;
import org.springframework.security.core.context.SecurityContextHolder;
import org.springframework.security.core.userdetails.User;
import org.springframework.security.core.userdetails.UserDetailsService;
import org.springframework.security.provisioning.InMemoryUserDetailsManager;
import org.springframework.security.web.SecurityFilterChain;
import org.springframework.web.bind.annotation.GetMapping;
import org.springframework.web.bind.annotation.PostMapping;
import org.springframework.web.bind.annotation.RestController;
import org.springframework.web.servlet.mvc.method.annotation.SseEmitter;

/** One application that issues to its form-login users and opens /realtime by ticket. */
@SpringBootTest(webEnvironment = WebEnvironment.RANDOM_PORT)
class TicketAuthenticationInABootApplicationTest {

    @SpringBootConfiguration
    @EnableAutoConfiguration
    @Import(Endpoints.class)
    static class Secured {

        @Bean
        @Order(1)
        SecurityFilterChain realtime(HttpSecurity http) throws Exception {
            return http.securityMatcher("/realtime/**")
                    .authorizeHttpRequests(requests -> requests.anyRequest().authenticated())
                    .with(ticketAuthentication(), Customizer.withDefaults())
                    .build();
        }

        @Bean
        SecurityFilterChain security(HttpSecurity http) throws Exception {
            return http.authorizeHttpRequests(requests -> requests.anyRequest().authenticated())
                    .formLogin(Customizer.withDefaults())
                    .httpBasic(Customizer.withDefaults())
                    .rememberMe(remember -> remember.alwaysRemember(true))
                    .build();
        }

        @Bean
        UserDetailsService users() {
            return new InMemoryUserDetailsManager(
                    User.withUsername("alice").password("{noop}ticket").build(),
                    User.withUsername("bob").password("{noop}ticket").build());
        }
    }

    @RestController
    static class Endpoints {

        @GetMapping("/realtime/who")
        String who(Principal user) {
            return user.getName() + " " + user.getClass().getSimpleName();
        }

        @PostMapping("/realtime/who")
        String say(TicketAuthentication user) {
            TicketHolder holder = user.admitted().holder();
            return holder.id() + " " + user.getAuthorities();
        }

        @GetMapping("/realtime/later")
        Callable<String> later() {
            return () -> SecurityContextHolder.getContext().getAuthentication().getName();
        }

        @GetMapping("/realtime/events")
        SseEmitter events(Principal user) throws Exception {
            var events = new SseEmitter(Duration.ofSeconds(20).toMillis());
            events.send(user.getName());
            events.complete();
            return events;
        }

        @GetMapping("/realtime/fault")
        String fault() {
            throw new IllegalStateException("as the test wants it");
        }

        @GetMapping("/me")
        String me(Principal user, HttpServletRequest request) {
            return user.getName() + " " + (request.getSession(false) != null);
        }
    }

    @LocalServerPort
    int port;

    WebUser alice;

    @BeforeEach
    void login() throws Exception {
        alice = new WebUser("http://127.0.0.1:" + port).logsIn("alice", "ticket");
    }

    @Test
    void aTicketOpensOneRequestWithoutAnySession() throws Exception {
        String ticket = alice.ticket();
        WebUser stranger = new WebUser("http://127.0.0.1:" + port);

        HttpResponse<String> first = stranger.get("/realtime/who?ticket=" + ticket);
        HttpResponse<String> second = stranger.get("/realtime/who?ticket=" + ticket);

        assertThat(first.body()).isEqualTo("alice TicketAuthentication");
        assertThat(first.headers().allValues("Set-Cookie")).isEmpty();
        assertThat(second.statusCode()).isEqualTo(401);
        assertThat(second.headers().allValues("WWW-Authenticate")).containsExactly("Ticket");
        assertThat(second.headers().allValues("Cache-Control")).containsExactly("no-store");
        assertThat(second.body()).isEqualTo("{\"status\":\"error\",\"message\":\"unauthorized\"}");
    }

    @Test
    void aLoggedInSessionDoesNotStandInForATicket() throws Exception {
        HttpResponse<String> answer = alice.get("/realtime/who");

        assertThat(answer.statusCode()).isEqualTo(401);
    }

    @Test
    void theTicketDecidesWhoTheUserIsWhateverElseTheRequestCarries() throws Exception {
        String ticket =
                new WebUser("http://127.0.0.1:" + port).logsIn("bob", "ticket").ticket();

        HttpResponse<String> overSession = alice.get("/realtime/who?ticket=" + ticket);
        String another = alice.ticket();
        HttpResponse<String> overBasic = new WebUser("http://127.0.0.1:" + port)
                .send(new WebUser("http://127.0.0.1:" + port)
                        .request("/realtime/who?ticket=" + another, "Authorization", basic("bob", "ticket")));

        assertThat(overSession.body()).isEqualTo("bob TicketAuthentication");
        assertThat(overBasic.body()).isEqualTo("alice TicketAuthentication");
        assertThat(alice.get("/me").body()).isEqualTo("alice true");
    }

    @Test
    void aPlainPostNeedsNoCsrfTokenAndHasNoAuthorities() throws Exception {
        String ticket = alice.ticket();

        HttpResponse<String> answer = new WebUser("http://127.0.0.1:" + port)
                .send(alice.request("/realtime/who?ticket=" + ticket)
                        .POST(java.net.http.HttpRequest.BodyPublishers.noBody()));

        assertThat(answer.body()).isEqualTo("alice []");
    }

    @Test
    void asynchronousAndStreamingAnswersKeepTheUserAndRedeemOnce() throws Exception {
        WebUser stranger = new WebUser("http://127.0.0.1:" + port);

        HttpResponse<String> later = stranger.get("/realtime/later?ticket=" + alice.ticket());
        HttpResponse<String> events = stranger.get("/realtime/events?ticket=" + alice.ticket());

        assertThat(later.body()).isEqualTo("alice");
        assertThat(events.body().strip()).isEqualTo("data:alice");
    }

    @Test
    void aFaultOfTheApplicationIsStillItsOwn() throws Exception {
        HttpResponse<String> answer =
                new WebUser("http://127.0.0.1:" + port).get("/realtime/fault?ticket=" + alice.ticket());

        assertThat(answer.statusCode()).isEqualTo(500);
    }

    private static @Nullable String basic(String user, String password) {
        byte[] credentials = (user + ":" + password).getBytes(java.nio.charset.StandardCharsets.UTF_8);
        return "Basic " + java.util.Base64.getEncoder().encodeToString(credentials);
    }
}
