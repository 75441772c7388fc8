// SPDX-License-Identifier: Apache-2.0
package io.github.realtimeticket.spring.boot;

import static org.assertj.core.api.Assertions.assertThat;

import jakarta.servlet.Filter;
import jakarta.servlet.http.HttpServletResponse;
import java.net.http.HttpResponse;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.LockSupport;
import org.junit.jupiter.api.Test;
import org.springframework.boot.SpringBootConfiguration;
import org.springframework.boot.autoconfigure.EnableAutoConfiguration;
import org.springframework.boot.web.servlet.FilterRegistrationBean;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Configuration;
import org.springframework.context.annotation.Import;
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

        @GetMapping("/alive")
        String alive() {
            return "alive";
        }
    }

    @Configuration(proxyBeanMethods = false)
    @Import(Secured.class)
    static class BehindAFilterWithoutAsync {

        @Bean
        FilterRegistrationBean<Filter> synchronous() {
            var registration =
                    new FilterRegistrationBean<Filter>((request, response, chain) -> chain.doFilter(request, response));
            registration.setAsyncSupported(false);
            return registration;
        }
    }

    @Configuration(proxyBeanMethods = false)
    @Import(Secured.class)
    static class BehindAFilterWithSomethingToAdd {

        /** Lets the store answer while it still has the response, and takes its time. */
        @Bean
        FilterRegistrationBean<Filter> adds(RemoteStore store) {
            var registration = new FilterRegistrationBean<Filter>((request, response, chain) -> {
                chain.doFilter(request, response);
                if (request.isAsyncStarted()) {
                    store.up();
                    LockSupport.parkNanos(Duration.ofMillis(300).toNanos());
                    ((HttpServletResponse) response).setHeader("X-Added", "yes");
                }
            });
            registration.setAsyncSupported(true);
            return registration;
        }
    }

    @Test
    void aFilterThatKnowsNothingOfAsynchronousRequestsMayStandBefore() throws Exception {
        try (var application = Application.start(BehindAFilterWithoutAsync.class)) {
            Browser alice = application.browser().logsIn("alice", "ticket");
            CompletableFuture<Void> answer = application.bean(RemoteStore.class).hold();

            CompletableFuture<HttpResponse<String>> later = alice.postLater("/ticket/");
            application.bean(RemoteStore.class).awaitPuts(1);
            answer.complete(null);

            assertThat(later.get(30, TimeUnit.SECONDS).statusCode()).isEqualTo(200);
        }
    }

    @Test
    void nothingIsWrittenWhileTheFiltersBeforeAreStillAtWork() throws Exception {
        try (var application = Application.start(BehindAFilterWithSomethingToAdd.class)) {
            Browser alice = application.browser().logsIn("alice", "ticket");
            var unused = application.bean(RemoteStore.class).hold();

            HttpResponse<String> answer = alice.post("/ticket/");

            assertThat(answer.statusCode()).isEqualTo(200);
            assertThat(answer.headers().allValues("X-Added")).containsExactly("yes");
            assertThat(answer.headers().allValues("Cache-Control")).containsExactly("no-store");
            assertThat(application.bean(RemoteStore.class).puts()).isEqualTo(1);
        }
    }

    @Test
    void noThreadWaitsForTheStore() throws Exception {
        try (var application =
                Application.start(Secured.class, "server.tomcat.threads.max=2", "server.tomcat.threads.min-spare=2")) {
            Browser alice = application.browser().logsIn("alice", "ticket");
            CompletableFuture<Void> answer = application.bean(RemoteStore.class).hold();

            List<CompletableFuture<HttpResponse<String>>> waiting = new ArrayList<>();
            for (int i = 0; i < 8; i++) {
                waiting.add(alice.postLater("/ticket/"));
            }
            application.bean(RemoteStore.class).awaitPuts(8);
            String alive = alice.get("/alive").body();
            boolean answered = waiting.stream().anyMatch(CompletableFuture::isDone);
            answer.complete(null);

            assertThat(alive).isEqualTo("alive");
            assertThat(answered).isFalse();
            for (CompletableFuture<HttpResponse<String>> one : waiting) {
                assertThat(one.get(30, TimeUnit.SECONDS).statusCode()).isEqualTo(200);
            }
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
            answer.completeExceptionally(new io.github.realtimeticket.TicketStoreException("gone"));
            HttpResponse<String> failedLater = later.get(30, TimeUnit.SECONDS);
            store.up();

            TicketEndpointTest.assertError(down, 503, "unavailable");
            TicketEndpointTest.assertError(failedLater, 503, "unavailable");
            assertThat(failedLater.headers().allValues("Cache-Control")).containsExactly("no-store");
            assertThat(alice.post("/ticket/").statusCode()).isEqualTo(200);
        }
    }

    @Test
    void detailsAreShownWhenAskedFor() throws Exception {
        try (var application = Application.start(Secured.class, "realtime-ticket.show-details=true")) {
            Browser alice = application.browser().logsIn("alice", "ticket");
            application.bean(RemoteStore.class).down();

            HttpResponse<String> down = alice.post("/ticket/");
            HttpResponse<String> stranger = application.browser().readCsrf().post("/ticket/");

            assertThat(down.statusCode()).isEqualTo(503);
            assertThat(down.body())
                    .contains("the line is \\\"cut\\\"")
                    .startsWith("{\"status\":\"error\",\"message\":\"");
            assertThat(stranger.body()).contains("Nobody is logged in");
        }
    }
}
