// SPDX-License-Identifier: Apache-2.0
package io.github.realtimeticket.spring.web;

import static io.github.realtimeticket.fixtures.Answers.assertError;
import static io.github.realtimeticket.fixtures.Eventually.eventually;
import static org.assertj.core.api.Assertions.assertThat;

import io.github.realtimeticket.BoundedTicketStore;
import io.github.realtimeticket.Issuer;
import io.github.realtimeticket.TicketStore;
import io.github.realtimeticket.TicketStoreException;
import io.github.realtimeticket.Tickets;
import io.github.realtimeticket.fixtures.Application;
import io.github.realtimeticket.fixtures.RemoteStore;
import io.github.realtimeticket.fixtures.WebUser;
import io.github.realtimeticket.spring.RealtimePaths;
import io.github.realtimeticket.spring.SmallApplication;
import java.net.http.HttpResponse;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.Test;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Import;
import org.springframework.context.annotation.Primary;
import org.springframework.security.config.Customizer;
import org.springframework.security.config.annotation.web.builders.HttpSecurity;
import org.springframework.security.web.SecurityFilterChain;

/** What the endpoint does while the store is slow, and when it is down. */
class SlowStoreTest {

    /** Tomcat has 200. */
    private static final int MORE_THAN_THREADS = 300;

    @Import({SmallApplication.class, RealtimePaths.class})
    static class Busy {

        @Bean
        SecurityFilterChain security(HttpSecurity http) throws Exception {
            return http.authorizeHttpRequests(requests -> requests.anyRequest().authenticated())
                    .formLogin(Customizer.withDefaults())
                    .build();
        }

        @Bean
        Issuer unlimited(Tickets tickets) {
            return Issuer.builder(tickets).unlimited().build();
        }
    }

    /** A third of its threads may wait for the store, as with the starter. */
    @Import(Busy.class)
    static class Small {

        @Bean
        @Primary
        Tickets few(TicketStore store) {
            return Tickets.of(new BoundedTicketStore(store, 4));
        }
    }

    @Test
    void aStoreThatIsSlowLeavesThreadsToOthers() throws Exception {
        try (var application = Application.start(Small.class, "server.tomcat.threads.max=12")) {
            WebUser alice = application.user().logsIn("alice", "ticket");
            WebUser strangers = application.user();
            // As many at a time as there are places: each takes 160 milliseconds.
            application.bean(RemoteStore.class).slow(Duration.ofMillis(40));
            var answers = new AtomicInteger();
            for (int i = 0; i < 100; i++) {
                askAgainAndAgain(strangers, answers);
            }
            eventually(() -> answers.get() > 100);

            List<Duration> took = new ArrayList<>();
            for (int i = 0; i < 5; i++) {
                long start = System.nanoTime();
                assertThat(alice.get("/me").body()).isEqualTo("alice");
                took.add(Duration.ofNanos(System.nanoTime() - start));
            }

            Collections.sort(took);
            assertThat(took.get(2)).as("median of %s", took).isLessThan(Duration.ofSeconds(1));
        }
    }

    private static void askAgainAndAgain(WebUser strangers, AtomicInteger answers) {
        CompletableFuture<Void> unused = strangers
                .getLater("/realtime/who?ticket=aaaaaaaaaaaaaaaaaaaaaaaaaaa")
                .thenRunAsync(
                        () -> {
                            answers.incrementAndGet();
                            askAgainAndAgain(strangers, answers);
                        },
                        CompletableFuture.delayedExecutor(1, TimeUnit.SECONDS));
    }

