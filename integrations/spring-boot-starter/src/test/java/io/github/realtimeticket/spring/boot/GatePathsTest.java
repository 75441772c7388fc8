// SPDX-License-Identifier: Apache-2.0
package io.github.realtimeticket.spring.boot;

import static io.github.realtimeticket.spring.security.TicketAuthenticationConfigurer.ticketAuthentication;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.github.realtimeticket.Refusal;
import io.github.realtimeticket.TicketEvent;
import io.github.realtimeticket.TicketHolder;
import io.github.realtimeticket.TicketListener;
import io.github.realtimeticket.Tickets;
import io.github.realtimeticket.spring.security.TicketAuthentication;
import io.github.realtimeticket.spring.security.TicketAuthenticationConverter;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import org.springframework.boot.SpringBootConfiguration;
import org.springframework.boot.autoconfigure.EnableAutoConfiguration;
import org.springframework.boot.test.system.CapturedOutput;
import org.springframework.boot.test.system.OutputCaptureExtension;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Configuration;
import org.springframework.context.annotation.Import;
import org.springframework.core.Ordered;
import org.springframework.core.annotation.Order;
import org.springframework.security.config.Customizer;
import org.springframework.security.config.annotation.web.builders.HttpSecurity;
import org.springframework.security.config.annotation.web.configuration.WebSecurityCustomizer;
import org.springframework.security.core.annotation.AuthenticationPrincipal;
import org.springframework.security.core.context.ListeningSecurityContextHolderStrategy;
import org.springframework.security.core.context.SecurityContextHolderStrategy;
import org.springframework.security.core.userdetails.User;
import org.springframework.security.core.userdetails.UserDetailsService;
import org.springframework.security.provisioning.InMemoryUserDetailsManager;
import org.springframework.security.web.SecurityFilterChain;
import org.springframework.web.bind.annotation.CrossOrigin;
import org.springframework.web.bind.annotation.GetMapping;
import org.springframework.web.bind.annotation.RestController;

/** Paths that a ticket opens, by a property alone: no line of code, and no way in without a ticket. */
@ExtendWith(OutputCaptureExtension.class)
class GatePathsTest {

    private static final String PATHS = "realtime-ticket.gate.paths=/realtime/**,/events";

    @SpringBootConfiguration
    @EnableAutoConfiguration
    @RestController
    static class Plain {

        @Bean
        Refusals refusals() {
            return new Refusals();
        }

        @GetMapping({"/realtime/who", "/events"})
        @CrossOrigin("https://app.example")
        String who(TicketAuthentication user) {
            return user.getName();
        }

        @GetMapping("/realtime/fault")
        String fault() {
            throw new IllegalStateException("as the test wants it");
        }

        @GetMapping("/me")
        String me() {
            return "me";
        }
    }

    static final class Refusals implements TicketListener {

        private final List<Refusal> reasons = new CopyOnWriteArrayList<>();

        @Override
        public void on(TicketEvent event) {
            if (event instanceof TicketEvent.Refused refused) {
                reasons.add(refused.reason());
            }
        }
    }

    record Account(Object number) {}

    @Configuration(proxyBeanMethods = false)
    @Import(Plain.class)
    @RestController
    static class WithAccounts {

        @Bean
        TicketAuthenticationConverter accounts() {
            return admitted -> TicketAuthentication.of(
                    admitted, new Account(admitted.holder().id()), List.of());
        }

        @GetMapping("/realtime/account")
        String account(@AuthenticationPrincipal Account account) {
            return account.toString();
        }
    }

    @Configuration(proxyBeanMethods = false)
    @Import(Plain.class)
    static class AnotherChainBefore {

        @Bean
        @Order(Ordered.HIGHEST_PRECEDENCE)
        SecurityFilterChain first(HttpSecurity http) throws Exception {
            return http.securityMatcher("/realtime/**", "/other/**")
                    .authorizeHttpRequests(requests -> requests.anyRequest().authenticated())
                    .build();
        }
    }

    @Configuration(proxyBeanMethods = false)
    @Import(Plain.class)
    static class AnotherChainBeforeForSome {

        @Bean
        @Order(Ordered.HIGHEST_PRECEDENCE)
        SecurityFilterChain first(HttpSecurity http) throws Exception {
            return http.securityMatcher("/realtime/account", "/other/**")
                    .authorizeHttpRequests(requests -> requests.anyRequest().permitAll())
                    .build();
        }
    }

