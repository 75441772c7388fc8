// SPDX-License-Identifier: Apache-2.0
package io.github.realtimeticket.spring.security;

import static io.github.realtimeticket.spring.security.TicketAuthenticationConfigurer.ticketAuthentication;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.github.realtimeticket.Admission.Admitted;
import io.github.realtimeticket.Gate;
import io.github.realtimeticket.Refusal;
import io.github.realtimeticket.TicketBinding;
import io.github.realtimeticket.TicketHolder;
import io.github.realtimeticket.Tickets;
import io.github.realtimeticket.fixtures.Application;
import io.github.realtimeticket.fixtures.WebUser;
import io.github.realtimeticket.spring.RealtimePaths;
import io.github.realtimeticket.spring.SmallApplication;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse;
import java.security.Principal;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.Callable;
import org.junit.jupiter.api.AutoClose;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Import;
import org.springframework.core.annotation.Order;
import org.springframework.security.config.Customizer;
import org.springframework.security.config.annotation.web.builders.HttpSecurity;
import org.springframework.security.core.annotation.AuthenticationPrincipal;
import org.springframework.security.core.authority.AuthorityUtils;
import org.springframework.security.core.context.ListeningSecurityContextHolderStrategy;
import org.springframework.security.core.context.SecurityContextHolder;
import org.springframework.security.core.context.SecurityContextHolderStrategy;
import org.springframework.security.web.FilterChainProxy;
import org.springframework.security.web.SecurityFilterChain;
import org.springframework.web.bind.annotation.GetMapping;
import org.springframework.web.bind.annotation.PostMapping;
import org.springframework.web.bind.annotation.RestController;
import org.springframework.web.servlet.mvc.method.annotation.SseEmitter;

/** Paths that a ticket opens beside others that a login does, even in an application that keeps every user in its session. */
class TicketAuthenticationTest {

    @Import({SmallApplication.class, RealtimePaths.class})
    @RestController
    static class SavesEverything {

        @Bean
        SecurityFilterChain security(HttpSecurity http) throws Exception {
            return http.authorizeHttpRequests(requests -> requests.anyRequest().authenticated())
                    .formLogin(Customizer.withDefaults())
                    .httpBasic(Customizer.withDefaults())
                    .rememberMe(remember -> remember.alwaysRemember(true))
                    .securityContext(context -> context.requireExplicitSave(false))
                    .sessionManagement(session -> session.requireExplicitAuthenticationStrategy(false))
                    .build();
        }

        @PostMapping("/realtime/who")
        String say(TicketAuthentication user) {
            return user.admitted().holder().id() + " " + user.getAuthorities();
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
    }

    @Import({SmallApplication.class, RealtimePaths.class})
    static class OneSessionEach {

        @Bean
        SecurityFilterChain security(HttpSecurity http) throws Exception {
            return http.authorizeHttpRequests(requests -> requests.anyRequest().authenticated())
                    .formLogin(Customizer.withDefaults())
                    .sessionManagement(session -> session.maximumSessions(1).maxSessionsPreventsLogin(true))
                    .build();
        }
    }

    @Import(SmallApplication.class)
    static class AStrategyOfItsOwn {

        @Bean
        SecurityContextHolderStrategy contexts() {
            return new ListeningSecurityContextHolderStrategy(change -> {});
        }

        @Bean
        SecurityFilterChain realtime(HttpSecurity http) throws Exception {
            return http.httpBasic(Customizer.withDefaults())
                    .authorizeHttpRequests(requests -> requests.anyRequest().authenticated())
                    .with(ticketAuthentication(), Customizer.withDefaults())
                    .build();
        }
    }

    @Import(SmallApplication.class)
    static class TwoInOneChain {

        @Bean
        SecurityFilterChain security(HttpSecurity http) throws Exception {
            return http.with(ticketAuthentication(), Customizer.withDefaults())
                    .with(ticketAuthentication(), Customizer.withDefaults())
                    .build();
        }
    }

    @Import(SmallApplication.class)
    @RestController
    static class TwoGates {

