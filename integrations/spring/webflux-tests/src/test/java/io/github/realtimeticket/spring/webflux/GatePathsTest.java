// SPDX-License-Identifier: Apache-2.0
package io.github.realtimeticket.spring.webflux;

import static io.github.realtimeticket.fixtures.Answers.assertError;
import static io.github.realtimeticket.spring.webflux.TicketAuthenticationCustomizer.ticketAuthentication;
import static org.assertj.core.api.Assertions.assertThat;

import io.github.realtimeticket.Gate;
import io.github.realtimeticket.TicketGrant;
import io.github.realtimeticket.TicketHolder;
import io.github.realtimeticket.fixtures.Application;
import io.github.realtimeticket.fixtures.WebUser;
import io.github.realtimeticket.spring.security.TicketAuthentication;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse;
import java.security.Principal;
import java.util.List;
import org.junit.jupiter.api.AutoClose;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.springframework.boot.test.system.CapturedOutput;
import org.springframework.boot.test.system.OutputCaptureExtension;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Import;
import org.springframework.core.Ordered;
import org.springframework.core.annotation.Order;
import org.springframework.security.authentication.AnonymousAuthenticationToken;
import org.springframework.security.config.Customizer;
import org.springframework.security.config.web.server.ServerHttpSecurity;
import org.springframework.security.core.annotation.AuthenticationPrincipal;
import org.springframework.security.core.authority.AuthorityUtils;
import org.springframework.security.web.server.SecurityWebFilterChain;
import org.springframework.security.web.server.util.matcher.ServerWebExchangeMatchers;
import org.springframework.web.bind.annotation.GetMapping;
import org.springframework.web.bind.annotation.RestController;
import reactor.core.publisher.Mono;

/** Paths of a reactive application that a ticket opens, and no way in without one. */
@ExtendWith(OutputCaptureExtension.class)
class GatePathsTest {

    private static final String BOB = "Basic Ym9iOnRpY2tldA==";

    record Account(Object number) {}

    @Import(SmallApplication.class)
    @RestController
    static class WithItsOwn {

        @Bean
        @Order(Ordered.HIGHEST_PRECEDENCE)
        SecurityWebFilterChain first(ServerHttpSecurity http) {
            return http.securityMatcher(ServerWebExchangeMatchers.pathMatchers("/realtime/open"))
                    .authorizeExchange(exchanges -> exchanges.anyExchange().permitAll())
                    .build();
        }

        @Bean
        @Order(1)
        SecurityWebFilterChain feed(ServerHttpSecurity http, Gate gate) {
            ticketAuthentication(gate)
                    .converter(admitted -> Mono.just(TicketAuthentication.of(
                            admitted, admitted.holder(), AuthorityUtils.createAuthorityList("ROLE_READER"))))
                    .customize(http);
            return http.securityMatcher(ServerWebExchangeMatchers.pathMatchers("/feed/**"))
                    .httpBasic(Customizer.withDefaults())
                    .authorizeExchange(exchanges -> exchanges
                            .pathMatchers("/feed/admin")
                            .hasRole("ADMIN")
                            .anyExchange()
                            .hasRole("READER"))
                    .build();
        }

        @Bean
        SecurityWebFilterChain others(ServerHttpSecurity http) {
            return http.authorizeExchange(exchanges -> exchanges.anyExchange().authenticated())
                    .anonymous(Customizer.withDefaults())
                    .httpBasic(Customizer.withDefaults())
                    .build();
        }

        @Bean
        ReactiveTicketAuthenticationConverter accounts() {
            return admitted -> admitted.holder().username().equals("nobody")
                    ? Mono.empty()
                    : Mono.just(TicketAuthentication.of(
                            admitted, new Account(admitted.holder().id()), List.of()));
        }