    @Configuration(proxyBeanMethods = false)
    @Import(Plain.class)
    static class AStrategyOfItsOwn {

        @Bean
        SecurityContextHolderStrategy contexts() {
            return new ListeningSecurityContextHolderStrategy(change -> {});
        }

        @Bean
        UserDetailsService users() {
            return new InMemoryUserDetailsManager(
                    User.withUsername("bob").password("{noop}ticket").build());
        }

        @Bean
        @Order(1)
        SecurityFilterChain realtime(HttpSecurity http) throws Exception {
            return http.securityMatcher("/events")
                    .httpBasic(Customizer.withDefaults())
                    .authorizeHttpRequests(requests -> requests.anyRequest().authenticated())
                    .with(ticketAuthentication(), Customizer.withDefaults())
                    .build();
        }
    }

    @Configuration(proxyBeanMethods = false)
    @Import(Plain.class)
    static class OutOfSecurity {

        @Bean
        WebSecurityCustomizer ignoring() {
            return web -> web.ignoring().requestMatchers("/events");
        }
    }

    @Configuration(proxyBeanMethods = false)
    @Import(Plain.class)
    static class TwoInOneChain {

        @Bean
        SecurityFilterChain security(HttpSecurity http) throws Exception {
            return http.with(ticketAuthentication(), Customizer.withDefaults())
                    .with(ticketAuthentication(), Customizer.withDefaults())
                    .build();
        }
    }

    @Configuration(proxyBeanMethods = false)
    @Import(Plain.class)
    static class BesideALogin {

        @Bean
        SecurityFilterChain security(HttpSecurity http) throws Exception {
            return http.formLogin(Customizer.withDefaults())
                    .with(ticketAuthentication(), Customizer.withDefaults())
                    .build();
        }
    }

    @Test
    void aTicketOpensThesePathsAndNothingElseDoes() throws Exception {
        try (var application = Application.start(Plain.class, PATHS)) {
            Browser alice = application.browser().logsIn("alice", "ticket");
            Browser stranger = application.browser();
            String ticket = alice.ticket();

            assertThat(alice.get("/realtime/who").statusCode()).isEqualTo(401);
            assertThat(alice.get("/events").statusCode()).isEqualTo(401);
            assertThat(stranger.get("/realtime/who?ticket=" + ticket).body()).isEqualTo("alice");
            assertThat(stranger.get("/realtime/who?ticket=" + ticket).statusCode())
                    .isEqualTo(401);
            assertThat(stranger.get("/events?ticket=" + alice.ticket()).body()).isEqualTo("alice");
        }
    }

    @Test
    void bootsOwnChainStillAsksForALoginEverywhereElse() throws Exception {
        try (var application = Application.start(Plain.class, PATHS)) {
            Browser stranger = application.browser();

            assertThat(stranger.get("/me", "Accept", "text/html").headers().firstValue("Location"))
                    .hasValueSatisfying(place -> assertThat(place).endsWith("/login"));
            assertThat(stranger.logsIn("alice", "ticket").get("/me").body()).isEqualTo("me");
        }
    }

    @Test
    void aFaultOfTheApplicationIsItsOwnAndAPreflightIsAnsweredWithoutATicket() throws Exception {
        try (var application = Application.start(Plain.class, PATHS)) {
            Browser alice = application.browser().logsIn("alice", "ticket");
            Browser stranger = application.browser();
            String ticket = alice.ticket();

            HttpResponse<String> preflight = stranger.send(stranger.request(
                            "/realtime/who?ticket=" + ticket,
                            "Origin",
                            "https://app.example",
                            "Access-Control-Request-Method",
                            "GET")
                    .method("OPTIONS", BodyPublishers.noBody()));

            assertThat(preflight.statusCode()).isEqualTo(200);
            assertThat(preflight.headers().firstValue("Access-Control-Allow-Origin"))
                    .hasValue("https://app.example");
            assertThat(stranger.get("/realtime/who?ticket=" + ticket).body()).isEqualTo("alice");
            assertThat(stranger.get("/realtime/fault?ticket=" + alice.ticket()).statusCode())
                    .isEqualTo(500);
        }
    }