        @Bean
        @Order(1)
        SecurityFilterChain chat(HttpSecurity http, Tickets tickets) throws Exception {
            Gate gate = Gate.builder(tickets).audience("chat").build();
            return http.securityMatcher("/realtime/**")
                    .authorizeHttpRequests(requests -> requests.anyRequest().authenticated())
                    .with(ticketAuthentication(), chat -> chat.gate(gate))
                    .build();
        }

        @Bean
        @Order(2)
        SecurityFilterChain feed(HttpSecurity http, Tickets tickets) throws Exception {
            Gate gate = Gate.builder(tickets).audience("feed").build();
            return http.securityMatcher("/feed/**")
                    .authorizeHttpRequests(requests -> requests.anyRequest().hasRole("READER"))
                    .with(ticketAuthentication(), feed -> feed.gate(gate).converter(TwoGates::reader))
                    .build();
        }

        private static TicketAuthentication reader(Admitted admitted) {
            return TicketAuthentication.of(
                    admitted, "reader " + admitted.holder().id(), AuthorityUtils.createAuthorityList("ROLE_READER"));
        }

        @GetMapping("/feed/who")
        String who(@AuthenticationPrincipal String reader) {
            return reader;
        }
    }

    @Import(SmallApplication.class)
    static class BesideALogin {

        @Bean
        SecurityFilterChain security(HttpSecurity http) throws Exception {
            return http.formLogin(Customizer.withDefaults())
                    .with(ticketAuthentication(), Customizer.withDefaults())
                    .build();
        }
    }

    private static final String BOB = "Basic Ym9iOnRpY2tldA==";

    @AutoClose
    private static Application application;

    private WebUser alice;
    private WebUser stranger;

    @BeforeAll
    static void start() {
        application = Application.start(SavesEverything.class);
    }

    @BeforeEach
    void login() throws Exception {
        alice = application.user().logsIn("alice", "ticket");
        stranger = application.user();
    }

    @Test
    void aTicketOpensOneRequestWithoutAnySession() throws Exception {
        String ticket = alice.ticket();

        HttpResponse<String> first = stranger.get("/realtime/who?ticket=" + ticket);
        HttpResponse<String> second = stranger.get("/realtime/who?ticket=" + ticket);

        assertThat(first.body()).isEqualTo("alice");
        assertThat(first.headers().allValues("Set-Cookie")).isEmpty();
        assertThat(stranger.get("/me").statusCode()).isNotEqualTo(200);
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
        WebUser bob = application.user().logsIn("bob", "ticket");

        HttpResponse<String> overSession = bob.get("/realtime/who?ticket=" + alice.ticket());
        HttpResponse<String> overBasic = stranger.get("/realtime/who?ticket=" + alice.ticket(), "Authorization", BOB);

        assertThat(overSession.body()).isEqualTo("alice");
        assertThat(overSession.headers().allValues("Set-Cookie")).isEmpty();
        assertThat(overBasic.body()).isEqualTo("alice");
        assertThat(bob.get("/me").body()).isEqualTo("bob");
    }

    @Test
    void theTicketDecidesWhoTheUserIsWithAStrategyOfTheApplicationsToo() throws Exception {
        try (var own = Application.start(AStrategyOfItsOwn.class)) {
            String ticket = own.issue(TicketHolder.of(1, "alice"));
            WebUser bob = own.user();

            assertThat(bob.get("/me", "Authorization", BOB).statusCode()).isEqualTo(401);
            assertThat(bob.get("/me?ticket=" + ticket, "Authorization", BOB).body())
                    .isEqualTo("alice");
        }
    }

    @Test
    void t20_aPreflightThatNobodyHasAnsweredIsCountedAndUsesUpNoTicket() throws Exception {
        try (var own = Application.start(AStrategyOfItsOwn.class)) {
            String ticket = own.issue(TicketHolder.of(1, "alice"));
            WebUser page = own.user();

            HttpResponse<String> preflight = page.preflight("/me?ticket=" + ticket, "https://a.example", "GET");

            assertThat(preflight.statusCode()).isEqualTo(403);
            assertThat(own.bean(SmallApplication.Issued.class).refusals()).containsExactly(Refusal.WRONG_ORIGIN);
            assertThat(page.get("/me?ticket=" + ticket).body()).isEqualTo("alice");
        }
    }

