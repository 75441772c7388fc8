// SPDX-License-Identifier: Apache-2.0
package io.github.realtimeticket;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.atomic.AtomicLong;
import java.util.function.Supplier;
import java.util.logging.Handler;
import java.util.logging.LogRecord;
import java.util.logging.Logger;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class IssuerTest {

    private static final String OWN = "https://app.example";
    private static final String OTHER = "https://other.example";
    private static final TicketHolder ALICE = TicketHolder.of(1, "alice");

    private final AtomicLong nanoTime = new AtomicLong();
    private final Tickets tickets = Tickets.of(TicketStore.inMemory());
    private final Issuer issuer = Issuer.builder(tickets)
            .allowedOrigins(List.of(OTHER))
            .nanoTime(nanoTime::get)
            .build();

    private record Request(String method, Map<String, List<String>> fields, boolean hasCsrfProof, boolean isReadable)
            implements IssueRequest {

        static Request post(String... fields) {
            return of("POST", fields);
        }

        static Request of(String method, String... fields) {
            Map<String, List<String>> all = new java.util.TreeMap<>(String.CASE_INSENSITIVE_ORDER);
            for (int i = 0; i < fields.length; i += 2) {
                all.computeIfAbsent(fields[i], name -> new ArrayList<>()).add(fields[i + 1]);
            }
            return new Request(method, all, false, true);
        }

        Request withCsrfProof() {
            return new Request(method, fields, true, isReadable);
        }

        Request unreadable() {
            return new Request(method, fields, hasCsrfProof, false);
        }

        @Override
        public List<String> headers(String name) {
            return fields.getOrDefault(name, List.of());
        }

        @Override
        public Origin ownOrigin() {
            return Origin.of(OWN);
        }
    }

    private static Supplier<Optional<TicketGrant>> user(TicketGrant grant) {
        return () -> Optional.of(grant);
    }

    private static Supplier<Optional<TicketGrant>> alice() {
        return user(TicketGrant.to(ALICE));
    }

    private IssueAnswer ask(Request request, Supplier<Optional<TicketGrant>> user) {
        return issuer.issue(request, user).toCompletableFuture().join();
    }

    private Optional<TicketValue> issued(IssueAnswer answer, TicketStore store) {
        String text = answer.body().replaceAll(".*\"message\":\"([^\"]+)\".*", "$1");
        return store.take(Ticket.parse(text).orElseThrow())
                .toCompletableFuture()
                .join();
    }

    /** A request whose client takes its time with the body. */
    private record SlowBody(Request request, Runnable meanwhile) implements IssueRequest {
        @Override
        public String method() {
            return request.method();
        }

        @Override
        public List<String> headers(String name) {
            return request.headers(name);
        }

        @Override
        public Origin ownOrigin() {
            return request.ownOrigin();
        }

        @Override
        public boolean hasCsrfProof() {
            return request.hasCsrfProof();
        }

        @Override
        public boolean isReadable() {
            meanwhile.run();
            return true;
        }
    }

    @Test
    void theTicketOfAUserWhoIsLockedWhileTheBodyIsReadIsRefused() {
        Revocations revocations = Revocations.inMemory();
        Tickets followed =
                Tickets.builder(TicketStore.inMemory()).revocations(revocations).build();
        Gate gate = Gate.of(followed);
        var request = new SlowBody(Request.post("Origin", OWN), () -> assertThat(
                        revocations.revoke(Revocation.holder(1).forbidden()))
                .isCompleted());

        IssueAnswer answer = Issuer.of(followed)
                .issue(request, alice())
                .toCompletableFuture()
                .join();

        Ticket ticket = Ticket.parse(answer.body().replaceAll(".*\"message\":\"([^\"]+)\".*", "$1"))
                .orElseThrow();
        assertThat(gate.admit(ticket).toCompletableFuture().join()).isEqualTo(new Admission.Refused(Refusal.REVOKED));
    }

    @Test
    void aUsersOwnPageGetsATicketThatIsBoundToIt() {
        TicketStore store = TicketStore.inMemory();
        Issuer issuer = Issuer.of(Tickets.of(store));

        IssueAnswer answer = issuer.issue(Request.post("Origin", OWN), alice())
                .toCompletableFuture()
                .join();

        assertThat(answer.status()).isEqualTo(200);
        assertThat(answer.body()).endsWith("\"expires_in\":10}");
        assertThat(answer.headers())
                .containsEntry("Content-Type", "application/json")
                .containsEntry("Cache-Control", "no-store")
                .containsEntry("Referrer-Policy", "no-referrer")
                .doesNotContainKey("Access-Control-Allow-Origin");
        TicketValue value = issued(answer, store).orElseThrow();
        assertThat(value.holder()).isEqualTo(ALICE);
        assertThat(value.binding().origin()).isEqualTo(OWN);
    }

    @Test
    void anAnswerPrintsWithoutItsTicket() {
        IssueAnswer answer = ask(Request.post("Origin", OWN), alice());

        assertThat(answer).hasToString("IssueAnswer[200]");
    }

    @ParameterizedTest
    @ValueSource(strings = {"GET", "HEAD", "PUT", "OPTIONS", "post"})
    void anyOtherMethodIsA405(String method) {
        IssueAnswer answer = ask(Request.of(method, "Origin", OWN), alice());

        assertThat(answer.status()).isEqualTo(405);
        assertThat(answer.headers()).containsEntry("Allow", "POST");
    }

    @Test
    void aPageOfAnotherOriginIsA403() {
        List<Request> foreign = List.of(
                Request.post("Origin", "https://evil.example"),
                Request.post("Origin", "null"),
                Request.post("Origin", OWN, "Origin", OWN),
                Request.post("Sec-Fetch-Site", "same-site"),
                Request.post("Sec-Fetch-Site", "same-origin", "Origin", "no origin"));

        assertThat(foreign).allSatisfy(request -> assertThat(ask(request.withCsrfProof(), alice()))
                .isEqualTo(ask(Request.post("Origin", "null"), alice()))
                .satisfies(answer -> assertThat(answer.status()).isEqualTo(403)));
    }

    @Test
    void aRequestThatDoesNotSayWhereItComesFromNeedsAProof() {
        assertThat(ask(Request.post(), alice()).status()).isEqualTo(403);
        assertThat(ask(Request.post("Authorization", "Basic YTpi"), alice()).status())
                .isEqualTo(403);
        assertThat(ask(Request.post().withCsrfProof(), alice()).status()).isEqualTo(200);
        assertThat(ask(Request.post("Authorization", "Bearer abc"), alice()).status())
                .isEqualTo(200);
        assertThat(ask(Request.post("Authorization", "DPoP abc"), alice()).status())
                .isEqualTo(200);
    }

    @Test
    void nobodyIsA401BeforeAProofIsAskedFor() {
        IssueAnswer answer = ask(Request.post(), Optional::empty);

        assertThat(answer.status()).isEqualTo(401);
        assertThat(answer.body()).isEqualTo("{\"status\":\"error\",\"message\":\"unauthorized\"}");
        assertThat(issuer.refuse(Request.post(), false).orElseThrow().status()).isEqualTo(401);
        assertThat(issuer.refuse(Request.post(), true)).isEmpty();
    }

    @Test
    void aRequestThatCannotBeReadIsA400AndTheApplicationIsNotAsked() {
        Supplier<Optional<TicketGrant>> reads = () -> {
            throw new IllegalStateException("as a container says it");
        };

        IssueAnswer answer = ask(Request.post("Origin", OWN).unreadable(), reads);

        assertThat(answer.status()).isEqualTo(400);
        assertThat(answer.body()).isEqualTo("{\"status\":\"error\",\"message\":\"bad request\"}");
        assertThat(issuer.issueForPage(Request.of("GET").unreadable(), reads)).isCompletedWithValue(Optional.empty());
        assertThat(ask(Request.post("Origin", "null").unreadable(), reads).status())
                .isEqualTo(403);
    }

    @Test
    void anAllowedPageMayAskFirstAndReadEveryAnswer() {
        IssueAnswer preflight = ask(
                Request.of(
                        "OPTIONS",
                        "Origin",
                        OTHER,
                        "Access-Control-Request-Method",
                        "POST",
                        "Access-Control-Request-Headers",
                        "x-csrf-token"),
                Optional::empty);
        IssueAnswer refused = ask(Request.post("Origin", OTHER), Optional::empty);

        assertThat(preflight.status()).isEqualTo(204);
        assertThat(preflight.headers())
                .containsEntry("Access-Control-Allow-Origin", OTHER)
                .containsEntry("Access-Control-Allow-Headers", "x-csrf-token");
        assertThat(refused.headers())
                .containsEntry("Access-Control-Allow-Origin", OTHER)
                .containsEntry("Access-Control-Expose-Headers", "Retry-After, Date")
                .containsEntry("Vary", "Origin");

        Map<String, String> set = new HashMap<>();
        Map<String, String> added = new HashMap<>();
        refused.writeHeaders(set::put, added::put);
        assertThat(set).containsEntry("Access-Control-Allow-Origin", OTHER).doesNotContainKey("Vary");
        assertThat(added).isEqualTo(Map.of("Vary", "Origin"));
    }

    @Test
    void theApplicationSaysWhatATicketIsFor() {
        TicketStore store = TicketStore.inMemory();
        Issuer issuer = Issuer.of(Tickets.of(store));
        TicketGrant grant = TicketGrant.to(ALICE).withAudience("room-7").withTimeToLive(Duration.ofSeconds(3));

        IssueAnswer answer = issuer.issue(Request.post("Origin", OWN), user(grant))
                .toCompletableFuture()
                .join();

        assertThat(answer.body()).endsWith("\"expires_in\":3}");
        assertThat(issued(answer, store).orElseThrow().binding().audience()).isEqualTo("room-7");
        assertThat(ask(Request.post("Origin", OWN), user(TicketGrant.denied("not in this room")))
                        .status())
                .isEqualTo(403);
    }

    @Test
    void t18_eachHolderHasABurstAndARateOfItsOwn() {
        for (int i = 0; i < 30; i++) {
            assertThat(ask(Request.post("Origin", OWN), alice()).status()).isEqualTo(200);
        }

        IssueAnswer tooMany = ask(Request.post("Origin", OWN), alice());
        IssueAnswer other = ask(Request.post("Origin", OWN), user(TicketGrant.to(TicketHolder.of(2, "bob"))));
        Optional<Ticket> page = issuer.issueForPage(Request.of("GET"), alice())
                .toCompletableFuture()
                .join();
        nanoTime.addAndGet(Duration.ofMillis(500).toNanos());
        IssueAnswer later = ask(Request.post("Origin", OWN), alice());
        IssueAnswer again = ask(Request.post("Origin", OWN), alice());

        assertThat(tooMany.status()).isEqualTo(429);
        assertThat(tooMany.headers()).containsEntry("Retry-After", "1");
        assertThat(other.status()).isEqualTo(200);
        assertThat(page).isPresent();
        assertThat(later.status()).isEqualTo(200);
        assertThat(again.status()).isEqualTo(429);
    }

    @Test
    void t18_pagesHaveALimitOfTheirOwnThatCostsNoRequest() {
        for (int i = 0; i < 30; i++) {
            assertThat(page(Request.of("GET"))).isPresent();
        }

        assertThat(page(Request.of("GET"))).isEmpty();
        assertThat(ask(Request.post("Origin", OWN), alice()).status()).isEqualTo(200);
    }

    @Test
    void t18_aTicketThatTheStoreMayHaveKeptCountsThoughItFailed() {
        Issuer down = Issuer.builder(Tickets.of(Broken.FAILING.store()))
                .limit(1, 1)
                .nanoTime(() -> 0)
                .build();

        List<Integer> statuses = Stream.generate(() -> down.issue(Request.post("Origin", OWN), alice()))
                .limit(2)
                .map(answer -> answer.toCompletableFuture().join().status())
                .toList();

        assertThat(statuses).containsExactly(503, 429);
    }

    @Test
    void t18_theListenerHearsWhoHasAskedForTooMany() {
        List<TicketEvent> events = new ArrayList<>();
        TicketStore store = TicketStore.inMemory();
        Tickets watched = Tickets.builder(store).listener(events::add).build();
        Issuer strict = Issuer.builder(watched).limit(1, 1).nanoTime(() -> 0).build();

        List<Integer> statuses = Stream.generate(() -> strict.issue(Request.post("Origin", OWN), alice()))
                .limit(2)
                .map(answer -> answer.toCompletableFuture().join().status())
                .toList();

        assertThat(statuses).containsExactly(200, 429);
        assertThat(events).last().isEqualTo(new TicketEvent.Limited(ALICE, Duration.ofSeconds(1)));
    }

    @Test
    void whatTheUserMayDoTravelsWhereNoHolderCanPutIt() {
        TicketStore store = TicketStore.inMemory();
        Issuer issuer = Issuer.of(Tickets.of(store));
        TicketHolder named = ALICE.withAttributes(Map.of("authorities", List.of("ROLE_ADMIN")));
        TicketGrant grant = TicketGrant.to(named).withAuthorities(List.of("ROLE_USER"));

        IssueAnswer answer = issuer.issue(Request.post("Origin", OWN), user(grant))
                .toCompletableFuture()
                .join();

        assertThat(issued(answer, store)).get().satisfies(value -> {
            assertThat(value.authorities()).containsExactly("ROLE_USER");
            assertThat(value.holder()).isEqualTo(named);
        });
    }

    @Test
    void aGrantOfLessThanASecondIsRefused() {
        assertThatThrownBy(() -> TicketGrant.to(ALICE).withTimeToLive(Duration.ofMillis(999)))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessageContaining("timeToLive");
    }

    @Test
    void t18_theMemoryOfTheLimitIsBounded() {
        var limit = new IssueLimit(new IssueLimit.Rate(1, 0.001), () -> 0L);

        for (int i = 0; i < 2 * IssueLimit.HOLDERS; i++) {
            assertThat(limit.take((long) i)).isZero();
        }

        assertThat(limit.take(2L * IssueLimit.HOLDERS - 1)).isPositive();
        assertThat(limit.take(0L)).isZero();
    }

    @Test
    void aWrongLimitIsRefused() {
        assertThatThrownBy(() -> Issuer.builder(tickets).limit(0, 2).build())
                .isInstanceOf(IllegalArgumentException.class);
        assertThatThrownBy(() ->
                        Issuer.builder(tickets).limit(Integer.MAX_VALUE, 0.001).build())
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessageContaining("burst");
        assertThatThrownBy(() -> Issuer.builder(tickets).limit(1, Double.NaN).build())
                .isInstanceOf(IllegalArgumentException.class);
    }

    @Test
    void aPageThatIsNotShownToTheUserNowGetsNoTicket() {
        List<Request> hidden = List.of(
                Request.of("HEAD"),
                Request.of("GET", "Sec-Purpose", "prefetch"),
                Request.of("GET", "Sec-Purpose", "prefetch;prerender"),
                Request.of("GET", "Purpose", "prefetch"),
                Request.of("GET", "X-Moz", "prefetch"),
                Request.of("GET", "Sec-Fetch-Site", "cross-site", "Sec-Fetch-Mode", "no-cors"),
                Request.of("GET", "Sec-Fetch-Site", "same-site", "Sec-Fetch-Mode", "no-cors"),
                Request.of(
                        "GET",
                        "Sec-Fetch-Site",
                        "cross-site",
                        "Sec-Fetch-Mode",
                        "navigate",
                        "Sec-Fetch-Dest",
                        "iframe"));
        List<Request> shown = List.of(
                Request.of("GET"),
                Request.of(
                        "GET",
                        "Sec-Fetch-Site",
                        "cross-site",
                        "Sec-Fetch-Mode",
                        "navigate",
                        "Sec-Fetch-Dest",
                        "document"),
                Request.of("GET", "Sec-Fetch-Site", "none"));

        assertThat(hidden).allSatisfy(request -> assertThat(page(request)).isEmpty());
        assertThat(shown).allSatisfy(request -> assertThat(page(request)).isPresent());
    }

    private Optional<Ticket> page(Request request) {
        return issuer.issueForPage(request, alice()).toCompletableFuture().join();
    }

    @Test
    void aFaultOfTheApplicationIsSaidOnceASecondForAllItsUsersWithItsTraceUnlessACheckFoundIt() {
        List<LogRecord> said = new ArrayList<>();
        Logger log = Logger.getLogger(Issuer.class.getName());
        Handler handler = new Handler() {
            @Override
            public void publish(LogRecord line) {
                said.add(line);
            }

            @Override
            public void flush() {}

            @Override
            public void close() {}
        };
        log.addHandler(handler);
        try {
            for (int i = 0; i < 200; i++) {
                var chatty = TicketHolder.of(i, "user").withAttributes(Map.of("words", "a".repeat(5000)));
                assertThat(ask(Request.post("Origin", OWN), user(TicketGrant.to(chatty)))
                                .status())
                        .isEqualTo(500);
            }
            IllegalStateException fault = new IllegalStateException("as the test wants it");
            Issuer another = Issuer.of(tickets);
            assertThat(another.issue(Request.post("Origin", OWN), () -> {
                        throw fault;
                    }))
                    .isCompletedWithValueMatching(answer -> answer.status() == 500);

            assertThat(said).hasSizeLessThan(20);
            assertThat(said.get(0).getMessage())
                    .contains("TicketHolder[id=0, username=user]", "attributes: 1", "4096", "send fewer");
            assertThat(said.get(0).getThrown()).isNull();
            // Behind which what was kept of the others may come.
            assertThat(said).extracting(LogRecord::getThrown).contains(fault);
        } finally {
            log.removeHandler(handler);
        }
    }

    @Test
    void aFaultOfTheStoreIsA503AndOneOfTheApplicationA500() {
        Issuer down = Issuer.of(Tickets.of(new TicketStore() {
            @Override
            public CompletionStage<Boolean> put(Ticket ticket, TicketValue value, Duration timeToLive) {
                return CompletableFuture.failedFuture(new TicketStoreException("the line is cut"));
            }

            @Override
            public CompletionStage<Optional<TicketValue>> take(Ticket ticket) {
                return CompletableFuture.completedFuture(Optional.empty());
            }
        }));

        IssueAnswer unavailable = down.issue(Request.post("Origin", OWN), alice())
                .toCompletableFuture()
                .join();
        IssueAnswer fault = ask(Request.post("Origin", OWN), () -> {
            throw new IllegalStateException("as the test wants it");
        });
        IssueAnswer tooLong =
                ask(Request.post("Origin", OWN), user(TicketGrant.to(ALICE).withTimeToLive(Duration.ofMinutes(1))));

        assertThat(unavailable.status()).isEqualTo(503);
        assertThat(unavailable.body()).isEqualTo("{\"status\":\"error\",\"message\":\"unavailable\"}");
        assertThat(fault.status()).isEqualTo(500);
        assertThat(tooLong.status()).isEqualTo(500);
        assertThat(down.issueForPage(Request.of("GET"), alice())).isCompletedWithValue(Optional.empty());
    }

    @Test
    void aFaultOfTheRequestItselfIsA500() {
        var odd = new IssueRequest() {
            @Override
            public String method() {
                return "POST";
            }

            @Override
            public List<String> headers(String name) {
                if (name.equals("Sec-Purpose")) {
                    throw new IllegalStateException("as the test wants it");
                }
                return name.equals("Origin") ? List.of(OWN) : List.of();
            }

            @Override
            public Origin ownOrigin() {
                throw new IllegalStateException("as the test wants it");
            }

            @Override
            public boolean hasCsrfProof() {
                return false;
            }
        };

        IssueAnswer answer = issuer.issue(odd, alice()).toCompletableFuture().join();

        assertThat(answer.status()).isEqualTo(500);
        assertThat(answer.headers())
                .containsEntry("Cache-Control", "no-store")
                .containsEntry("Vary", "Origin")
                .doesNotContainKey("Access-Control-Allow-Origin");
        assertThat(issuer.refuse(odd, true)).map(IssueAnswer::status).contains(500);
        assertThat(issuer.issueForPage(odd, alice())).isCompletedWithValue(Optional.empty());
    }
}
