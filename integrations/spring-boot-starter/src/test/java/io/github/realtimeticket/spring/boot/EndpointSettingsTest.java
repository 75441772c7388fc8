// SPDX-License-Identifier: Apache-2.0
package io.github.realtimeticket.spring.boot;

import static io.github.realtimeticket.fixtures.Answers.assertError;
import static org.assertj.core.api.Assertions.assertThat;

import io.github.realtimeticket.fixtures.Application;
import io.github.realtimeticket.fixtures.WebUser;
import java.net.http.HttpResponse;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** What properties change about the endpoint. */
class EndpointSettingsTest {

    private static final String APP = "https://app.example";

    @Test
    void itMovesLetsPagesOfOtherOriginsAskAndItsTicketsLiveLonger() throws Exception {
        try (var application = Application.start(
                SmallApplication.class,
                "realtime-ticket.allowed-origins=" + APP + ",http://localhost:3000",
                "realtime-ticket.path=/api/tickets/",
                "realtime-ticket.time-to-live=30s")) {
            WebUser alice = application.user().logsIn("alice", "ticket");

            HttpResponse<String> allowed = alice.post("/api/tickets/", "Origin", APP, "Sec-Fetch-Site", "cross-site");
            HttpResponse<String> foreign = alice.post("/api/tickets/", "Origin", "https://evil.example");
            HttpResponse<String> elsewhere = alice.post("/ticket/");

            assertThat(allowed.statusCode()).isEqualTo(200);
            assertThat(allowed.body()).contains("\"expires_in\":30");
            assertThat(allowed.headers().allValues("Access-Control-Allow-Origin"))
                    .containsExactly(APP);
            assertError(foreign, 403, "forbidden");
            assertThat(elsewhere.statusCode()).isEqualTo(404);
        }
    }

    @ParameterizedTest
    @ValueSource(strings = {"/ticket/", "/api/ticket/"})
    void itIsBelowSpringMvcsOwnPathAsTheScriptIsThatAsksIt(String path) throws Exception {
        String basic = "Basic YWxpY2U6dGlja2V0";
        try (var application = Application.start(
                SmallApplication.class, "spring.mvc.servlet.path=/api", "realtime-ticket.path=" + path)) {
            WebUser user = application.user();

            HttpResponse<String> issued =
                    user.post("/api/ticket/", "Authorization", basic, "Sec-Fetch-Site", "same-origin");
            HttpResponse<String> nobody = user.post("/api/ticket/");
            HttpResponse<String> script = user.get("/api/realtime-ticket/realtime-ticket.js", "Authorization", basic);

            assertThat(issued.statusCode()).isEqualTo(200);
            assertError(nobody, 401, "unauthorized");
            assertThat(script.statusCode()).isEqualTo(200);
        }
    }

    @Test
    void thePagesOriginIsSetWhereAProxyHidesIt() throws Exception {
        try (var application = Application.start(SmallApplication.class, "realtime-ticket.origin=" + APP)) {
            WebUser alice = application.user().logsIn("alice", "ticket");

            assertThat(alice.post("/ticket/", "Origin", APP).statusCode()).isEqualTo(200);
            assertError(alice.post("/ticket/", "Origin", "https://other.example"), 403, "forbidden");
        }
    }

    @Test
    void t18_theLimitIsSlower() throws Exception {
        try (var application = Application.start(SmallApplication.class, "realtime-ticket.limit.per-second=0.1")) {
            WebUser alice = application.user().logsIn("alice", "ticket");
            for (int i = 0; i < 30; i++) {
                assertThat(alice.post("/ticket/").statusCode()).isEqualTo(200);
            }

            HttpResponse<String> refused = alice.post("/ticket/");

            assertError(refused, 429, "too many requests");
            assertThat(refused.headers().firstValueAsLong("Retry-After").orElseThrow())
                    .isBetween(1L, 10L);
        }
    }

    @Test
    void thereIsNoLimitWhereItIsSwitchedOff() throws Exception {
        try (var application = Application.start(SmallApplication.class, "realtime-ticket.limit.enabled=false")) {
            WebUser alice = application.user().logsIn("alice", "ticket");

            for (int i = 0; i < 50; i++) {
                assertThat(alice.post("/ticket/").statusCode()).isEqualTo(200);
            }
        }
    }
}
