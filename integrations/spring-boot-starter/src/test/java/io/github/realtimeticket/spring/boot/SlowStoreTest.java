// SPDX-License-Identifier: Apache-2.0
package io.github.realtimeticket.spring.boot;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.github.realtimeticket.TicketEvent;
import io.github.realtimeticket.TicketListener;
import io.github.realtimeticket.TicketStoreException;
import java.net.http.HttpResponse;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.Test;
import org.springframework.boot.SpringBootConfiguration;
import org.springframework.boot.autoconfigure.EnableAutoConfiguration;
import org.springframework.context.annotation.Bean;
import org.springframework.web.bind.annotation.GetMapping;
import org.springframework.web.bind.annotation.RestController;

/** What the endpoint does while the store is slow, and when it is down. */
class SlowStoreTest {

    @SpringBootConfiguration
    @EnableAutoConfiguration
    @RestController
    static class Secured {

        @Bean
        RemoteStore remoteStore() {
            return new RemoteStore();
        }

        @Bean
        Faults faults() {
            return new Faults();
        }

        @GetMapping("/alive")
        String alive() {
            return "alive";
        }
    }

    /** How often a listener has heard that the store failed. */
    static final class Faults implements TicketListener {

        private final AtomicInteger count = new AtomicInteger();

        @Override
        public void on(TicketEvent event) {
            if (event instanceof TicketEvent.Failed) {
                count.incrementAndGet();
            }
        }
    }

    @Test
    void issuerAndGateHaveOneBoundAndWhatIsTurnedAwayIsAnsweredLikeAnyFault() throws Exception {
        try (var application = Application.start(
                Secured.class,
                "realtime-ticket.limit.burst=1000",
                "realtime-ticket.allowed-origins=https://app.example",
                "realtime-ticket.gate.paths=/realtime/**")) {
            Browser alice = application.browser().logsIn("alice", "ticket");
            Browser stranger = application.browser();
            CompletableFuture<Void> answer = application.bean(RemoteStore.class).hold();

            List<CompletableFuture<HttpResponse<String>>> asked = new ArrayList<>();
            for (int i = 0; i < 50; i++) {
                asked.add(alice.postLater("/ticket/"));
                asked.add(stranger.getLater("/realtime/?ticket=aaaaaaaaaaaaaaaaaaaaaaaaaaa"));
            }
            await().atMost(Duration.ofSeconds(30))
                    .until(() ->
                            asked.stream().filter(CompletableFuture::isDone).count() == 36);
            HttpResponse<String> turnedAway = alice.post("/ticket/", "Origin", "https://app.example");
            HttpResponse<String> withoutTicket = stranger.get("/realtime/");
            int faults = application.bean(Faults.class).count.get();
            answer.complete(null);
            await().atMost(Duration.ofSeconds(30)).until(() -> asked.stream().allMatch(CompletableFuture::isDone));

            TicketEndpointTest.assertError(turnedAway, 503, "unavailable");
            assertThat(turnedAway.headers().firstValue("Access-Control-Allow-Origin"))
                    .hasValue("https://app.example");
            assertThat(withoutTicket.statusCode()).isEqualTo(401);
            assertThat(faults).isEqualTo(37);
        }
    }

    @Test
    void aStoreThatHangsDoesNotTakeTheThreadsOfTheApplication() throws Exception {
        try (var application = Application.start(Secured.class, "realtime-ticket.limit.burst=1000")) {
            Browser alice = application.browser().logsIn("alice", "ticket");
            CompletableFuture<Void> answer = application.bean(RemoteStore.class).hold();

            List<CompletableFuture<HttpResponse<String>>> asked = new ArrayList<>();
            for (int i = 0; i < 100; i++) {
                asked.add(alice.postLater("/ticket/"));
            }
            await().atMost(Duration.ofSeconds(30))
                    .until(() ->
                            asked.stream().filter(CompletableFuture::isDone).count() == 36);
            String alive = alice.get("/alive").body();
            answer.complete(null);
            List<Integer> statuses = new ArrayList<>();
            for (CompletableFuture<HttpResponse<String>> one : asked) {
                statuses.add(one.get(30, TimeUnit.SECONDS).statusCode());
            }

            assertThat(alive).isEqualTo("alive");
            assertThat(statuses).containsOnly(200, 503);
            assertThat(statuses.stream().filter(status -> status == 200)).hasSize(64);
        }
    }

    @Test
    void aStoreThatHangsDoesNotTakeTheThreadsByItsGateEither() throws Exception {
        try (var application = Application.start(Secured.class, "realtime-ticket.gate.paths=/realtime/**")) {
            Browser alice = application.browser().logsIn("alice", "ticket");
            Browser stranger = application.browser();
            CompletableFuture<Void> answer = application.bean(RemoteStore.class).hold();

            List<CompletableFuture<HttpResponse<String>>> asked = new ArrayList<>();
            for (int i = 0; i < 100; i++) {
                asked.add(stranger.getLater("/realtime/?ticket=aaaaaaaaaaaaaaaaaaaaaaaaaaa"));
            }
            await().atMost(Duration.ofSeconds(30))
                    .until(() ->
                            asked.stream().filter(CompletableFuture::isDone).count() == 36);
            String alive = alice.get("/alive").body();
            answer.completeExceptionally(new TicketStoreException("silent"));
            await().atMost(Duration.ofSeconds(30)).until(() -> asked.stream().allMatch(CompletableFuture::isDone));
            CompletableFuture<Void> stillSilent =
                    application.bean(RemoteStore.class).hold();
            CompletableFuture<HttpResponse<String>> alone =
                    stranger.getLater("/realtime/?ticket=bbbbbbbbbbbbbbbbbbbbbbbbbbb");
            await().atMost(Duration.ofSeconds(30)).until(() -> stillSilent.getNumberOfDependents() == 1);
            int meanwhile = stranger.get("/realtime/?ticket=ccccccccccccccccccccccccccc")
                    .statusCode();
            stillSilent.complete(null);

            assertThat(alive).isEqualTo("alive");
            assertThat(asked)
                    .allSatisfy(one -> assertThat(one.join().statusCode()).isEqualTo(503));
            assertThat(meanwhile).isEqualTo(503);
            assertThat(alone.get(30, TimeUnit.SECONDS).statusCode()).isEqualTo(401);
            assertThat(stranger.get("/realtime/?ticket=ccccccccccccccccccccccccccc")
                            .statusCode())
                    .isEqualTo(401);
        }
    }

    @Test
    void aStoreThatIsDownIsA503WithoutDetailsAndTheNextTicketWorks() throws Exception {
        try (var application = Application.start(Secured.class)) {
            Browser alice = application.browser().logsIn("alice", "ticket");
            RemoteStore store = application.bean(RemoteStore.class);

            store.down();
            HttpResponse<String> down = alice.post("/ticket/");
            CompletableFuture<Void> answer = store.hold();
            CompletableFuture<HttpResponse<String>> later = alice.postLater("/ticket/");
            assertThat(alice.get("/alive").body()).isEqualTo("alive");
            answer.completeExceptionally(new TicketStoreException("gone"));
            HttpResponse<String> failedLater = later.get(30, TimeUnit.SECONDS);
            store.up();

            TicketEndpointTest.assertError(down, 503, "unavailable");
            TicketEndpointTest.assertError(failedLater, 503, "unavailable");
            assertThat(failedLater.headers().allValues("Cache-Control")).containsExactly("no-store");
            assertThat(alice.post("/ticket/").statusCode()).isEqualTo(200);
        }
    }
}