    @Test
    void aStoreThatHangsDoesNotTakeTheThreadsOfTheApplication() throws Exception {
        try (var application = Application.start(Busy.class)) {
            WebUser alice = application.user().logsIn("alice", "ticket");
            CompletableFuture<Void> answer = application.bean(RemoteStore.class).hold();

            List<CompletableFuture<HttpResponse<String>>> asked = new ArrayList<>();
            for (int i = 0; i < MORE_THAN_THREADS; i++) {
                asked.add(alice.postLater("/ticket/"));
            }
            eventually(() -> answer.getNumberOfDependents() == BoundedTicketStore.PLACES);
            String meanwhile = alice.get("/me").body();
            eventually(() -> asked.stream().filter(CompletableFuture::isDone).count()
                    == MORE_THAN_THREADS - BoundedTicketStore.PLACES);
            answer.complete(null);
            List<Integer> statuses = new ArrayList<>();
            for (CompletableFuture<HttpResponse<String>> one : asked) {
                statuses.add(one.get(30, TimeUnit.SECONDS).statusCode());
            }

            assertThat(meanwhile).isEqualTo("alice");
            assertThat(statuses).containsOnly(200, 503);
            assertThat(statuses.stream().filter(status -> status == 200)).hasSize(BoundedTicketStore.PLACES);
        }
    }

    @Test
    void aStoreThatHangsDoesNotTakeTheThreadsByItsGateEither() throws Exception {
        try (var application = Application.start(Busy.class)) {
            WebUser alice = application.user().logsIn("alice", "ticket");
            WebUser stranger = application.user();
            CompletableFuture<Void> answer = application.bean(RemoteStore.class).hold();

            List<CompletableFuture<HttpResponse<String>>> asked = new ArrayList<>();
            for (int i = 0; i < MORE_THAN_THREADS; i++) {
                asked.add(stranger.getLater("/realtime/who?ticket=aaaaaaaaaaaaaaaaaaaaaaaaaaa"));
            }
            eventually(() -> answer.getNumberOfDependents() == BoundedTicketStore.PLACES);
            String meanwhile = alice.get("/me").body();
            eventually(() -> asked.stream().filter(CompletableFuture::isDone).count()
                    == MORE_THAN_THREADS - BoundedTicketStore.PLACES);
            answer.completeExceptionally(new TicketStoreException("silent"));
            eventually(() -> asked.stream().allMatch(CompletableFuture::isDone));
            CompletableFuture<Void> stillSilent =
                    application.bean(RemoteStore.class).hold();
            CompletableFuture<HttpResponse<String>> alone =
                    stranger.getLater("/realtime/who?ticket=bbbbbbbbbbbbbbbbbbbbbbbbbbb");
            eventually(() -> stillSilent.getNumberOfDependents() == 1);
            int another = stranger.get("/realtime/who?ticket=ccccccccccccccccccccccccccc")
                    .statusCode();
            stillSilent.complete(null);

            assertThat(meanwhile).isEqualTo("alice");
            assertThat(asked)
                    .allSatisfy(one -> assertThat(one.join().statusCode()).isEqualTo(503));
            assertThat(another).isEqualTo(503);
            assertThat(alone.get(30, TimeUnit.SECONDS).statusCode()).isEqualTo(401);
            assertThat(stranger.get("/realtime/who?ticket=ccccccccccccccccccccccccccc")
                            .statusCode())
                    .isEqualTo(401);
        }
    }

    @Test
    void aStoreThatIsDownIsA503WithoutDetailsAndTheNextTicketWorks() throws Exception {
        try (var application = Application.start(Busy.class)) {
            WebUser alice = application.user().logsIn("alice", "ticket");
            RemoteStore store = application.bean(RemoteStore.class);

            store.down();
            HttpResponse<String> down = alice.post("/ticket/");
            CompletableFuture<Void> answer = store.hold();
            CompletableFuture<HttpResponse<String>> later = alice.postLater("/ticket/");
            assertThat(alice.get("/me").body()).isEqualTo("alice");
            answer.completeExceptionally(new TicketStoreException("gone"));
            HttpResponse<String> failedLater = later.get(30, TimeUnit.SECONDS);
            store.up();

            assertError(down, 503, "unavailable");
            assertError(failedLater, 503, "unavailable");
            assertThat(failedLater.headers().allValues("Cache-Control")).containsExactly("no-store");
            assertThat(alice.post("/ticket/").statusCode()).isEqualTo(200);
        }
    }
}
