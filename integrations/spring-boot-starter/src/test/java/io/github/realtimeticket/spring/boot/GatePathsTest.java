// SPDX-License-Identifier: Apache-2.0
package io.github.realtimeticket.spring.boot;

import static io.github.realtimeticket.spring.security.TicketAuthenticationConfigurer.ticketAuthentication;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.github.realtimeticket.Admission;
import io.github.realtimeticket.Gate;
import io.github.realtimeticket.Refusal;
import io.github.realtimeticket.TicketHolder;
import io.github.realtimeticket.Tickets;
import io.github.realtimeticket.fixtures.Application;
import io.github.realtimeticket.fixtures.WebUser;
import io.github.realtimeticket.fixtures.Wire;
import io.github.realtimeticket.spring.security.TicketAuthentication;
import io.github.realtimeticket.spring.security.TicketAuthenticationConverter;
import io.github.realtimeticket.spring.web.ServletGate;
import jakarta.servlet.Filter;
import jakarta.servlet.http.HttpServlet;
import jakarta.servlet.http.HttpServletRequest;
import jakarta.servlet.http.HttpServletResponse;
import java.io.IOException;
import java.net.http.HttpResponse;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.AutoClose;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import org.springframework.boot.test.system.CapturedOutput;
import org.springframework.boot.test.system.OutputCaptureExtension;
import org.springframework.boot.web.servlet.FilterRegistrationBean;
import org.springframework.boot.web.servlet.ServletRegistrationBean;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Import;
import org.springframework.core.Ordered;
import org.springframework.core.annotation.Order;
import org.springframework.http.HttpMethod;
import org.springframework.security.config.Customizer;
import org.springframework.security.config.annotation.web.builders.HttpSecurity;
import org.springframework.security.config.annotation.web.configuration.WebSecurityCustomizer;
import org.springframework.security.core.annotation.AuthenticationPrincipal;
import org.springframework.security.web.SecurityFilterChain;
import org.springframework.security.web.servlet.util.matcher.PathPatternRequestMatcher;
import org.springframework.security.web.util.matcher.AndRequestMatcher;
import org.springframework.security.web.util.matcher.NegatedRequestMatcher;
import org.springframework.security.web.util.matcher.RegexRequestMatcher;
import org.springframework.security.web.util.matcher.RequestHeaderRequestMatcher;
import org.springframework.security.web.util.matcher.RequestMatcher;
import org.springframework.stereotype.Controller;
import org.springframework.web.bind.annotation.GetMapping;
import org.springframework.web.bind.annotation.RestController;
import org.springframework.web.filter.UrlHandlerFilter;
import org.springframework.web.servlet.config.annotation.PathMatchConfigurer;
import org.springframework.web.servlet.config.annotation.WebMvcConfigurer;
import org.springframework.web.util.UriUtils;
import org.springframework.web.util.pattern.PathPatternParser;

/** Paths that a ticket opens, by a property alone: no line of code, and no way in without a ticket. */
@ExtendWith(OutputCaptureExtension.class)
class GatePathsTest {

    private static final String PATHS = "realtime-ticket.gate.paths=/realtime/**,/events";

    private static final String ALICE = "Basic YWxpY2U6dGlja2V0";

    private static final String OPEN = "a path that none takes is open to everybody";

    record Account(Object number) {}

    @Import(SmallApplication.class)
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

    @Import(SmallApplication.class)
    static class AnotherChainBefore {

        @Bean
        @Order(Ordered.HIGHEST_PRECEDENCE)
        SecurityFilterChain first(HttpSecurity http) throws Exception {
            return http.securityMatcher("/realtime/**", "/other/**")
                    .authorizeHttpRequests(requests -> requests.anyRequest().authenticated())
                    .build();
        }
    }

    @Import({SmallApplication.class, Heard.class})
    static class AnotherChainBeforeForSome {

        @Bean
        @Order(Ordered.HIGHEST_PRECEDENCE)
        SecurityFilterChain first(HttpSecurity http) throws Exception {
            return http.securityMatcher("/realtime/account", "/events/", "/other/**")
                    .authorizeHttpRequests(requests -> requests.anyRequest().permitAll())
                    .build();
        }
    }

    @Import(SmallApplication.class)
    static class OutOfSecurity {

        @Bean
        WebSecurityCustomizer ignoring() {
            return web -> web.ignoring().requestMatchers("/events");
        }
    }

    @Import(SmallApplication.class)
    static class OwnTicketChain {

