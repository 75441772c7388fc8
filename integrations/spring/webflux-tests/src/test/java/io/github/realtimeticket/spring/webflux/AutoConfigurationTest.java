// SPDX-License-Identifier: Apache-2.0
package io.github.realtimeticket.spring.webflux;

import static io.github.realtimeticket.fixtures.Answers.assertError;
import static io.github.realtimeticket.spring.webflux.TicketAuthenticationCustomizer.ticketAuthentication;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.github.realtimeticket.Gate;
import io.github.realtimeticket.Revocations;
import io.github.realtimeticket.fixtures.Application;
import io.github.realtimeticket.fixtures.WebUser;
import io.github.realtimeticket.spring.boot.RealtimeTicketAutoConfiguration;
import io.github.realtimeticket.spring.boot.RealtimeTicketLoginAutoConfiguration;
import io.github.realtimeticket.spring.boot.RealtimeTicketWebFluxAutoConfiguration;
import io.github.realtimeticket.spring.login.Revoker;
import java.net.http.HttpResponse;
import java.security.Principal;
import java.util.List;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import org.springframework.boot.autoconfigure.AutoConfigurations;
import org.springframework.boot.test.context.FilteredClassLoader;
import org.springframework.boot.test.context.runner.ReactiveWebApplicationContextRunner;
import org.springframework.boot.test.system.CapturedOutput;
import org.springframework.boot.test.system.OutputCaptureExtension;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Import;
import org.springframework.core.Ordered;
import org.springframework.core.annotation.Order;
import org.springframework.security.config.web.server.ServerHttpSecurity;
import org.springframework.security.web.server.SecurityWebFilterChain;
import org.springframework.security.web.server.util.matcher.ServerWebExchangeMatcher;
import org.springframework.security.web.server.util.matcher.ServerWebExchangeMatcher.MatchResult;
import org.springframework.security.web.server.util.matcher.ServerWebExchangeMatchers;
import org.springframework.util.ClassUtils;
import org.springframework.web.server.ServerWebExchange;
import org.springframework.web.server.WebFilter;
import reactor.core.publisher.Mono;

/** What the starter does on a class path without servlets. */
@ExtendWith(OutputCaptureExtension.class)
class AutoConfigurationTest {

    @Import(HandshakeApplication.class)
    static class WithItsOwnLogin {

        @Bean
        @Order(0)
        WebFilter login() {
            return (exchange, chain) -> {
                String user = exchange.getRequest().getHeaders().getFirst("X-User");
                Mono<Principal> principal = Mono.justOrEmpty(user == null ? null : () -> user);
                return chain.filter(exchange.mutate().principal(principal).build());
            };
        }
    }

    @Test
    void thereAreNoServletsAndNothingIsMissed(CapturedOutput output) {
        Application.start(SmallApplication.class).close();

        assertThat(ClassUtils.isPresent("jakarta.servlet.Servlet", getClass().getClassLoader()))
                .isFalse();
        assertThat(output.getOut()).contains("Tickets are kept in the memory").doesNotContain("is not served");
    }

    @Test
    void withoutSpringSecurityTheExchangesPrincipalGetsATicket() throws Exception {
        try (var application = Application.start(WithItsOwnLogin.class)) {
            WebUser browser = application.user();

            HttpResponse<String> own = browser.post("/ticket/", "X-User", "alice", "Origin", browser.origin());
            HttpResponse<String> silent = browser.post("/ticket/", "X-User", "alice");
            HttpResponse<String> program = browser.post("/ticket/", "X-User", "alice", "Authorization", "Bearer abc");
            HttpResponse<String> nobody = browser.post("/ticket/", "Origin", browser.origin());
            HttpResponse<String> wrong = browser.get("/ticket/");

            assertThat(own.statusCode()).isEqualTo(200);
            assertThat(program.statusCode()).isEqualTo(200);
            assertError(silent, 403, "forbidden");
            assertError(nobody, 401, "unauthorized");
            assertError(wrong, 405, "method not allowed");
        }
    }

    @Test
    void pathsThatNothingWouldGuardStopTheStart() {
        assertThatThrownBy(() -> Application.start(HandshakeApplication.class, SmallApplication.PATHS))
                .hasStackTraceContaining("realtime-ticket.gate.paths needs a web application with Spring Security");
    }

    @Import(SmallApplication.class)
    static class AnotherChainBefore {

        @Bean
        @Order(Ordered.HIGHEST_PRECEDENCE)
        SecurityWebFilterChain first(ServerHttpSecurity http) {
            return http.securityMatcher(ServerWebExchangeMatchers.pathMatchers("/events", "/a b/**", "/rooms/**"))
                    .authorizeExchange(exchanges -> exchanges.anyExchange().authenticated())
                    .build();
        }
    }

    @Import(SmallApplication.class)
    static class AnotherThatRemembersAndMutates {

