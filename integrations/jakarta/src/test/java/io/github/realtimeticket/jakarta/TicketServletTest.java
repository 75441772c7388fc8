// SPDX-License-Identifier: Apache-2.0
package io.github.realtimeticket.jakarta;

import static io.github.realtimeticket.fixtures.Eventually.eventually;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowable;

import io.github.realtimeticket.BoundedTicketStore;
import io.github.realtimeticket.Gate;
import io.github.realtimeticket.Issuer;
import io.github.realtimeticket.TicketGrant;
import io.github.realtimeticket.TicketHolder;
import io.github.realtimeticket.TicketStore;
import io.github.realtimeticket.Tickets;
import io.github.realtimeticket.fixtures.Answers;
import io.github.realtimeticket.fixtures.RemoteStore;
import io.github.realtimeticket.fixtures.WebUser;
import io.github.realtimeticket.fixtures.Wire;
import jakarta.servlet.ServletContext;
import java.net.http.HttpResponse;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.Executor;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicReference;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.ValueSource;

class TicketServletTest {

    private static final String FORM = "Content-Type: application/x-www-form-urlencoded\r\n";

    private static final int MANY = 3 * Container.THREADS;

    private final RemoteStore store = new RemoteStore();

    @ParameterizedTest
    @EnumSource
    void noThreadWaitsWhileTheStoreIsAskedForATicket(Container container) throws Exception {
        try (var running = container.start(site(store))) {
            WebUser alice = running.login("alice");
            CompletableFuture<Void> held = store.hold();

            List<CompletableFuture<HttpResponse<String>>> asked = new ArrayList<>();
            for (int i = 0; i < MANY; i++) {
                asked.add(alice.postLater("/ticket/"));
            }
            eventually(() -> held.getNumberOfDependents() == MANY);
            String meanwhile = alice.get("/me").body();
            store.up();

            assertThat(meanwhile).isEqualTo("alice");
            for (CompletableFuture<HttpResponse<String>> one : asked) {
                assertThat(one.get(30, TimeUnit.SECONDS).body()).startsWith("{\"status\":\"ok\"");
            }
        }
    }

    @ParameterizedTest
    @EnumSource
    void aRequestThatCannotBeReadIsNoFaultOfTheApplication(Container container) throws Exception {
        try (var running = container.start(site(store));
                var client = new Wire(running.port())) {
            client.post("/ticket/?a=%zz", "");

            assertThat(client.answer().status()).isEqualTo(400);
        }
    }

    @ParameterizedTest
    @EnumSource
    void noFormOfAStrangerIsRead(Container container) throws Exception {
        try (var running = container.start(site(store))) {
            // The body never comes.
            assertThat(statusOf(running, "Content-Length: 3", "")).isEqualTo(401);
            assertLongFormsAreNotRead(running);
        }
    }

    @ParameterizedTest
    @EnumSource
    void aShortFormProvesThatItsUserSentItAndNoOtherIsRead(Container container) throws Exception {
        try (var running = container.start(context -> proving(context, false))) {
            assertThat(statusOf(running, "proof=right")).isEqualTo(200);
            assertThat(statusOf(running, "proof=wrong")).isEqualTo(403);
            assertThat(statusOf(running, "proof=%zz")).isEqualTo(403);
            assertLongFormsAreNotRead(running);
        }
    }

    @ParameterizedTest
    @EnumSource
    void theSameForAPrincipalWhoIsToldOfAFormThatCannotBeRead(Container container) throws Exception {
        try (var running = container.start(context -> proving(context, true))) {
            assertThat(statusOf(running, "proof=right")).isEqualTo(200);
            assertThat(statusOf(running, "proof=wrong")).isEqualTo(403);
            // Undertow takes what it cannot decode as it is: no proof.
            assertThat(statusOf(running, "proof=%zz")).isEqualTo(container == Container.UNDERTOW ? 403 : 400);
            assertLongFormsAreNotRead(running);
        }
    }

    private void proving(ServletContext context, boolean principal) {
        if (principal) {
            Site.logInEverybody(context, "/ticket/");
        }
        TicketServlet.of(Issuer.of(Tickets.of(store)))
                .withGrants(request -> Optional.of(TicketGrant.to(TicketHolder.of("alice", "alice"))))
                .withCsrfProof(request -> "right".equals(request.getParameter("proof")))
                .register(context, "/ticket/");
    }

    // Two of the bodies never come.
    private static void assertLongFormsAreNotRead(Container.Running running) throws Exception {
        String sameOrigin = "Sec-Fetch-Site: same-origin\r\n";
        assertThat(statusOf(running, sameOrigin + "Content-Length: 1000000", ""))
                .isEqualTo(413);
        assertThat(statusOf(running, sameOrigin + "Transfer-Encoding: chunked", ""))
                .isEqualTo(413);
        assertThat(statusOf(running, "Transfer-Encoding: chunked", "3\r\na=b\r\n0\r\n\r\n"))
                .isEqualTo(413);
    }

    private static int statusOf(Container.Running running, String form) throws Exception {
        return statusOf(running, "Content-Length: " + form.length(), form);
    }

    private static int statusOf(Container.Running running, String headers, String body) throws Exception {
        try (var client = new Wire(running.port())) {
            client.send("POST /ticket/ HTTP/1.1\r\nHost: localhost\r\n" + FORM + headers + "\r\n\r\n" + body);
            return client.answer().status();
        }
    }

