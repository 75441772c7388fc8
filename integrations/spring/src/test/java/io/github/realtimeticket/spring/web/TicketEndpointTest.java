// SPDX-License-Identifier: Apache-2.0
package io.github.realtimeticket.spring.web;

import static io.github.realtimeticket.fixtures.Answers.assertError;
import static org.assertj.core.api.Assertions.assertThat;

import io.github.realtimeticket.fixtures.Application;
import io.github.realtimeticket.fixtures.WebUser;
import io.github.realtimeticket.fixtures.Wire;
import io.github.realtimeticket.spring.SmallApplication;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse;
import java.util.List;
import org.junit.jupiter.api.AutoClose;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** What the contract of an issuer does not say of the endpoint in an application with Spring Security. */
class TicketEndpointTest {

    @AutoClose
    private static Application application;

    private static WebUser alice;

    @BeforeAll
    static void start() throws Exception {
        application = Application.start(SmallApplication.class);
        alice = application.user().logsIn("alice", "ticket");
    }

    @Test
    void aTicketIsBoundToTheOriginThatTheBrowserNamesBehindAProxyToo() throws Exception {
        assertThat(alice.post("/ticket/", "Sec-Fetch-Site", "same-origin", "Origin", "https://proxy.example")
                        .statusCode())
                .isEqualTo(200);
        String behindAProxy = lastOrigin();
        assertThat(alice.post("/ticket/").statusCode()).isEqualTo(200);
        String without = lastOrigin();

        assertThat(behindAProxy).isEqualTo("https://proxy.example");
        assertThat(without).isNull();
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

        for (HttpResponse<String> answer : List.of(ok, refused, wrong, stranger)) {
            assertThat(answer.headers().allValues("Cache-Control")).containsExactly("no-store");
            assertThat(answer.headers().allValues("Referrer-Policy")).containsExactly("no-referrer");
            assertThat(answer.headers().map().keySet())
                    .noneMatch(name -> name.toLowerCase(java.util.Locale.ROOT).startsWith("access-control"));
        }
    }

    @Test
    void aStrangersFormIsNotReadForATicket() throws Exception {
        for (String length : List.of("Content-Length: 100000000", "Transfer-Encoding: chunked")) {
            try (var client = new Wire(application.port())) {
                // The body never comes.
                client.send("POST /ticket/ HTTP/1.1\r\nHost: localhost\r\n"
                        + "Content-Type: application/x-www-form-urlencoded\r\n" + length + "\r\n\r\n");
                assertThat(client.answer().status()).as(length).isEqualTo(401);
            }
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