        @Bean
        ReactiveTicketGrants numbers() {
            return (user, exchange) -> switch (user.getName()) {
                case "guest" -> Mono.empty();
                case "banned" -> Mono.just(TicketGrant.denied("as the test wants it"));
                case "reader" ->
                    exchange.getFormData().map(form -> TicketGrant.to(TicketHolder.of(8, form.toString())));
                case "uploader" ->
                    exchange.getMultipartData().map(parts -> TicketGrant.to(TicketHolder.of(9, parts.toString())));
                case "broken" -> Mono.error(new IllegalStateException("as the test wants it"));
                default -> Mono.just(TicketGrant.to(TicketHolder.of(7, user.getName())));
            };
        }

        @GetMapping("/realtime/account")
        String account(@AuthenticationPrincipal Account account) {
            return account.toString();
        }

        @GetMapping({"/feed/name", "/feed/admin", "/realtime/open"})
        String name(Principal user) {
            return user.getName() + (user instanceof AnonymousAuthenticationToken ? " unknown" : "");
        }
    }

    @AutoClose
    private static Application application;

    @AutoClose
    private static Application own;

    private WebUser alice;
    private WebUser stranger;

    @BeforeAll
    static void start() {
        application = Application.start(SmallApplication.class, SmallApplication.PATHS);
        own = Application.start(WithItsOwn.class, SmallApplication.PATHS);
    }

    @BeforeEach
    void login() throws Exception {
        alice = application.user().logsIn("alice", "ticket");
        stranger = application.user();
    }

    @Test
    void aTicketOpensThesePathsWithoutASessionAndNothingElseDoes() throws Exception {
        String ticket = alice.ticket();

        HttpResponse<String> first = stranger.get("/realtime/plain?ticket=" + ticket);
        HttpResponse<String> second = stranger.get("/realtime/plain?ticket=" + ticket);

        for (String path : List.of("/realtime/plain", "/REALTIME/plain", "/events", "/events/")) {
            assertThat(alice.get(path).statusCode()).as(path).isEqualTo(401);
        }
        assertThat(first.body()).isEqualTo("alice");
        assertThat(first.headers().allValues("Set-Cookie")).isEmpty();
        assertError(second, 401, "unauthorized");
        assertThat(second.headers().allValues("WWW-Authenticate")).containsExactly("Ticket");
        assertThat(second.headers().allValues("Cache-Control")).containsExactly("no-store");
        assertThat(stranger.get("/events?ticket=" + alice.ticket()).body()).isEqualTo("alice");
    }

    @Test
    void aLoginIsStillAskedForEverywhereElse() throws Exception {
        HttpResponse<String> page = stranger.get("/me", "Accept", "text/html");

        assertThat(page.statusCode()).isEqualTo(302);
        assertThat(page.headers().firstValue("Location"))
                .hasValueSatisfying(place -> assertThat(place).endsWith("/login"));
        assertThat(alice.get("/me").body()).isEqualTo("alice");
    }

    @Test
    void theTicketDecidesWhoTheUserIsWhateverElseTheRequestCarries() throws Exception {
        WebUser bob = application.user().logsIn("bob", "ticket");
        String ticket = own.issue(TicketHolder.of(1, "alice"));

        HttpResponse<String> overSession = bob.get("/realtime/plain?ticket=" + alice.ticket());
        HttpResponse<String> overBasic = own.user().get("/feed/name?ticket=" + ticket, "Authorization", BOB);

        assertThat(overSession.body()).isEqualTo("alice");
        assertThat(overSession.headers().allValues("Set-Cookie")).isEmpty();
        assertThat(overBasic.body()).isEqualTo("alice");
        assertThat(bob.get("/me").body()).isEqualTo("bob");
    }

    @Test
    void aPlainPostNeedsNoCsrfTokenAndHasNoAuthorities() throws Exception {
        HttpResponse<String> answer = stranger.send(
                stranger.request("/realtime/plain?ticket=" + alice.ticket()).POST(BodyPublishers.noBody()));

        assertThat(answer.body()).isEqualTo("alice [] alice");
    }