    @ParameterizedTest
    @EnumSource
    void partsThatNothingReadsAreNoFaultOfTheApplication(Container container) throws Exception {
        try (var running = container.start(site(store))) {
            WebUser alice = running.login("alice");

            for (String type : List.of("multipart/form-data", "multipart/form-data; boundary=x", "multipart/mixed")) {
                assertThat(alice.post("/ticket/", "Content-Type", type).statusCode())
                        .isEqualTo(200);
            }
        }
    }

    @ParameterizedTest
    @EnumSource
    void aStoreThatHangsDoesNotTakeTheThreadsByItsGateEither(Container container) throws Exception {
        // Of more threads than places, one is left for others.
        try (var running = container.start(site(new BoundedTicketStore(store)))) {
            WebUser alice = running.login("alice");
            CompletableFuture<Void> held = store.hold();
            List<CompletableFuture<HttpResponse<String>>> asked = new ArrayList<>();
            for (int i = 0; i < Container.THREADS / 3; i++) {
                asked.add(alice.getLater("/realtime/plain?ticket=aaaaaaaaaaaaaaaaaaaaaaaaaaa"));
            }
            eventually(() -> held.getNumberOfDependents() == asked.size());

            String meanwhile = alice.get("/me").body();
            store.up();

            assertThat(meanwhile).isEqualTo("alice");
            for (CompletableFuture<HttpResponse<String>> one : asked) {
                assertThat(one.get(30, TimeUnit.SECONDS).statusCode()).isEqualTo(401);
            }
        }
    }

    @ParameterizedTest
    @EnumSource
    void aStoreThatNeverAnswersIsA503AndItsLateAnswerReachesNobody(Container container) throws Exception {
        Tickets tickets = Tickets.of(store);
        Issuer issuer = Issuer.of(tickets);
        Site impatient = new Site(Gate.of(tickets), issuer) {
            @Override
            void addMore(ServletContext context) {
                add(context, "/soon/", servlet(issuer).withPatience(Duration.ofMillis(100)));
            }
        };
        try (var running = container.start(impatient)) {
            WebUser alice = running.login("alice");
            store.hold();

            HttpResponse<String> late = alice.post("/soon/");
            store.up();
            HttpResponse<String> next = alice.post("/soon/");

            Answers.assertError(late, 503, "unavailable");
            assertThat(next.statusCode()).isEqualTo(200);
        }
    }

    @Test
    void anAnswerComesThoughTomcatHasNoThreadForItWhenItIsThere() throws Exception {
        var refusals = new AtomicInteger();
        ExecutorService threads = Executors.newFixedThreadPool(Container.THREADS);
        Executor busy = task -> {
            // It is the store's patience that ends, and asks for the dispatch.
            if (Thread.currentThread().getName().contains("CompletableFuture")) {
                refusals.incrementAndGet();
                throw new RejectedExecutionException("no thread");
            }
            threads.execute(task);
        };
        Issuer issuer = Issuer.of(Tickets.of(store));
        var application = new Container.Application() {
            @Override
            public void register(ServletContext context) {
                TicketServlet.of(issuer)
                        .withGrants(request -> Optional.of(TicketGrant.to(TicketHolder.of("alice", "alice"))))
                        // So long that the first request is waiting by then.
                        .withPatience(Duration.ofSeconds(2))
                        .register(context, "/ticket/");
            }

            @Override
            public Optional<Executor> executor() {
                return Optional.of(busy);
            }
        };
        try (var running = Container.TOMCAT.start(application)) {
            store.hold();

            HttpResponse<String> late = running.stranger().post("/ticket/", "Sec-Fetch-Site", "same-origin");

            Answers.assertError(late, 503, "unavailable");
            assertThat(refusals).hasValue(1);
        } finally {
            threads.shutdown();
        }
    }

    @ParameterizedTest
    @ValueSource(strings = {"", "/", "/*", "*.ticket", "/ticket/*", "ticket", "/login"})
    void aPathThatIsNotOneOrIsTakenStopsTheStart(String path) throws Exception {
        Tickets tickets = Tickets.of(store);
        TicketServlet servlet = TicketServlet.of(Issuer.of(tickets));
        var refused = new AtomicReference<@Nullable Throwable>();

        try (var running = Container.JETTY.start(context -> {
            Site.add(context, "/login", new Site.Answering((request, response) -> {}));
            refused.set(catchThrowable(() -> servlet.register(context, path)));
        })) {
            assertThat(running.port()).isPositive();
        }

        assertThat(refused.get()).isInstanceOf(IllegalArgumentException.class).hasMessageContaining(path);
    }

    @Test
    void withoutAsynchronousSupportTheThreadWaits() throws Exception {
        Tickets tickets = Tickets.of(store);
        Issuer issuer = Issuer.of(tickets);
        Site old = new Site(Gate.of(tickets), issuer) {
            @Override
            void addMore(ServletContext context) {
                var registration = context.addServlet("old", servlet(issuer));
                assertThat(registration.addMapping("/old/")).isEmpty();
            }
        };
        try (var running = Container.TOMCAT.start(old)) {
            WebUser alice = running.login("alice");
            CompletableFuture<Void> held = store.hold();

            CompletableFuture<HttpResponse<String>> answer = alice.postLater("/old/");
            eventually(() -> held.getNumberOfDependents() == 1 || answer.isDone());
            store.up();

            assertThat(answer.get(30, TimeUnit.SECONDS).statusCode()).isEqualTo(200);
        }
    }

    private static Site site(TicketStore store) {
        Tickets tickets = Tickets.of(store);
        return new Site(Gate.of(tickets), Issuer.builder(tickets).unlimited().build());
    }
}
