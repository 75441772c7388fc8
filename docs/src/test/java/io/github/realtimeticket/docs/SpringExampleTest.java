// SPDX-License-Identifier: Apache-2.0
package io.github.realtimeticket.docs;

import static io.github.realtimeticket.spring.security.TicketAuthenticationConfigurer.ticketAuthentication;
import static org.assertj.core.api.Assertions.assertThat;

import io.github.realtimeticket.Ticket;
import io.github.realtimeticket.TicketHolder;
import io.github.realtimeticket.Tickets;
import io.github.realtimeticket.fixtures.WebUser;
import io.github.realtimeticket.spring.security.TicketAuthentication;
import io.github.realtimeticket.spring.security.TicketAuthenticationConverter;
import io.github.realtimeticket.spring.web.RealtimeTicket;
import io.github.realtimeticket.spring.web.TicketGrants;
import java.net.http.HttpResponse;
import java.security.Principal;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
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
import org.springframework.security.config.http.SessionCreationPolicy;
import org.springframework.security.core.GrantedAuthority;
import org.springframework.security.core.authority.AuthorityUtils;
import org.springframework.security.web.SecurityFilterChain;
import org.springframework.stereotype.Controller;
import org.springframework.web.bind.annotation.GetMapping;
import org.springframework.web.bind.annotation.ResponseBody;

@SpringBootTest(
        webEnvironment = SpringBootTest.WebEnvironment.RANDOM_PORT,
        properties = {
            "server.address=127.0.0.1",
            "spring.main.banner-mode=off",
            "realtime-ticket.gate.paths=/realtime/**"
        })
class SpringExampleTest {

    @LocalServerPort
    int port;

    @Autowired
    Tickets tickets;

    @ParameterizedTest
    @ValueSource(strings = {"/realtime/name", "/feed/name"})
    void aRequestOnTheChosenPathsIsItsHoldersOnce(String path) throws Exception {
        Ticket ticket =
                tickets.issue(TicketHolder.of(1, "alice")).toCompletableFuture().join();

        HttpResponse<String> first = get(path + "?ticket=" + ticket.reveal());
        HttpResponse<String> second = get(path + "?ticket=" + ticket.reveal());

        assertThat(first.body()).isEqualTo("alice is Account[id=1], by " + ticket.fingerprint());
        assertThat(second.statusCode()).isEqualTo(401);
    }

    @Test
    void otherPathsStillNeedALogin() throws Exception {
        HttpResponse<String> page = get("/");

        assertThat(page.statusCode()).isEqualTo(302);
    }

    @Test
    void theEndpointOfOperatorsAsksForAPassword() throws Exception {
        HttpResponse<String> listed = get("/actuator/realtimeconnections");

        assertThat(listed.statusCode()).isEqualTo(401);
        assertThat(listed.headers().firstValue("WWW-Authenticate"))
                .hasValueSatisfying(way -> assertThat(way).startsWith("Basic"));
    }

    private HttpResponse<String> get(String path) throws Exception {
        return new WebUser("http://127.0.0.1:" + port).get(path);
    }

    /** The application's own accounts. */
    static class Accounts {

        long idOf(String name) {
            return name.hashCode();
        }

        Account load(Object id) {
            return new Account((Long) id);
        }

        List<GrantedAuthority> authorities(Object id) {
            return AuthorityUtils.createAuthorityList("ROLE_READER");
        }
    }

    record Account(long id) {}

    @SpringBootConfiguration
    @EnableAutoConfiguration
    @Import({Accounts.class, ChatController.class})
    static class Application {

        @Bean
        @Order(1)
        SecurityFilterChain feed(HttpSecurity http) throws Exception {
            return http.securityMatcher("/feed/**")
                    .authorizeHttpRequests(requests -> requests.anyRequest().hasRole("READER"))
                    .with(ticketAuthentication(), Customizer.withDefaults())
                    .build();
        }

        @Bean
        @Order(1)
        SecurityFilterChain operators(HttpSecurity http) throws Exception {
            return http.securityMatcher("/actuator/realtimeconnections/**")
                    .authorizeHttpRequests(requests -> requests.anyRequest().hasRole("OPERATOR"))
                    .httpBasic(Customizer.withDefaults())
                    .sessionManagement(sessions -> sessions.sessionCreationPolicy(SessionCreationPolicy.STATELESS))
                    .csrf(csrf -> csrf.disable())
                    .build();
        }

        @Bean
        SecurityFilterChain pages(HttpSecurity http) throws Exception {
            return http.authorizeHttpRequests(requests -> requests.requestMatchers("/error")
                            .permitAll()
                            .anyRequest()
                            .authenticated())
                    .formLogin(Customizer.withDefaults())
                    .build();
        }

        @Bean
        TicketGrants ticketGrants(Accounts accounts) {
            return TicketGrants.to(user -> TicketHolder.of(accounts.idOf(user.getName()), user.getName()));
        }

        @Bean
        TicketAuthenticationConverter ticketUsers(Accounts accounts) {
            return admitted -> TicketAuthentication.of(
                    admitted,
                    accounts.load(admitted.holder().id()),
                    accounts.authorities(admitted.holder().id()));
        }
    }

    @Controller
    static class ChatController {

        @GetMapping("/")
        @RealtimeTicket
        String chat() {
            return "chat";
        }

        @GetMapping({"/realtime/name", "/feed/name"})
        @ResponseBody
        String name(TicketAuthentication user, Principal principal) {
            return principal.getName() + " is " + user.getPrincipal() + ", by "
                    + user.admitted().fingerprint();
        }
    }
}