    @Test
    void aFaultOfTheApplicationIsItsOwnAndAPreflightIsAnsweredWithoutATicket() throws Exception {
        String ticket = alice.ticket();

        HttpResponse<String> preflight =
                stranger.preflight("/realtime/plain?ticket=" + ticket, "https://app.example", "GET");

        assertThat(preflight.statusCode()).isEqualTo(200);
        assertThat(preflight.headers().firstValue("Access-Control-Allow-Origin"))
                .hasValue("https://app.example");
        assertThat(stranger.get("/realtime/plain?ticket=" + ticket).body()).isEqualTo("alice");
        assertThat(stranger.get("/realtime/fault?ticket=" + alice.ticket()).statusCode())
                .isEqualTo(500);
    }

    @Test
    void aPathThatAnotherChainTakesIsStillClosed() throws Exception {
        String ticket = own.issue(TicketHolder.of(1, "alice"));

        assertError(own.user().get("/realtime/open?ticket=" + ticket), 401, "unauthorized");
        assertThat(own.user().get("/feed/name?ticket=" + ticket).body()).isEqualTo("alice");
    }

    @Test
    void rulesOfItsOwnDecideBehindTheTicket() throws Exception {
        String ticket = own.issue(TicketHolder.of(1, "alice"));

        assertThat(own.user().get("/feed/admin?ticket=" + ticket).statusCode()).isEqualTo(403);
        assertThat(own.user().get("/feed/name").statusCode()).isEqualTo(401);
        assertThat(own.user().get("/feed/name", "Authorization", BOB).statusCode())
                .isEqualTo(401);
    }

    @Test
    void anAccountOfTheApplicationIsThePrincipalAndWhoeverHasNoneIsNotLetIn() throws Exception {
        String known = own.issue(TicketHolder.of(7, "alice"));
        String unknown = own.issue(TicketHolder.of(8, "nobody"));

        assertThat(own.user().get("/realtime/account?ticket=" + known).body()).isEqualTo("Account[number=7]");
        assertError(own.user().get("/realtime/account?ticket=" + unknown), 503, "unavailable");
    }

    @Test
    void theApplicationSaysWhatTicketAUserGets() throws Exception {
        assertThat(asks("carol").statusCode()).isEqualTo(200);
        assertError(asks("guest"), 401, "unauthorized");
        assertError(asks("banned"), 403, "forbidden");
        assertError(asks("broken"), 500, "error");
    }

    @ParameterizedTest
    @CsvSource(delimiter = '|', textBlock = """
            reader   | application/x-www-form-urlencoded | a=%zz
            carol    | application/x-www-form-urlencoded | a=%zz
            uploader | multipart/form-data               | --x
            uploader | multipart/form-data; boundary=x   | --y
            """)
    void aRequestThatCannotBeReadIsNoFaultOfTheServer(String user, String type, String body, CapturedOutput output)
            throws Exception {
        HttpResponse<String> answer = own.user()
                .send(own.user()
                        .request(
                                "/ticket/",
                                "Authorization",
                                basic(user),
                                "Sec-Fetch-Site",
                                "same-origin",
                                "Content-Type",
                                type)
                        .POST(BodyPublishers.ofString(body)));

        assertError(answer, 400, "bad request");
        assertThat(output.getAll()).doesNotContain("ERROR");
    }

    @Test
    void nobodyAnonymousGetsATicketOrASession() throws Exception {
        HttpResponse<String> answer = own.user().post("/ticket/", "Sec-Fetch-Site", "same-origin");

        assertError(answer, 401, "unauthorized");
        assertThat(answer.headers().allValues("Set-Cookie")).isEmpty();
    }

    private static HttpResponse<String> asks(String username) throws Exception {
        return own.user().post("/ticket/", "Authorization", basic(username), "Sec-Fetch-Site", "same-origin");
    }

    private static String basic(String username) {
        return "Basic "
                + java.util.Base64.getEncoder()
                        .encodeToString((username + ":ticket").getBytes(java.nio.charset.StandardCharsets.UTF_8));
    }
}
