// SPDX-License-Identifier: Apache-2.0
package io.github.realtimeticket.spring.boot;

import static io.github.realtimeticket.spring.security.TicketAuthenticationConfigurer.ticketAuthentication;
import static org.assertj.core.api.Assertions.assertThat;

import io.github.realtimeticket.TicketHolder;
import io.github.realtimeticket.spring.security.TicketAuthentication;
import io.github.realtimeticket.spring.web.TicketGrants;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse;
import java.security.Principal;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.springframework.boot.SpringBootConfiguration;
import org.springframework.boot.autoconfigure.EnableAutoConfiguration;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Configuration;
import org.springframework.context.annotation.Import;
import org.springframework.core.annotation.Order;
import org.springframework.security.config.Customizer;
import org.springframework.security.config.annotation.web.builders.HttpSecurity;
import org.springframework.security.core.userdetails.User;
import org.springframework.security.core.userdetails.UserDetailsService;
import org.springframework.security.provisioning.InMemoryUserDetailsManager;
import org.springframework.security.web.SecurityFilterChain;
import org.springframework.web.bind.annotation.GetMapping;
import org.springframework.web.bind.annotation.RestController;

/** A ticket's user never gets into a session, even in an application that saves every user there; authorities on demand. */
class TicketSessionTest {

    @SpringBootConfiguration
    @EnableAutoConfiguration
    @RestController
    static class SavesEverything {

        @Bean
        @Order(1)
        SecurityFilterChain realtime(HttpSecurity http) throws Exception {
            return http.securityMatcher("/realtime/**")
                    .authorizeHttpRequests(requests -> requests.requestMatchers("/realtime/admin")
                            .hasRole("ADMIN")
                            .anyRequest()
                            .authenticated())
                    .with(ticketAuthentication(), Customizer.withDefaults())
                    .build();
        }

        @Bean
        SecurityFilterChain security(HttpSecurity http) throws Exception {
            return http.authorizeHttpRequests(requests -> requests.anyRequest().authenticated())
                    .formLogin(Customizer.withDefaults())
                    .rememberMe(Customizer.withDefaults())
                    .securityContext(context -> context.requireExplicitSave(false))
                    .sessionManagement(session -> session.requireExplicitAuthenticationStrategy(false))
                    .build();
        }

        @Bean
        UserDetailsService users() {
            return new InMemoryUserDetailsManager(
                    User.withUsername("alice")
                            .password("{noop}ticket")
                            .roles("ADMIN")
                            .build(),
                    User.withUsername("bob")
                            .password("{noop}ticket")
                            .roles("USER")
                            .build());
        }

        @GetMapping({"/realtime/who", "/me", "/realtime/admin"})
        String who(Principal user) {
            return user.getName();
        }

        @GetMapping("/realtime/holder")
        String holder(TicketAuthentication user) {
            return user.admitted().holder().id() + " " + user.getAuthorities();
        }
    }

    @SpringBootConfiguration
    @EnableAutoConfiguration
    @RestController
    static class OneSessionEach {

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
                    .sessionManagement(session -> session.maximumSessions(1).maxSessionsPreventsLogin(true))
                    .build();
        }