        @Bean
        @Order(2)
        SecurityFilterChain feed(HttpSecurity http) throws Exception {
            return http.securityMatcher("/feed/{room}/**", "/news")
                    .authorizeHttpRequests(requests -> requests.anyRequest().authenticated())
                    .with(ticketAuthentication(), Customizer.withDefaults())
                    .build();
        }
    }

    @Import(OwnTicketChain.class)
    static class AnotherBeforeIt {

        @Bean
        @Order(1)
        SecurityFilterChain first(HttpSecurity http) throws Exception {
            return http.securityMatcher("/feed/**")
                    .authorizeHttpRequests(requests -> requests.anyRequest().authenticated())
                    .build();
        }
    }

    @Import(OwnTicketChain.class)
    static class AnotherBeforeItThatDecodes {

        @Bean
        @Order(1)
        SecurityFilterChain first(HttpSecurity http) throws Exception {
            return http.securityMatcher(request -> request.getIntHeader("Content-Length") <= 0
                            && UriUtils.decode(request.getRequestURI(), request.getCharacterEncoding())
                                    .startsWith(request.getContextPath() + "/feed/"))
                    .authorizeHttpRequests(requests -> requests.anyRequest().authenticated())
                    .build();
        }
    }

    @Import(OwnTicketChain.class)
    static class OwnOutOfSecurity {

        @Bean
        WebSecurityCustomizer ignoring() {
            return web -> web.ignoring().requestMatchers("/news");
        }
    }

    /** Chains of the application's own, the special ones before the general one of tickets. */
    @Import(SmallApplication.class)
    static class ParcelledOut {

        @Bean
        @Order(1)
        SecurityFilterChain onePath(HttpSecurity http) throws Exception {
            return byLogin(http, path("/rooms/{id}"));
        }

        @Bean
        @Order(2)
        SecurityFilterChain whatIsNoHandshake(HttpSecurity http) throws Exception {
            return byLogin(http, path("/chat"), not(new RequestHeaderRequestMatcher("Upgrade", "websocket")));
        }

        @Bean
        @Order(3)
        SecurityFilterChain withoutTicket(HttpSecurity http) throws Exception {
            return byLogin(http, path("/live"), request -> request.getParameter("ticket") == null);
        }

        @Bean
        @Order(4)
        SecurityFilterChain oneMethod(HttpSecurity http) throws Exception {
            return byLogin(http, PathPatternRequestMatcher.withDefaults().matcher(HttpMethod.GET, "/talk"));
        }

        @Bean
        @Order(5)
        SecurityFilterChain whatIsNoStream(HttpSecurity http) throws Exception {
            return byLogin(http, path("/stream"), not(new RequestHeaderRequestMatcher("Accept", "text/event-stream")));
        }

        @Bean
        @Order(5)
        SecurityFilterChain someNames(HttpSecurity http) throws Exception {
            return byLogin(http, RegexRequestMatcher.regexMatcher("/halls/[a-z]+"));
        }

        @Bean
        @Order(5)
        SecurityFilterChain whatHttp11Opens(HttpSecurity http) throws Exception {
            return byLogin(
                    http, path("/tunnel"), request -> !request.getMethod().equals("CONNECT"));
        }

        @Bean
        @Order(6)
        SecurityFilterChain byTicket(HttpSecurity http) throws Exception {
            return http.securityMatcher("/rooms/**", "/chat", "/live", "/talk", "/stream", "/halls/{name}", "/tunnel")
                    .authorizeHttpRequests(requests -> requests.anyRequest().authenticated())
                    .with(ticketAuthentication(), Customizer.withDefaults())
                    .build();
        }

        private static SecurityFilterChain byLogin(HttpSecurity http, RequestMatcher... all) throws Exception {
            return http.securityMatcher(new AndRequestMatcher(all))
                    .authorizeHttpRequests(requests -> requests.anyRequest().authenticated())
                    .build();
        }

        private static RequestMatcher path(String pattern) {
            return PathPatternRequestMatcher.withDefaults().matcher(pattern);
        }

        private static RequestMatcher not(RequestMatcher matcher) {
            return new NegatedRequestMatcher(matcher);
        }
    }

    /** Ways by which a path comes to mean another one behind security, or to lie beside Spring MVC. */
    @Import(SmallApplication.class)
    @Controller
    static class Detours {

        @Bean
        WebMvcConfigurer anyCase() {
            var parser = new PathPatternParser();
            parser.setCaseSensitive(false);
            return new WebMvcConfigurer() {
                @Override
                public void configurePathMatch(PathMatchConfigurer paths) {
                    paths.setPatternParser(parser);
                }
            };
        }

