// SPDX-License-Identifier: Apache-2.0
package io.github.realtimeticket.spring.boot;

import static io.github.realtimeticket.spring.boot.TicketEndpointTest.assertError;
import static org.assertj.core.api.Assertions.assertThat;

import io.github.realtimeticket.fixtures.Application;
import io.github.realtimeticket.fixtures.WebUser;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Pages of other origins that are allowed by name; everything else about the endpoint moved by properties. */
class AllowedOriginsTest {

    private static final String APP = "https://app.example";

    private static Application application;
    private static WebUser alice;

    @BeforeAll
    static void start() throws Exception {
        application = Application.start(
                TicketEndpointTest.Secured.class,
                "realtime-ticket.allowed-origins=" + APP + ",http://localhost:3000",
                "realtime-ticket.path=/api/tickets/",
                "realtime-ticket.time-to-live=30s");
        alice = application.user().logsIn("alice", "ticket");
    }

    @AfterAll
    static void stop() {
        application.close();
    }

    @Test
    void anAllowedOriginGetsATicketWithCredentialsAndBoundToIt() throws Exception {
        HttpResponse<String> answer = alice.post("/api/tickets/", "Origin", APP, "Sec-Fetch-Site", "cross-site");

        assertThat(answer.statusCode()).isEqualTo(200);
        assertThat(answer.body()).contains("\"expires_in\":30");
        assertThat(answer.headers().allValues("Access-Control-Allow-Origin")).containsExactly(APP);
        assertThat(answer.headers().allValues("Access-Control-Allow-Credentials"))
                .containsExactly("true");
        assertThat(answer.headers().allValues("Vary")).contains("Origin");
        var last = application.bean(TicketEndpointTest.LastIssued.class);
        assertThat(last.value.get().binding().origin()).isEqualTo(APP);
    }

    @Test
    void aPreflightIsAnsweredWithoutALogin() throws Exception {
        HttpResponse<String> answer = application
                .user()
                .send(alice.request(
                                "/api/tickets/",
                                "Origin",
                                APP,
                                "Access-Control-Request-Method",
                                "POST",
                                "Access-Control-Request-Headers",
                                "x-csrf-token")
                        .method("OPTIONS", BodyPublishers.noBody()));

        assertThat(answer.statusCode()).isIn(200, 204);
        assertThat(answer.headers().allValues("Access-Control-Allow-Origin")).containsExactly(APP);
        assertThat(answer.headers().allValues("Access-Control-Allow-Methods")).containsExactly("POST");
        assertThat(answer.headers().allValues("Access-Control-Allow-Headers")).containsExactly("x-csrf-token");
    }

    @Test
    void aPageOfAnAllowedOriginCanReadARefusal() throws Exception {
        HttpResponse<String> answer = application.user().readCsrf().post("/api/tickets/", "Origin", APP);

        assertError(answer, 401, "unauthorized");
        assertThat(answer.headers().allValues("Access-Control-Expose-Headers")).containsExactly("Retry-After");
        assertThat(answer.headers().allValues("Access-Control-Allow-Origin")).containsExactly(APP);
    }

    @ParameterizedTest
    @ValueSource(strings = {"https://app.example.evil.example", "http://app.example", "https://APP.example", "null"})
    void anyOtherOriginIsRefusedWithoutCorsHeaders(String origin) throws Exception {
        HttpResponse<String> answer = alice.post("/api/tickets/", "Origin", origin);

        assertError(answer, 403, "forbidden");
        assertThat(answer.headers().firstValue("Access-Control-Allow-Origin")).isEmpty();
    }

    @Test
    void theUsualPathIsNotOursThen() throws Exception {
        HttpResponse<String> answer = alice.post("/ticket/");

        assertThat(answer.statusCode()).isEqualTo(404);
    }
}
