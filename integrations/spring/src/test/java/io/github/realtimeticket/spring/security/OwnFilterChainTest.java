// SPDX-License-Identifier: Apache-2.0
package io.github.realtimeticket.spring.security;

import static io.github.realtimeticket.fixtures.Answers.assertError;
import static org.assertj.core.api.Assertions.assertThat;

import io.github.realtimeticket.Issuer;
import io.github.realtimeticket.Tickets;
import io.github.realtimeticket.fixtures.Application;
import io.github.realtimeticket.fixtures.WebUser;
import io.github.realtimeticket.spring.SmallApplication;
import jakarta.servlet.FilterChain;
import jakarta.servlet.ServletException;
import jakarta.servlet.ServletRequest;
import jakarta.servlet.ServletResponse;
import jakarta.servlet.http.HttpServletRequest;
import jakarta.servlet.http.HttpServletResponse;
import java.io.IOException;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse;
import java.nio.charset.StandardCharsets;
import java.util.Base64;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Import;
import org.springframework.http.HttpStatus;
import org.springframework.security.config.Customizer;
import org.springframework.security.config.annotation.web.builders.HttpSecurity;
import org.springframework.security.config.annotation.web.configurers.AbstractHttpConfigurer;
import org.springframework.security.web.SecurityFilterChain;
import org.springframework.security.web.authentication.HttpStatusEntryPoint;
import org.springframework.security.web.csrf.CsrfFilter;
import org.springframework.security.web.csrf.CsrfToken;
import org.springframework.web.bind.annotation.GetMapping;
import org.springframework.web.bind.annotation.RestController;

/** The endpoint answers alike, however an application has set up its own security. */
class OwnFilterChainTest {

    @Import(SmallApplication.class)
    @RestController
    static class Custom {

        @Bean
        SecurityFilterChain security(HttpSecurity http) throws Exception {
            return http.authorizeHttpRequests(requests -> requests.anyRequest().authenticated())
                    .formLogin(form -> form.loginPage("/login").permitAll())
                    .exceptionHandling(faults -> faults.accessDeniedPage("/denied")
                            .authenticationEntryPoint(new HttpStatusEntryPoint(HttpStatus.NOT_FOUND)))
                    .build();
        }

        @GetMapping("/login")
        String login(CsrfToken csrf) {
            return "<input name=\"_csrf\" value=\"" + csrf.getToken() + "\">";
        }

        @GetMapping("/denied")
        String denied() {
            return "denied, the application's way";
        }
    }

    @Import(SmallApplication.class)
    static class Stateless {

        @Bean
        SecurityFilterChain security(HttpSecurity http) throws Exception {
            return http.authorizeHttpRequests(requests -> requests.anyRequest().authenticated())
                    .httpBasic(Customizer.withDefaults())
                    .csrf(AbstractHttpConfigurer::disable)
                    .build();
        }
    }

    @Import(SmallApplication.class)
    static class BobOnly {

        @Bean
        SecurityFilterChain security(HttpSecurity http) throws Exception {
            return http.authorizeHttpRequests(requests -> requests.requestMatchers("/ticket/")
                            .hasRole("bob")
                            .anyRequest()
                            .authenticated())
                    .formLogin(Customizer.withDefaults())
                    .build();
        }
    }

    @Import(SmallApplication.class)
    static class OneSessionEachAndAFilter {

        @Bean
        SecurityFilterChain security(HttpSecurity http) throws Exception {
            return http.authorizeHttpRequests(requests -> requests.anyRequest().authenticated())
                    .formLogin(Customizer.withDefaults())
                    .sessionManagement(sessions -> sessions.maximumSessions(1))
                    .addFilterBefore(OneSessionEachAndAFilter::refuse, CsrfFilter.class)
                    .build();
        }

        private static void refuse(ServletRequest request, ServletResponse response, FilterChain chain)
                throws IOException, ServletException {
            if (((HttpServletRequest) request).getHeader("X-Blocked") == null) {
                chain.doFilter(request, response);
            } else {
                ((HttpServletResponse) response).setStatus(418);
            }
        }
    }

    @Import(SmallApplication.class)
    static class WithCors {

        @Bean
        SecurityFilterChain security(HttpSecurity http) throws Exception {
            return http.authorizeHttpRequests(requests -> requests.anyRequest().authenticated())
                    .formLogin(Customizer.withDefaults())
                    .cors(Customizer.withDefaults())
                    .build();
        }

        @Bean
        Issuer allowing(Tickets tickets) {
            return Issuer.builder(tickets)
                    .allowedOrigins(List.of("https://app.example"))
                    .build();
        }
    }