        @GetMapping({"/realtime/who", "/me"})
        String who(Principal user) {
            return user.getName();
        }
    }

    @Configuration(proxyBeanMethods = false)
    @Import(SavesEverything.class)
    static class NumbersItsUsers {

        @Bean
        TicketGrants numbers() {
            return TicketGrants.to(user -> TicketHolder.of(1000, user.getName())
                    .withAttributes(
                            Map.of("authorities", List.of("ROLE_ADMIN"), "rt.authorities", List.of("ROLE_ADMIN"))));
        }
    }

    @Test
    void noSessionIsBegunAndTheOneThatIsThereKeepsItsUser() throws Exception {
        try (var application = Application.start(SavesEverything.class)) {
            Browser alice = application.browser().logsIn("alice", "ticket");
            Browser bob = application.browser().logsIn("bob", "ticket");
            Browser stranger = application.browser();

            HttpResponse<String> fresh = stranger.get("/realtime/who?ticket=" + alice.ticket());
            HttpResponse<String> other = bob.get("/realtime/who?ticket=" + alice.ticket());

            assertThat(fresh.body()).isEqualTo("alice");
            assertThat(fresh.headers().allValues("Set-Cookie")).isEmpty();
            assertThat(stranger.get("/me").statusCode()).isNotEqualTo(200);
            assertThat(other.body()).isEqualTo("alice");
            assertThat(other.headers().allValues("Set-Cookie")).isEmpty();
            assertThat(bob.get("/me").body()).isEqualTo("bob");
        }
    }

    @Test
    void aPreflightIsNotTheSessionsUsersNorDoesItEndTheSession() throws Exception {
        try (var application = Application.start(OneSessionEach.class)) {
            Browser alice = application.browser().logsIn("alice", "ticket");

            HttpResponse<String> preflight = alice.send(alice.request(
                            "/realtime/who", "Origin", "https://app.example", "Access-Control-Request-Method", "GET")
                    .method("OPTIONS", BodyPublishers.noBody()));

            assertThat(preflight.statusCode()).isIn(302, 401, 403);
            assertThat(alice.get("/me").body()).isEqualTo("alice");
        }
    }

    @Test
    void aTicketDoesNotCountWhereSessionsOfAUserAreCounted() throws Exception {
        try (var application = Application.start(OneSessionEach.class)) {
            Browser alice = application.browser().logsIn("alice", "ticket");

            for (int i = 0; i < 3; i++) {
                HttpResponse<String> answer = application.browser().get("/realtime/who?ticket=" + alice.ticket());

                assertThat(answer.body()).isEqualTo("alice");
                assertThat(answer.headers().allValues("Set-Cookie")).isEmpty();
            }
            assertThat(alice.get("/me").body()).isEqualTo("alice");
        }
    }

    @Test
    void authoritiesDoNotTravelUnlessAPropertySaysSo() throws Exception {
        try (var application = Application.start(SavesEverything.class)) {
            Browser alice = application.browser().logsIn("alice", "ticket");

            assertThat(alice.get("/realtime/admin?ticket=" + alice.ticket()).statusCode())
                    .isEqualTo(403);
        }
        try (var application = Application.start(
                SavesEverything.class,
                "realtime-ticket.authorities=true",
                "realtime-ticket.gate.trust-authorities=true")) {
            Browser alice = application.browser().logsIn("alice", "ticket");
            Browser bob = application.browser().logsIn("bob", "ticket");

            assertThat(alice.get("/realtime/admin?ticket=" + alice.ticket()).body())
                    .isEqualTo("alice");
            assertThat(bob.get("/realtime/admin?ticket=" + bob.ticket()).statusCode())
                    .isEqualTo(403);
        }
    }

    @Test
    void aGateDoesNotTrustWhatTravelsUnlessItIsToldTo() throws Exception {
        try (var application = Application.start(SavesEverything.class, "realtime-ticket.authorities=true")) {
            Browser alice = application.browser().logsIn("alice", "ticket");

            assertThat(alice.get("/realtime/holder?ticket=" + alice.ticket()).body())
                    .isEqualTo("alice []");
        }
    }

    @Test
    void withAHolderOfTheApplicationsTheUsersRealAuthoritiesTravelAndItsAttributesGrantNothing() throws Exception {
        try (var application = Application.start(
                NumbersItsUsers.class,
                "realtime-ticket.authorities=true",
                "realtime-ticket.gate.trust-authorities=true")) {
            Browser bob = application.browser().logsIn("bob", "ticket");

            HttpResponse<String> answer = bob.get("/realtime/holder?ticket=" + bob.ticket());

            assertThat(answer.body()).isEqualTo("1000 [ROLE_USER]");
            assertThat(bob.get("/realtime/admin?ticket=" + bob.ticket()).statusCode())
                    .isEqualTo(403);
        }
    }

    @Test
    void aUserRememberedFromAnEarlierLoginGetsATicket() throws Exception {
        try (var application = Application.start(SavesEverything.class)) {
            Browser alice = application.browser().logsIn("alice", "ticket&remember-me=on");
            alice.forgets("JSESSIONID");
            assertThat(alice.get("/realtime/who").statusCode()).isEqualTo(401);
            alice.readCsrf();

            // Logging in again has changed the CSRF token; a browser says where its request comes from.
            String ticket = alice.ticket("Origin", alice.origin());
            assertThat(alice.get("/realtime/who?ticket=" + ticket).body()).isEqualTo("alice");
        }
    }
}
