// SPDX-License-Identifier: Apache-2.0
package io.github.realtimeticket.spring.web;

import static io.github.realtimeticket.fixtures.Answers.assertError;
import static org.assertj.core.api.Assertions.assertThat;

import io.github.realtimeticket.Issuer;
import io.github.realtimeticket.TicketGrant;
import io.github.realtimeticket.TicketHolder;
import io.github.realtimeticket.Tickets;
import io.github.realtimeticket.fixtures.Application;
import io.github.realtimeticket.fixtures.WebUser;
import io.github.realtimeticket.spring.SmallApplication;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import org.junit.jupiter.api.AutoClose;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import org.springframework.boot.test.system.CapturedOutput;
import org.springframework.boot.test.system.OutputCaptureExtension;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Import;
import org.springframework.security.config.Customizer;
import org.springframework.security.config.annotation.web.builders.HttpSecurity;
import org.springframework.security.web.SecurityFilterChain;

/** Faults of the application around the endpoint, its CSRF protection switched off there, and its pages behind a proxy. */
@ExtendWith(OutputCaptureExtension.class)
class EndpointFaultTest {

    private static final String APP = "http://app.example";

    @Import(SmallApplication.class)
    static class Faulty {

        @Bean
        SecurityFilterChain security(HttpSecurity http) throws Exception {
            return http.authorizeHttpRequests(requests -> requests.anyRequest().authenticated())
                    .formLogin(Customizer.withDefaults())
                    .csrf(csrf -> csrf.ignoringRequestMatchers("/ticket/"))
                    .build();
        }

        @Bean
        Issuer behindAProxy(Tickets tickets) {
            return Issuer.builder(tickets).origin(APP).build();
        }

        @Bean
        TicketGrants holders() {
            return (user, request) -> Optional.of(TicketGrant.to(
                    switch (user.getName()) {
                        case "nameless" -> throw new IllegalArgumentException("as the test wants it");
                        case "chatty" ->
                            TicketHolder.of(1, "chatty").withAttributes(Map.of("words", "a".repeat(100_000)));
                        default -> TicketHolder.of(request.getParameterMap().size(), user.getName());
                    }));
        }
    }

    @AutoClose
    private static Application application;

    @BeforeAll
    static void start() {
        application = Application.start(Faulty.class);
    }

    private static WebUser login(String user) throws Exception {
        return application.user().logsIn(user, "ticket");
    }

    @Test
    void aFaultOfTheApplicationIsNotTakenForTheStores() throws Exception {
        assertError(login("nameless").post("/ticket/"), 500, "error");
        assertError(login("chatty").post("/ticket/"), 500, "error");
    }

    @Test
    void whatDoesNotParseIsAFaultOfTheRequestThoughTheApplicationReadsIt(CapturedOutput output) throws Exception {
        String origin = application.user().origin();

        for (Body body : unreadable()) {
            // Each from a client of its own: Jetty cuts the connection behind a body that ends too early.
            assertError(body.sentBy(login("alice")), 400, "bad request");
            assertError(body.sentBy(login("alice"), "Origin", origin), 400, "bad request");
            assertError(body.sentBy(application.user()), 401, "unauthorized");
            assertError(body.sentBy(application.user(), "Origin", origin), 401, "unauthorized");
        }
        assertThat(output.getAll()).doesNotContain("ERROR").doesNotContain("\tat ");
    }

    private record Body(String type, String text) {

        HttpResponse<String> sentBy(WebUser user, String... headers) throws Exception {
            return user.send(user.request("/ticket/", headers)
                    .header("Content-Type", type)
                    .POST(BodyPublishers.ofString(text)));
        }
    }

    private static List<Body> unreadable() {
        String form = "application/x-www-form-urlencoded";
        String fields = IntStream.range(0, 1_200).mapToObj(i -> "a" + i + "=1").collect(Collectors.joining("&"));
        return List.of(
                new Body(form, "a=%zz"),
                new Body(form, fields),
                new Body("multipart/form-data", "x"),
                new Body("multipart/form-data; boundary=x", "--x\r\nContent-Disposition: form-data\r\n"),
                new Body("multipart/mixed", "x"));
    }

    @Test
    void whereCsrfProtectionIgnoresThePathTheRequestMustStillShowWhereItComesFrom() throws Exception {
        WebUser alice = login("alice");

        HttpResponse<String> silent = alice.send(alice.request("/ticket/").POST(BodyPublishers.noBody()));
        HttpResponse<String> wrong =
                alice.send(alice.request("/ticket/", "X-CSRF-TOKEN", "wrong").POST(BodyPublishers.noBody()));
        HttpResponse<String> token = alice.post("/ticket/");
        HttpResponse<String> own =
                alice.send(alice.request("/ticket/", "Origin", alice.origin()).POST(BodyPublishers.noBody()));

        assertError(silent, 403, "forbidden");
        assertError(wrong, 403, "forbidden");
        assertThat(token.statusCode()).isEqualTo(200);
        assertThat(own.statusCode()).isEqualTo(200);
    }

    @Test
    void theOriginThatIsSetIsOursThoughTheRequestNamesAnotherHost() throws Exception {
        WebUser alice = login("alice");

        assertThat(alice.post("/ticket/", "Origin", APP).statusCode()).isEqualTo(200);
        assertError(alice.post("/ticket/", "Origin", "http://other.example"), 403, "forbidden");
    }
}