        private final Set<Object> seen = ConcurrentHashMap.newKeySet();

        @Bean
        @Order(Ordered.HIGHEST_PRECEDENCE)
        SecurityWebFilterChain first(ServerHttpSecurity http) {
            ServerWebExchangeMatcher events = ServerWebExchangeMatchers.pathMatchers("/events");
            return http.securityMatcher(exchange -> seen.add(exchange)
                            ? events.matches(exchange.mutate()
                                    .request(request -> request.header("X-Request", named(exchange)))
                                    .build())
                            : MatchResult.notMatch())
                    .authorizeExchange(exchanges -> exchanges.anyExchange().authenticated())
                    .build();
        }

        private static String named(ServerWebExchange exchange) {
            return exchange.getRequest().getId() + " " + exchange;
        }
    }

    @Import(SmallApplication.class)
    static class TwoGates {

        @Bean
        @Order(1)
        SecurityWebFilterChain feed(ServerHttpSecurity http, Gate gate) {
            ticketAuthentication(gate).customize(http);
            ticketAuthentication(gate).customize(http);
            return http.build();
        }
    }

    @Test
    void whatCouldOpenAPathWithoutATicketOrNotAtAllStopsTheStart() {
        assertThatThrownBy(() -> Application.start(AnotherChainBefore.class, SmallApplication.PATHS))
                .hasStackTraceContaining("/events could be opened without a ticket");
        assertThatThrownBy(() -> Application.start(AnotherThatRemembersAndMutates.class, SmallApplication.PATHS))
                .hasStackTraceContaining("/events could be opened without a ticket");
        for (String path : List.of("/a b/**", "/rooms/{id:[a-z]{1}}/**")) {
            assertThatThrownBy(() -> Application.start(AnotherChainBefore.class, "realtime-ticket.gate.paths=" + path))
                    .hasStackTraceContaining(path + " could be opened without a ticket");
        }
        assertThatThrownBy(() -> Application.start(TwoGates.class)).hasStackTraceContaining("two gates are two chains");
        assertThatThrownBy(() -> Application.start(SmallApplication.class, "realtime-ticket.gate.paths=realtime/**"))
                .hasStackTraceContaining("realtime-ticket.gate.paths", "such as /realtime/**");
    }

    @Test
    void everyPatternOfSpringsIsAPath() {
        Application.start(SmallApplication.class, "realtime-ticket.gate.paths=/rooms/{id:[0-9]{4}},/a b/**,/%/{*rest}")
                .close();
    }

    @Test
    void springBoot3IsToldWhatItLacks(CapturedOutput output) {
        new ReactiveWebApplicationContextRunner()
                .withConfiguration(AutoConfigurations.of(
                        RealtimeTicketAutoConfiguration.class,
                        RealtimeTicketLoginAutoConfiguration.class,
                        RealtimeTicketWebFluxAutoConfiguration.class))
                .withClassLoader(new FilteredClassLoader("org.springframework.boot.webflux"))
                .run(context -> assertThat(context)
                        .hasNotFailed()
                        .hasSingleBean(Revocations.class)
                        .doesNotHaveBean(Revoker.class));

        assertThat(output).contains("WARN", "POST /ticket/ is not served", "Spring WebFlux of Spring Boot 4");
    }

    @Test
    void settingsAndTheBrowserClientAreBelowTheBasePath() throws Exception {
        try (var application = Application.start(
                SmallApplication.class,
                "spring.webflux.base-path=/app",
                "realtime-ticket.path=/api/tickets/",
                "realtime-ticket.allowed-origins=https://app.example",
                "realtime-ticket.time-to-live=30s",
                "realtime-ticket.limit.burst=2",
                "realtime-ticket.limit.per-second=0.001",
                "realtime-ticket.carrier=header",
                SmallApplication.PATHS)) {
            WebUser alice = new WebUser(application.uri("http", "/app").toString()).logsIn("alice", "ticket");

            HttpResponse<String> allowed = alice.post("/api/tickets/", "Origin", "https://app.example");
            String ticket = allowed.body().replaceAll(".*\"message\":\"([^\"]+)\".*", "$1");

            assertThat(allowed.body()).contains("\"expires_in\":30");
            assertThat(allowed.headers().allValues("Access-Control-Allow-Origin"))
                    .containsExactly("https://app.example");
            assertThat(alice.get("/realtime/plain", "Realtime-Ticket", ticket).body())
                    .isEqualTo("alice");
            assertThat(alice.get("/realtime/plain").statusCode()).isEqualTo(401);
            assertThat(alice.post("/ticket/").statusCode()).isEqualTo(404);
            assertThat(alice.post("/api/tickets/").statusCode()).isEqualTo(200);
            assertError(alice.post("/api/tickets/"), 429, "too many requests");
            assertThat(alice.get("/realtime-ticket/realtime-ticket.js").body()).contains("TicketWebSocket");
        }
    }
}