    @Test
    void whatASessionOrAFilterOfTheApplicationRefusesKeepsItsAnswer() throws Exception {
        try (var application = Application.start(OneSessionEachAndAFilter.class)) {
            WebUser first = application.user().logsIn("alice", "ticket");
            WebUser second = application.user().logsIn("alice", "ticket");

            HttpResponse<String> expired = first.post("/ticket/");
            HttpResponse<String> blocked = second.post("/ticket/", "X-Blocked", "yes");

            assertThat(expired.body())
                    .startsWith("This session has been expired")
                    .doesNotContain("expires_in");
            assertThat(blocked.statusCode()).isEqualTo(418);
            assertThat(blocked.body()).isEmpty();
            assertThat(second.post("/ticket/").statusCode()).isEqualTo(200);
        }
    }

    @Test
    void theCorsSettingsOfTheApplicationSeeTheEndpoint() throws Exception {
        try (var application = Application.start(WithCors.class)) {
            WebUser alice = application.user().logsIn("alice", "ticket");

            HttpResponse<String> allowed = alice.preflight("/ticket/", "https://app.example", "POST");
            HttpResponse<String> foreign = alice.preflight("/ticket/", "https://evil.example", "POST");
            HttpResponse<String> ticket = alice.post("/ticket/", "Origin", "https://app.example");

            assertThat(allowed.statusCode()).isIn(200, 204);
            assertThat(allowed.headers().allValues("Access-Control-Allow-Origin"))
                    .containsExactly("https://app.example");
            assertThat(foreign.headers().map()).doesNotContainKey("access-control-allow-origin");
            assertThat(ticket.statusCode()).isEqualTo(200);
            assertThat(ticket.headers().allValues("Access-Control-Allow-Origin"))
                    .containsExactly("https://app.example");
        }
    }

    @Test
    void anEntryPointAndAnErrorPageOfTheApplicationStayTheApplications() throws Exception {
        try (var application = Application.start(Custom.class)) {
            WebUser stranger = application.user();
            WebUser alice = application.user().logsIn("alice", "ticket");

            HttpResponse<String> noToken = alice.send(alice.request("/ticket/").POST(BodyPublishers.noBody()));
            HttpResponse<String> noLogin = application.user().readCsrf().post("/ticket/");
            HttpResponse<String> elsewhere = stranger.get("/anything");
            HttpResponse<String> ticket = alice.post("/ticket/");

            assertError(noToken, 403, "forbidden");
            assertError(noLogin, 401, "unauthorized");
            assertThat(elsewhere.statusCode()).isEqualTo(404);
            assertThat(elsewhere.body()).isEmpty();
            assertThat(ticket.statusCode()).isEqualTo(200);
        }
    }

    @Test
    void withoutCsrfProtectionTheRequestMustShowThatItComesFromAPageOfThisOrigin() throws Exception {
        try (var application = Application.start(Stateless.class)) {
            WebUser browser = application.user();
            String login =
                    "Basic " + Base64.getEncoder().encodeToString("alice:ticket".getBytes(StandardCharsets.UTF_8));

            HttpResponse<String> silent = browser.post("/ticket/", "Authorization", login);
            HttpResponse<String> foreign =
                    browser.post("/ticket/", "Authorization", login, "Origin", "https://evil.example");
            HttpResponse<String> own = browser.post("/ticket/", "Authorization", login, "Origin", browser.origin());
            HttpResponse<String> site =
                    browser.post("/ticket/", "Authorization", login, "Sec-Fetch-Site", "same-origin");
            HttpResponse<String> stranger = browser.post("/ticket/", "Origin", browser.origin());

            assertError(silent, 403, "forbidden");
            assertError(foreign, 403, "forbidden");
            assertThat(own.statusCode()).isEqualTo(200);
            assertThat(site.statusCode()).isEqualTo(200);
            assertError(stranger, 401, "unauthorized");
            assertThat(stranger.headers().firstValue("WWW-Authenticate")).isEmpty();
        }
    }

    @ParameterizedTest
    @ValueSource(strings = {"", "/app"})
    void aRuleForThePathHoldsBelowAnyContextPath(String contextPath) throws Exception {
        String context = "server.servlet.context-path=" + contextPath;
        try (var application = Application.start(BobOnly.class, context)) {
            String root = application.uri("http", contextPath).toString();
            WebUser alice = new WebUser(root).logsIn("alice", "ticket");
            WebUser bob = new WebUser(root).logsIn("bob", "ticket");

            HttpResponse<String> refused = alice.post("/ticket/");

            assertThat(refused.statusCode()).isEqualTo(403);
            assertThat(refused.body()).doesNotContain("expires_in");
            assertThat(bob.post("/ticket/").statusCode()).isEqualTo(200);
            assertThat(bob.post("/..;" + contextPath + "/ticket/").statusCode()).isIn(400, 404);
        }
    }
}
