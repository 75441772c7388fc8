// SPDX-License-Identifier: Apache-2.0
package io.github.realtimeticket.spring.web;

import static io.github.realtimeticket.fixtures.Answers.assertError;
import static org.assertj.core.api.Assertions.assertThat;

import io.github.realtimeticket.Ticket;
import io.github.realtimeticket.TicketHolder;
import io.github.realtimeticket.fixtures.Application;
import io.github.realtimeticket.fixtures.WebUser;
import io.github.realtimeticket.spring.SmallApplication;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.junit.jupiter.api.AutoClose;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** The endpoint in an application with Spring Security. */
class TicketEndpointTest {

    private static final Pattern OK =
            Pattern.compile("\\{\"status\":\"ok\",\"message\":\"([A-Za-z0-9_-]{27})\",\"expires_in\":10}");

    @AutoClose
    private static Application application;

    private static WebUser alice;

    @BeforeAll
    static void start() throws Exception {
        application = Application.start(SmallApplication.class);
        alice = application.user().logsIn("alice", "ticket");
    }

    @Test
    void aLoggedInUserGetsATicketThatStandsForThatUser() throws Exception {
        HttpResponse<String> answer = alice.post("/ticket/");

        assertThat(answer.statusCode()).isEqualTo(200);
        assertThat(answer.headers().allValues("Content-Type")).containsExactly("application/json");
        Matcher body = OK.matcher(answer.body());
        assertThat(body.matches()).as(answer.body()).isTrue();
        Ticket ticket = Ticket.parse(body.group(1)).orElseThrow();
        assertThat(application.redeem(ticket)).contains(TicketHolder.of("alice", "alice"));
        assertThat(application.redeem(ticket)).isEmpty();
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "/ticket",
                "/ticket;a",
                "/ticket/;a",
                "/ticket;/",
                "//ticket/",
                "/ticket//",
                "/./ticket/",
                "/x/../ticket/",
                "/x/..;/ticket/",
                "/%74icket/",
                "/ticket%2F",
                "/TICKET/"
            })
    void noOtherSpellingOfThePathIsOurs(String path) throws Exception {
        HttpResponse<String> answer = alice.post(path);

        assertThat(answer.statusCode()).isIn(400, 404);
        assertThat(answer.body()).doesNotContain("expires_in");
    }

    @Test
    void a401BeginsNoSession() throws Exception {
        HttpResponse<String> answer = application.user().post("/ticket/");

        assertError(answer, 401, "unauthorized");
        assertThat(answer.headers().allValues("Set-Cookie")).isEmpty();
    }

    @Test
    void whoIsNotLoggedInGetsA401InJsonAndNoRedirect() throws Exception {
        WebUser stranger = application.user().readCsrf();

        HttpResponse<String> answer = stranger.post("/ticket/");

        assertError(answer, 401, "unauthorized");
        assertThat(answer.headers().firstValue("Location")).isEmpty();
    }

    @Test
    void whoWasLoggedOutElsewhereGetsA401ThoughTheCsrfTokenIsGoneToo() throws Exception {
        WebUser loggedOut = application.user().logsIn("alice", "ticket");
        loggedOut.forgets("JSESSIONID");

        HttpResponse<String> answer = loggedOut.post("/ticket/");

        assertError(answer, 401, "unauthorized");
    }

    @Test
    void aPostWithoutItsCsrfTokenGetsA403InJson() throws Exception {
        HttpResponse<String> answer = alice.send(alice.request("/ticket/").POST(BodyPublishers.noBody()));

        assertError(answer, 403, "forbidden");
    }

    @ParameterizedTest
    @ValueSource(strings = {"GET", "HEAD", "PUT", "DELETE", "OPTIONS", "PATCH"})
    void anyOtherMethodGetsA405(String method) throws Exception {
        HttpResponse<String> answer = alice.send(alice.request("/ticket/").method(method, BodyPublishers.noBody()));

        assertThat(answer.headers().allValues("Allow")).containsExactly("POST");
        assertThat(answer.statusCode()).isEqualTo(405);
        if (!method.equals("HEAD")) {
            assertError(answer, 405, "method not allowed");
        }
    }

    @ParameterizedTest
    @CsvSource({
        "Origin, https://evil.example",
        "Origin, null",
        "Origin, http://127.0.0.1",
        "Origin, ''",
        "Origin, https://app.example/path",
        "Sec-Fetch-Site, cross-site",
        "Sec-Fetch-Site, same-site",
        "Sec-Fetch-Site, nonsense"
    })
    void aPageOfAnotherOriginGetsA403EvenWithACsrfToken(String name, String value) throws Exception {
        HttpResponse<String> answer = alice.post("/ticket/", name, value);

        assertError(answer, 403, "forbidden");
    }

    @Test
    void anOriginOfAnotherSiteIsNotExcusedByAMissingSiteHeader() throws Exception {
        HttpResponse<String> both =
                alice.post("/ticket/", "Origin", "https://evil.example", "Sec-Fetch-Site", "cross-site");

        assertError(both, 403, "forbidden");
    }

    @Test
    void aTicketIsBoundToTheOriginOfThePageThatAskedForIt() throws Exception {
        assertThat(alice.post("/ticket/", "Origin", alice.origin()).statusCode())
                .isEqualTo(200);
        String withOrigin = lastOrigin();
        assertThat(alice.post("/ticket/", "Sec-Fetch-Site", "same-origin", "Origin", "https://proxy.example")
                        .statusCode())
                .isEqualTo(200);
        String behindAProxy = lastOrigin();
        assertThat(alice.post("/ticket/").statusCode()).isEqualTo(200);
        String without = lastOrigin();

        assertThat(withOrigin).isEqualTo(alice.origin());
        assertThat(behindAProxy).isEqualTo("https://proxy.example");
        assertThat(without).isNull();
    }

    @Test
    void anOriginThatIsHiddenBindsToNothing() throws Exception {
        HttpResponse<String> answer = alice.post("/ticket/", "Sec-Fetch-Site", "same-origin", "Origin", "null");

        assertThat(answer.statusCode()).isEqualTo(200);
        assertThat(lastOrigin()).isNull();
    }

    @ParameterizedTest
    @ValueSource(strings = {"https://app.example/path", "app.example", "https://user@app.example"})
    void whatIsNoOriginIsRefusedThoughItIsSaidToBeOurs(String origin) throws Exception {
        assertError(alice.post("/ticket/", "Sec-Fetch-Site", "same-origin", "Origin", origin), 403, "forbidden");
        assertError(
                alice.post("/ticket/", "Sec-Fetch-Site", "same-origin", "Origin", "https://" + "a".repeat(512)),
                403,
                "forbidden");
    }

    @Test
    void noAnswerIsStoredTellsAReferrerOrOpensToOtherOrigins() throws Exception {
        HttpResponse<String> ok = alice.post("/ticket/", "Origin", alice.origin());
        HttpResponse<String> refused = alice.post("/ticket/", "Origin", "https://evil.example");
        HttpResponse<String> wrong = alice.get("/ticket/");
        HttpResponse<String> stranger = application.user().readCsrf().post("/ticket/");

        for (HttpResponse<String> answer : java.util.List.of(ok, refused, wrong, stranger)) {
            assertThat(answer.headers().allValues("Cache-Control")).containsExactly("no-store");
            assertThat(answer.headers().allValues("Referrer-Policy")).containsExactly("no-referrer");
            assertThat(answer.headers().map().keySet())
                    .noneMatch(name -> name.toLowerCase(java.util.Locale.ROOT).startsWith("access-control"));
        }
    }

    @Test
    void theApplicationRefusesItsOwnPagesItsOwnWay() throws Exception {
        HttpResponse<String> page = application.user().send(application.user().request("/page", "Accept", "text/html"));
        HttpResponse<String> post = alice.send(alice.request("/page").POST(BodyPublishers.noBody()));

        assertThat(page.statusCode()).isEqualTo(302);
        assertThat(page.headers().firstValue("Location").orElseThrow()).endsWith("/login");
        assertThat(post.statusCode()).isEqualTo(403);
        assertThat(post.body()).doesNotContain("\"message\":\"forbidden\"");
    }

    private static String lastOrigin() {
        return application
                .bean(SmallApplication.Issued.class)
                .values()
                .getLast()
                .binding()
                .origin();
    }
}
