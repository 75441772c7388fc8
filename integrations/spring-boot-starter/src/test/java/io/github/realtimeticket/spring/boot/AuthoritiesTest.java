// SPDX-License-Identifier: Apache-2.0
package io.github.realtimeticket.spring.boot;

import static io.github.realtimeticket.spring.security.TicketAuthenticationConfigurer.ticketAuthentication;
import static org.assertj.core.api.Assertions.assertThat;

import io.github.realtimeticket.TicketHolder;
import io.github.realtimeticket.fixtures.Application;
import io.github.realtimeticket.fixtures.WebUser;
import io.github.realtimeticket.spring.security.TicketAuthentication;
import io.github.realtimeticket.spring.web.TicketGrants;
import java.net.http.HttpResponse;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.springframework.boot.SpringBootConfiguration;
import org.springframework.boot.autoconfigure.EnableAutoConfiguration;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Import;
import org.springframework.core.annotation.Order;
import org.springframework.security.config.Customizer;
import org.springframework.security.config.annotation.web.builders.HttpSecurity;
import org.springframework.security.core.userdetails.User;
import org.springframework.security.core.userdetails.UserDetailsService;
import org.springframework.security.web.SecurityFilterChain;
import org.springframework.web.bind.annotation.GetMapping;
import org.springframework.web.bind.annotation.RestController;

/** Authorities travel with a ticket on demand, and count where they are trusted. */
class AuthoritiesTest {

    @SpringBootConfiguration
    @EnableAutoConfiguration
    @RestController
    static class WithAdministrators {

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
            return http.formLogin(Customizer.withDefaults()).build();
        }

        @Bean
        UserDetailsService users() {
            return username -> User.withUsername(username)
                    .password("{noop}ticket")
                    .roles(username.equals("alice") ? "ADMIN" : "USER")
                    .build();
        }

        @GetMapping({"/realtime/who", "/realtime/admin"})
        String who(TicketAuthentication user) {
            return user.admitted().holder().id() + " " + user.getAuthorities();
        }
    }

    @Import(WithAdministrators.class)
    static class NumbersItsUsers {

        @Bean
        TicketGrants numbers() {
            return TicketGrants.to(user -> TicketHolder.of(1000, user.getName())
                    .withAttributes(
                            Map.of("authorities", List.of("ROLE_ADMIN"), "rt.authorities", List.of("ROLE_ADMIN"))));
        }
    }

    private static final String TRAVEL = "realtime-ticket.authorities=true";
    private static final String TRUST = "realtime-ticket.gate.trust-authorities=true";

    @Test
    void theyDoNotTravelUnlessAPropertySaysSo() throws Exception {
        try (var application = Application.start(WithAdministrators.class, TRUST)) {
            assertThat(answer(application, "alice", "/realtime/admin").statusCode())
                    .isEqualTo(403);
        }
        try (var application = Application.start(WithAdministrators.class, TRAVEL, TRUST)) {
            assertThat(answer(application, "alice", "/realtime/admin").body()).isEqualTo("alice [ROLE_ADMIN]");
            assertThat(answer(application, "bob", "/realtime/admin").statusCode())
                    .isEqualTo(403);
        }
    }

    @Test
    void aGateDoesNotTrustWhatTravelsUnlessItIsToldTo() throws Exception {
        try (var application = Application.start(WithAdministrators.class, TRAVEL)) {
            assertThat(answer(application, "alice", "/realtime/who").body()).isEqualTo("alice []");
        }
    }

    @Test
    void withAHolderOfTheApplicationsTheUsersRealAuthoritiesTravelAndItsAttributesGrantNothing() throws Exception {
        try (var application = Application.start(NumbersItsUsers.class, TRAVEL, TRUST)) {
            assertThat(answer(application, "bob", "/realtime/who").body()).isEqualTo("1000 [ROLE_USER]");
            assertThat(answer(application, "bob", "/realtime/admin").statusCode())
                    .isEqualTo(403);
        }
    }

    private static HttpResponse<String> answer(Application application, String username, String path) throws Exception {
        WebUser user = application.user().logsIn(username, "ticket");
        return user.get(path + "?ticket=" + user.ticket());
    }
}