    @Test
    void t20_aQueryThatTheContainerCannotReadUsesUpNoTicket() throws Exception {
        try (var application = Application.start(Plain.class, PATHS)) {
            Browser alice = application.browser().logsIn("alice", "ticket");
            String ticket = alice.ticket();

            String answer = RawRequest.get(application.port(), "/realtime/who?d=50%&ticket=" + ticket);

            assertThat(answer)
                    .startsWith("HTTP/1.1 400")
                    .contains("bad request")
                    .doesNotContain(ticket);
            assertThat(application
                            .browser()
                            .get("/realtime/who?ticket=" + ticket)
                            .body())
                    .isEqualTo("alice");
        }
    }

    @Test
    void aPathThatAnotherChainTakesIsStillClosedSaidAndCounted(CapturedOutput output) throws Exception {
        try (var application = Application.start(AnotherChainBeforeForSome.class, PATHS)) {
            Browser stranger = application.browser();

            assertThat(stranger.get("/realtime/account").statusCode()).isEqualTo(401);
            assertThat(stranger.get("/realtime/account").statusCode()).isEqualTo(401);

            assertThat(application.bean(Refusals.class).reasons).containsExactly(Refusal.MISSING, Refusal.MISSING);
        }
        assertThat(output.getOut().lines().filter(line -> line.contains("/realtime/account is refused")))
                .singleElement()
                .satisfies(line -> assertThat(line).contains("WARN"));
    }

    @Test
    void t20_aPreflightThatNobodyHasAnsweredIsCountedAndUsesUpNoTicket() throws Exception {
        try (var application = Application.start(AStrategyOfItsOwn.class)) {
            Browser stranger = application.browser();

            HttpResponse<String> preflight = stranger.send(
                    stranger.request("/events", "Origin", "https://a.example", "Access-Control-Request-Method", "GET")
                            .method("OPTIONS", BodyPublishers.noBody()));

            assertThat(preflight.statusCode()).isEqualTo(403);
            assertThat(application.bean(Refusals.class).reasons).containsExactly(Refusal.WRONG_ORIGIN);
        }
    }

    @Test
    void theFilterStandsBehindSpringSecurityWhereverThatStands() throws Exception {
        try (var application = Application.start(Plain.class, PATHS, "spring.security.filter.order=-50")) {
            Browser alice = application.browser().logsIn("alice", "ticket");

            assertThat(alice.get("/events?ticket=" + alice.ticket()).body()).isEqualTo("alice");
        }
    }

    @Test
    void theTicketDecidesWhoTheUserIsWithAStrategyOfTheApplicationsToo() throws Exception {
        try (var application = Application.start(AStrategyOfItsOwn.class)) {
            String ticket = application
                    .bean(Tickets.class)
                    .issue(TicketHolder.of(1, "alice"))
                    .toCompletableFuture()
                    .join()
                    .reveal();
            String bob = "Basic Ym9iOnRpY2tldA==";
            Browser browser = application.browser();

            assertThat(browser.get("/events", "Authorization", bob).statusCode())
                    .isEqualTo(401);
            assertThat(browser.get("/events?ticket=" + ticket, "Authorization", bob)
                            .body())
                    .isEqualTo("alice");
        }
    }

    @Test
    void anAccountOfTheApplicationIsThePrincipal() throws Exception {
        try (var application = Application.start(WithAccounts.class, PATHS)) {
            Browser alice = application.browser().logsIn("alice", "ticket");

            assertThat(alice.get("/realtime/account?ticket=" + alice.ticket()).body())
                    .isEqualTo("Account[number=alice]");
        }
    }

    @Test
    void whatCouldOpenAPathWithoutATicketStopsTheStart() {
        assertThatThrownBy(() -> Application.start(AnotherChainBefore.class, PATHS))
                .hasStackTraceContaining("/realtime/** could be opened without a ticket");
        assertThatThrownBy(() -> Application.start(OutOfSecurity.class, PATHS))
                .hasStackTraceContaining("/events could be opened without a ticket");
        assertThatThrownBy(() -> Application.start(TwoInOneChain.class))
                .hasStackTraceContaining("ticketAuthentication() is there twice");
        assertThatThrownBy(() -> Application.start(BesideALogin.class)).hasStackTraceContaining("a chain of their own");
    }
}
