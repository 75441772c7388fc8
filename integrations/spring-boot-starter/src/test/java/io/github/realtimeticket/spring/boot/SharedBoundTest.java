// SPDX-License-Identifier: Apache-2.0
package io.github.realtimeticket.spring.boot;

import static io.github.realtimeticket.fixtures.Answers.assertError;
import static io.github.realtimeticket.fixtures.Eventually.eventually;
import static org.assertj.core.api.Assertions.assertThat;

import io.github.realtimeticket.fixtures.Application;
import io.github.realtimeticket.fixtures.RemoteStore;
import io.github.realtimeticket.fixtures.WebUser;
import java.net.http.HttpResponse;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import org.junit.jupiter.api.Test;

/** The endpoint, the gate and the pages of an application wait for its store within one bound. */
class SharedBoundTest {

    @Test
    void whatIsTurnedAwayIsAnsweredLikeAnyFault() throws Exception {
        var heard = new Heard();
        var store = new RemoteStore();
        try (var application = Application.start(
                SmallApplication.class,
                Map.of("heard", heard, "store", store),
                "realtime-ticket.limit.burst=1000",
                "realtime-ticket.allowed-origins=https://app.example",
                "realtime-ticket.gate.paths=/realtime/**")) {
            WebUser alice = application.user().logsIn("alice", "ticket");
            WebUser stranger = application.user();
            CompletableFuture<Void> answer = store.hold();

            List<CompletableFuture<HttpResponse<String>>> asked = new ArrayList<>();
            for (int i = 0; i < 50; i++) {
                asked.add(alice.postLater("/ticket/"));
                asked.add(stranger.getLater("/realtime/who?ticket=aaaaaaaaaaaaaaaaaaaaaaaaaaa"));
            }
            eventually(() -> asked.stream().filter(CompletableFuture::isDone).count() == 36);
            HttpResponse<String> turnedAway = alice.post("/ticket/", "Origin", "https://app.example");
            HttpResponse<String> withoutTicket = stranger.get("/realtime/who");
            long faults = heard.faults();
            answer.complete(null);
            eventually(() -> asked.stream().allMatch(CompletableFuture::isDone));

            assertError(turnedAway, 503, "unavailable");
            assertThat(turnedAway.headers().firstValue("Access-Control-Allow-Origin"))
                    .hasValue("https://app.example");
            assertThat(withoutTicket.statusCode()).isEqualTo(401);
            assertThat(faults).isEqualTo(37);
        }
    }
}