        @Bean
        Filter withoutTheLastSlash() {
            return UrlHandlerFilter.trailingSlashHandler("/**").wrapRequest().build();
        }

        @Bean
        ServletRegistrationBean<HttpServlet> anotherServlet() {
            return new ServletRegistrationBean<>(
                    new HttpServlet() {
                        @Override
                        protected void doGet(HttpServletRequest request, HttpServletResponse response)
                                throws IOException {
                            response.getWriter().print(request.getRemoteUser());
                        }
                    },
                    "/realtime/servlet");
        }

        @Bean
        FilterRegistrationBean<Filter> anotherGate(Tickets tickets) {
            var gate = new ServletGate(Gate.of(tickets));
            var filter = new FilterRegistrationBean<Filter>((request, response, chain) -> {
                assertThat(gate.admit((HttpServletRequest) request, Optional::empty))
                        .isInstanceOf(Admission.Admitted.class);
                chain.doFilter(request, response);
            });
            filter.addUrlPatterns("/api/elsewhere");
            return filter;
        }

        @GetMapping({"/forward", "/elsewhere"})
        String forward() {
            return "forward:/api/realtime/who";
        }

        @GetMapping("/include")
        void include(HttpServletRequest request, HttpServletResponse response) throws Exception {
            response.getWriter().print("before, ");
            request.getRequestDispatcher("/api/realtime/who").include(request, response);
            response.getWriter().print("after");
        }

        @GetMapping("/dispatch")
        void dispatch(HttpServletRequest request, HttpServletResponse response) {
            request.startAsync().dispatch("/api/realtime/who");
        }
    }

    /** Between them, two chains leave nothing of the tickets' paths. */
    @Import(ParcelledOut.class)
    static class NothingLeft {

        @Bean
        @Order(5)
        SecurityFilterChain otherMethods(HttpSecurity http) throws Exception {
            return ParcelledOut.byLogin(http, ParcelledOut.path("/talk"));
        }
    }

    @AutoClose
    private static Application small;

    @BeforeAll
    static void start() {
        small = Application.start(SmallApplication.class, PATHS);
    }

    @Test
    void aTicketOpensThesePathsAndNothingElseDoes() throws Exception {
        WebUser alice = small.user().logsIn("alice", "ticket");
        WebUser stranger = small.user();
        String ticket = alice.ticket();

        assertThat(alice.get("/realtime/who").statusCode()).isEqualTo(401);
        assertThat(alice.get("/events").statusCode()).isEqualTo(401);
        assertThat(stranger.get("/realtime/who?ticket=" + ticket).body()).isEqualTo("alice");
        assertThat(stranger.get("/realtime/who?ticket=" + ticket).statusCode()).isEqualTo(401);
        assertThat(stranger.get("/events?ticket=" + alice.ticket()).body()).isEqualTo("alice");
    }

    @Test
    void bootsOwnChainStillAsksForALoginEverywhereElse(CapturedOutput output) throws Exception {
        try (var application = Application.start(SmallApplication.class, PATHS)) {
            WebUser stranger = application.user();

            assertThat(stranger.get("/me", "Accept", "text/html").headers().firstValue("Location"))
                    .hasValueSatisfying(place -> assertThat(place).endsWith("/login"));
            assertThat(stranger.logsIn("alice", "ticket").get("/me").body()).isEqualTo("alice");
        }
        assertThat(output.getOut()).doesNotContain(OPEN);
    }

    @Test
    void aFaultOfTheApplicationIsItsOwnAndAPreflightIsAnsweredWithoutATicket() throws Exception {
        WebUser alice = small.user().logsIn("alice", "ticket");
        WebUser stranger = small.user();
        String ticket = alice.ticket();

        HttpResponse<String> preflight =
                stranger.preflight("/realtime/who?ticket=" + ticket, "https://app.example", "GET");

        assertThat(preflight.statusCode()).isEqualTo(200);
        assertThat(preflight.headers().firstValue("Access-Control-Allow-Origin"))
                .hasValue("https://app.example");
        assertThat(stranger.get("/realtime/who?ticket=" + ticket).body()).isEqualTo("alice");
        assertThat(stranger.get("/realtime/fault?ticket=" + alice.ticket()).statusCode())
                .isEqualTo(500);
    }

    @Test
    void t20_aQueryThatTheContainerCannotReadUsesUpNoTicket() throws Exception {
        String ticket = small.issue(TicketHolder.of(1, "alice"));

        Wire.Answer answer;
        try (var wire = new Wire(small.port())) {
            wire.handshake("/realtime/who?d=50%&ticket=" + ticket);
            answer = wire.answer();
        }

        assertThat(answer.status()).isEqualTo(400);
        assertThat(answer.body()).contains("bad request").doesNotContain(ticket);
        assertThat(small.user().get("/realtime/who?ticket=" + ticket).body()).isEqualTo("alice");
    }