    @Test
    void aPlainPostNeedsNoCsrfTokenAndHasNoAuthorities() throws Exception {
        HttpResponse<String> answer = stranger.send(
                stranger.request("/realtime/who?ticket=" + alice.ticket()).POST(BodyPublishers.noBody()));

        assertThat(answer.body()).isEqualTo("alice []");
    }

    @Test
    void asynchronousAndStreamingAnswersKeepTheUserAndRedeemOnce() throws Exception {
        HttpResponse<String> later = stranger.get("/realtime/later?ticket=" + alice.ticket());
        HttpResponse<String> events = stranger.get("/realtime/events?ticket=" + alice.ticket());

        assertThat(later.body()).isEqualTo("alice");
        assertThat(events.body().strip()).isEqualTo("data:alice");
    }

    @Test
    void aFaultOfTheApplicationIsStillItsOwn() throws Exception {
        HttpResponse<String> answer = stranger.get("/realtime/fault?ticket=" + alice.ticket());

        assertThat(answer.statusCode()).isEqualTo(500);
    }

    @Test
    void aUserRememberedFromAnEarlierLoginGetsATicket() throws Exception {
        alice.forgets("JSESSIONID");
        assertThat(alice.get("/realtime/who").statusCode()).isEqualTo(401);
        alice.readCsrf();

        // Logging in again has changed the CSRF token; a browser says where its request comes from.
        String ticket = alice.ticket("Origin", alice.origin());
        assertThat(alice.get("/realtime/who?ticket=" + ticket).body()).isEqualTo("alice");
    }

    @Test
    void whereSessionsOfAUserAreCountedNeitherAPreflightNorATicketEndsOneOrIsOne() throws Exception {
        try (var counting = Application.start(OneSessionEach.class)) {
            WebUser carol = counting.user().logsIn("carol", "ticket");

            HttpResponse<String> preflight = carol.preflight("/realtime/who", "https://app.example", "GET");
            for (int i = 0; i < 3; i++) {
                HttpResponse<String> answer = counting.user().get("/realtime/who?ticket=" + carol.ticket());

                assertThat(answer.body()).isEqualTo("carol");
                assertThat(answer.headers().allValues("Set-Cookie")).isEmpty();
            }

            assertThat(preflight.statusCode()).isIn(302, 401, 403);
            assertThat(carol.get("/me").body()).isEqualTo("carol");
        }
    }

    @Test
    void twoGatesAreTwoChainsEachWithItsOwnTicketsAndUsers() throws Exception {
        try (var own = Application.start(TwoGates.class)) {
            WebUser browser = own.user();

            assertThat(browser.get("/realtime/who?ticket=" + ticketFor(own, "chat"))
                            .body())
                    .isEqualTo("alice");
            assertThat(browser.get("/feed/who?ticket=" + ticketFor(own, "feed")).body())
                    .isEqualTo("reader 1");
            assertThat(browser.get("/realtime/who?ticket=" + ticketFor(own, "feed"))
                            .statusCode())
                    .isEqualTo(403);
            assertThat(browser.get("/feed/who?ticket=" + ticketFor(own, "chat")).statusCode())
                    .isEqualTo(403);
        }
    }

    private static String ticketFor(Application application, String audience) {
        return application
                .bean(Tickets.class)
                .issue(TicketHolder.of(1, "alice"), TicketBinding.none().withAudience(audience))
                .toCompletableFuture()
                .join()
                .reveal();
    }

    @Test
    void metricsCallEachFilterByItsClass() {
        List<SecurityFilterChain> chains =
                application.bean(FilterChainProxy.class).getFilterChains();

        // A lambda's class has its address in its name.
        assertThat(chains).hasSize(2).allSatisfy(chain -> assertThat(chain.getFilters())
                .noneMatch(filter -> filter.getClass().isHidden()));
    }

    @Test
    void aChainWithTwoGatesOrALoginStopsTheStart() {
        assertThatThrownBy(() -> Application.start(TwoInOneChain.class))
                .hasStackTraceContaining("ticketAuthentication() is there twice");
        assertThatThrownBy(() -> Application.start(BesideALogin.class)).hasStackTraceContaining("a chain of their own");
    }
}
