// SPDX-License-Identifier: Apache-2.0
package io.github.realtimeticket.spring.webflux;

import static io.github.realtimeticket.fixtures.Answers.assertError;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.github.realtimeticket.fixtures.Application;
import io.github.realtimeticket.fixtures.WebUser;
import java.net.http.HttpResponse;
import java.security.Principal;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import org.springframework.boot.test.system.CapturedOutput;
import org.springframework.boot.test.system.OutputCaptureExtension;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Import;
import org.springframework.core.annotation.Order;
import org.springframework.util.ClassUtils;
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

    @Test
    void settingsAndTheBrowserClientAreBelowTheBasePath() throws Exception {
        try (var application = Application.start(
                SmallApplication.class,
                "spring.webflux.base-path=/app",
                "realtime-ticket.path=/api/tickets/",
                "realtime-ticket.allowed-origins=https://app.example",
                "realtime-ticket.time-to-live=30s",
                "realtime-ticket.limit.burst=2",
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
            assertThat(alice.post("/ticket/").statusCode()).isEqualTo(404);
            assertThat(alice.post("/api/tickets/").statusCode()).isEqualTo(200);
            assertError(alice.post("/api/tickets/"), 429, "too many requests");
            assertThat(alice.get("/realtime-ticket/realtime-ticket.js").body()).contains("TicketWebSocket");
        }
    }
}