    @Test
    void aPathThatAnotherChainTakesIsStillClosedSaidAndCounted(CapturedOutput output) throws Exception {
        try (var application = Application.start(AnotherChainBeforeForSome.class, PATHS)) {
            WebUser stranger = application.user();

            assertThat(stranger.get("/realtime/account").statusCode()).isEqualTo(401);
            assertThat(stranger.get("/realtime/account").statusCode()).isEqualTo(401);
            assertThat(application.bean(Heard.class).refusals()).containsExactly(Refusal.MISSING, Refusal.MISSING);

            assertThat(stranger.get("/events/").statusCode())
                    .as("of another spelling than the property's")
                    .isEqualTo(401);
        }
        assertThat(output.getOut().lines().filter(line -> line.contains("/realtime/account is refused")))
                .singleElement()
                .satisfies(line -> assertThat(line).contains("WARN"));
        assertThat(output.getOut()).as("nor does one stand before all others").containsOnlyOnce(OPEN);
    }

    @Test
    void theFilterStandsBehindSpringSecurityWhereverThatStands() throws Exception {
        try (var application = Application.start(SmallApplication.class, PATHS, "spring.security.filter.order=-50")) {
            WebUser alice = application.user().logsIn("alice", "ticket");

            assertThat(alice.get("/events?ticket=" + alice.ticket()).body()).isEqualTo("alice");
        }
    }

    @Test
    void noDetourOpensThesePathsWithoutATicket() throws Exception {
        for (String security : List.of("request", "request,forward,include,async,error")) {
            try (var application = Application.start(
                    Detours.class,
                    PATHS,
                    "spring.mvc.servlet.path=/api",
                    "spring.security.filter.dispatcher-types=" + security)) {
                WebUser user = application.user();

                for (String path : List.of(
                        "/api/REALTIME/who", "/api/events/", "/realtime/servlet", "/api/forward", "/api/dispatch")) {
                    assertThat(user.get(path, "Authorization", ALICE).body())
                            .as(path)
                            .contains("unauthorized")
                            .doesNotContain("alice");
                }
                HttpResponse<String> including = user.get("/api/include", "Authorization", ALICE);
                assertThat(including.statusCode()).isEqualTo(200);
                assertThat(including.body()).as("it goes on without").isEqualTo("before, after");
                String elsewhere = application.issue(TicketHolder.of(1, "alice"));
                assertThat(user.get("/api/elsewhere?ticket=" + elsewhere, "Authorization", ALICE)
                                .body())
                        .contains("unauthorized");
                for (String path : List.of("/api/REALTIME/who", "/api/events/", "/realtime/servlet")) {
                    String ticket = application.issue(TicketHolder.of(1, "alice"));
                    assertThat(user.get(path + "?ticket=" + ticket).body()).isEqualTo("alice");
                }
            }
        }
    }

    @Test
    void anAccountOfTheApplicationIsThePrincipal() throws Exception {
        try (var application = Application.start(WithAccounts.class, PATHS)) {
            WebUser alice = application.user().logsIn("alice", "ticket");

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
        assertThatThrownBy(() -> Application.start(AnotherBeforeIt.class))
                .hasStackTraceContaining("/feed/{room}/** could be opened without a ticket");
        assertThatThrownBy(() -> Application.start(AnotherBeforeIt.class, PATHS))
                .hasStackTraceContaining("/feed/{room}/** could be opened without a ticket");
        assertThatThrownBy(() -> Application.start(AnotherBeforeItThatDecodes.class))
                .hasStackTraceContaining("/feed/{room}/** could be opened without a ticket");
        assertThatThrownBy(() -> Application.start(OwnOutOfSecurity.class))
                .hasStackTraceContaining("/news could be opened without a ticket");
        assertThatThrownBy(() -> Application.start(NothingLeft.class))
                .hasStackTraceContaining("/talk could be opened without a ticket");
        Application.start(OwnTicketChain.class).close();
    }

    @Test
    void aChainBeforeThatTakesAPartOnlyStopsNoStart() throws Exception {
        try (var application = Application.start(ParcelledOut.class)) {
            assertThat(application.user().get("/rooms/1/events").headers().firstValue("WWW-Authenticate"))
                    .hasValue("Ticket");
        }
    }
}
