// SPDX-License-Identifier: Apache-2.0
package io.github.realtimeticket;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;

import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicReference;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;

/** A used ticket that is presented again (T19). */
class ReplayAlarmTest {

    private static final TicketHolder ALICE = TicketHolder.of(1, "alice");
    private static final Instant NOON = Instant.parse("2026-01-01T12:00:00Z");
    private static final String KEY = "dGhlIHNhbXBsZSBub25jZQ==";
    private static final String OTHER_KEY = "AQIDBAUGBwgJCgsMDQ4PEA==";
    private static final String APP = "https://app.example";

    private final TicketStore store = new BoundedTicketStore(TicketStore.inMemory());
    private final AtomicInteger revocationsMade = new AtomicInteger();
    private final Revocations revocations = new Counting(Revocations.inMemory(), revocationsMade);
    private final AtomicReference<Instant> now = new AtomicReference<>(NOON);
    private final List<TicketEvent> events = Collections.synchronizedList(new ArrayList<>());

    @Test
    void withoutAnAlarmAUsedTicketIsNothingAndNoMore() {
        Tickets tickets = tickets(ReplayAlarm.OFF);
        Ticket ticket = issue(tickets);

        assertThat(refusal(tickets, ticket, KEY, APP)).isEmpty();
        assertThat(refusal(tickets, ticket, OTHER_KEY, APP)).contains(Refusal.NOTHING);

        assertThat(again()).isEmpty();
    }

    @Test
    void aSecondPresentationIsToldWithTheFactsOfBothAndRefusedAsAny() {
        Tickets tickets = tickets(ReplayAlarm.LOG);
        Ticket ticket = issue(tickets);

        assertThat(refusal(tickets, ticket, KEY, APP)).isEmpty();
        now.set(NOON.plusSeconds(3));
        assertThat(refusal(tickets, ticket, OTHER_KEY, "https://evil.example")).contains(Refusal.NOTHING);

        TicketEvent.PresentedAgain told = again().findFirst().orElseThrow();
        assertThat(told.ticket()).isEqualTo(ticket);
        assertThat(told.retry()).isFalse();
        assertThat(told.before()).isEqualTo(Presentation.of(NOON, handshake(ticket, KEY, APP)));
        assertThat(told.now().at()).isEqualTo(NOON.plusSeconds(3));
        assertThat(told.now().isOfSameOrigin(told.before())).isFalse();
        assertThat(told.toString()).doesNotContain(KEY, "evil", APP, ticket.reveal());
        assertThat(revocationsMade).hasValue(0);
    }

    @Test
    void anUnknownTicketRaisesNoAlarmHoweverOftenItIsPresented() {
        Tickets tickets = tickets(ReplayAlarm.CLOSE);
        Ticket unknown = Ticket.random();

        assertThat(refusal(tickets, unknown, KEY, APP)).contains(Refusal.NOTHING);
        assertThat(refusal(tickets, unknown, OTHER_KEY, APP)).contains(Refusal.NOTHING);

        assertThat(again()).isEmpty();
    }

    @Test
    void aHandshakeThatAProxyHasSentTwiceIsNoAlarm() throws Exception {
        Tickets tickets = tickets(ReplayAlarm.CLOSE);
        Gate gate = Gate.of(tickets);
        Ticket ticket = issue(tickets);
        var closed = new CompletableFuture<Integer>();
        LiveConnection connection = open(gate, handshake(ticket, KEY, APP), closed);

        assertThat(refusal(gate, handshake(ticket, KEY, APP))).contains(Refusal.NOTHING);

        assertThat(again().map(TicketEvent.PresentedAgain::retry)).containsExactly(true);
        assertThat(revocationsMade).hasValue(0);
        // The same key from elsewhere is one.
        assertThat(refusal(gate, handshake(ticket, KEY, "https://evil.example")))
                .contains(Refusal.NOTHING);
        assertThat(closed.get(30, TimeUnit.SECONDS)).isEqualTo(3000);
        connection.ended();
    }

    @Test
    void withCloseTheConnectionOfTheFirstEndsInWhicheverProcess() throws Exception {
        Tickets here = tickets(ReplayAlarm.CLOSE);
        Tickets there = tickets(ReplayAlarm.CLOSE);
        Ticket ticket = issue(here);
        var closed = new CompletableFuture<Integer>();
        LiveConnection connection = open(Gate.of(here), handshake(ticket, KEY, APP), closed);
        Gate other = Gate.of(there);

        assertThat(refusal(other, handshake(ticket, OTHER_KEY, APP))).contains(Refusal.NOTHING);

        assertThat(closed.get(30, TimeUnit.SECONDS)).isEqualTo(3000);
        connection.ended();
    }

    @Test
    void whoeverPresentsItAThousandTimesFillsNoFeed() throws Exception {
        Tickets tickets = tickets(ReplayAlarm.CLOSE);
        Gate gate = Gate.of(tickets);
        Ticket ticket = issue(tickets);
        var closed = new CompletableFuture<Integer>();
        LiveConnection connection = open(gate, handshake(ticket, KEY, APP), closed);
        assertThat(refusal(gate, handshake(ticket, OTHER_KEY, APP))).contains(Refusal.NOTHING);
        assertThat(closed.get(30, TimeUnit.SECONDS)).isEqualTo(3000);

        for (int i = 0; i < 1000; i++) {
            assertThat(refusal(gate, handshake(ticket, i % 2 == 0 ? KEY : OTHER_KEY, APP)))
                    .contains(Refusal.NOTHING);
        }

        assertThat(revocationsMade).hasValue(1);
        connection.ended();
    }

    @Test
    void asLittleWhileTheFeedIsBehind() {
        var made = new AtomicInteger();
        Revocations behind = new Counting(revocations, made) {
            @Override
            public CompletionStage<Void> revoke(Revocation revocation) {
                made.incrementAndGet();
                return CompletableFuture.completedFuture(null);
            }
        };
        Gate gate = Gate.of(Tickets.builder(store)
                .revocations(behind)
                .replayAlarm(ReplayAlarm.CLOSE)
                .build());
        Ticket ticket = issue(tickets(ReplayAlarm.CLOSE));
        assertThat(refusal(gate, handshake(ticket, KEY, APP))).isEmpty();

        for (int i = 0; i < 1000; i++) {
            assertThat(refusal(gate, handshake(ticket, OTHER_KEY, APP))).contains(Refusal.NOTHING);
        }

        assertThat(made).hasValue(1);
    }

    @Test
    void aTicketThatHasRenewedAConnectionIsWatchedToo() throws Exception {
        Tickets tickets = tickets(ReplayAlarm.CLOSE);
        Gate gate = Gate.of(tickets);
        var closed = new CompletableFuture<Integer>();
        LiveConnection connection = open(gate, handshake(issue(tickets), KEY, APP), closed);
        Ticket second = issue(tickets);
        assertThat(connection
                        .renew(second.reveal(), renewed -> true)
                        .toCompletableFuture()
                        .join())
                .isInstanceOf(Admission.Admitted.class);

        assertThat(refusal(gate, handshake(second, OTHER_KEY, APP))).contains(Refusal.NOTHING);

        assertThat(closed.get(30, TimeUnit.SECONDS)).isEqualTo(3000);
        connection.ended();
    }

    @Test
    void aFeedThatIsDownKeepsNobodyFromBeingRefused() {
        Revocations down = new Counting(revocations, new AtomicInteger()) {
            @Override
            public CompletionStage<Void> revoke(Revocation revocation) {
                throw new IllegalStateException("down");
            }
        };
        Tickets tickets = Tickets.builder(store)
                .revocations(down)
                .replayAlarm(ReplayAlarm.CLOSE)
                .build();
        Ticket ticket = issue(tickets);

        assertThat(refusal(tickets, ticket, KEY, APP)).isEmpty();
        assertThat(refusal(tickets, ticket, OTHER_KEY, APP)).contains(Refusal.NOTHING);
    }

    @Test
    void whatAnAlarmNeedsIsAskedForAtTheStart() {
        TicketStore without = new TicketStore() {
            @Override
            public CompletionStage<Boolean> put(Ticket ticket, TicketValue value, Duration timeToLive) {
                return store.put(ticket, value, timeToLive);
            }

            @Override
            public CompletionStage<Optional<TicketValue>> take(Ticket ticket) {
                return store.take(ticket);
            }
        };
        Tickets.Builder untraced =
                Tickets.builder(new BoundedTicketStore(without)).replayAlarm(ReplayAlarm.LOG);
        Tickets.Builder unrevoked = Tickets.builder(store).replayAlarm(ReplayAlarm.CLOSE);

        assertThatIllegalArgumentException()
                .isThrownBy(untraced::build)
                .withMessageContaining("must be OFF with a store that leaves no trace");
        assertThatIllegalArgumentException()
                .isThrownBy(unrevoked::build)
                .withMessageContaining("must be OFF or LOG without revocations");
    }

    @Test
    void aTraceIsReadAsItIsWrittenAndIsNoValue() {
        for (Presentation presentation : List.of(
                new Presentation(NOON, null, null), Presentation.of(NOON, handshake(Ticket.random(), KEY, APP)))) {
            byte[] bytes = presentation.json().getBytes(StandardCharsets.UTF_8);

            assertThat(Presentation.parse(bytes)).contains(presentation);
            assertThat(TicketValueCodec.decode(bytes)).isEmpty();
            assertThat(bytes).hasSizeLessThan(160);
        }
        for (long at : new long[] {Long.MIN_VALUE, -1, Long.MAX_VALUE}) {
            byte[] bytes = ("{\"rt\":{\"presented\":{\"at\":" + at + "}}}").getBytes(StandardCharsets.UTF_8);
            assertThat(Presentation.parse(bytes)).isEmpty();
        }
        assertThat(Presentation.parse("{\"id\":1,\"username\":\"alice\"}".getBytes(StandardCharsets.UTF_8)))
                .isEmpty();
    }

    private Stream<TicketEvent.PresentedAgain> again() {
        return List.copyOf(events).stream()
                .filter(TicketEvent.PresentedAgain.class::isInstance)
                .map(TicketEvent.PresentedAgain.class::cast);
    }

    private Tickets tickets(ReplayAlarm alarm) {
        return Tickets.builder(store)
                .revocations(revocations)
                .clock(now::get)
                .listener(events::add)
                .replayAlarm(alarm)
                .build();
    }

    private static Ticket issue(Tickets tickets) {
        return tickets.issue(ALICE).toCompletableFuture().join();
    }

    private static LiveConnection open(Gate gate, ConnectionRequest request, CompletableFuture<Integer> closed) {
        return gate.admit(request)
                .toCompletableFuture()
                .join()
                .fold(admitted -> admitted.opened((code, reason) -> closed.complete(code)), refused -> {
                    throw new AssertionError(refused);
                });
    }

    private static Optional<Refusal> refusal(Tickets tickets, Ticket ticket, String key, String origin) {
        return refusal(Gate.of(tickets), handshake(ticket, key, origin));
    }

    private static Optional<Refusal> refusal(Gate gate, ConnectionRequest request) {
        return gate.admit(request)
                .toCompletableFuture()
                .join()
                .fold(admitted -> Optional.empty(), refused -> Optional.of(refused.reason()));
    }

    private static Connecting handshake(Ticket ticket, String key, String origin) {
        return new Connecting(
                "ticket=" + ticket.reveal(), Map.of("Sec-WebSocket-Key", List.of(key), "Origin", List.of(origin)));
    }

    /** Counts what is revoked. */
    private static class Counting implements Revocations {
        private final Revocations feed;
        private final AtomicInteger count;

        Counting(Revocations feed, AtomicInteger count) {
            this.feed = feed;
            this.count = count;
        }

        @Override
        public CompletionStage<Void> revoke(Revocation revocation) {
            count.incrementAndGet();
            return feed.revoke(revocation);
        }

        @Override
        public Listening listen(RevocationListener listener) {
            return feed.listen(listener);
        }

        @Override
        public String revision() {
            return feed.revision();
        }

        @Override
        public boolean isCurrent() {
            return feed.isCurrent();
        }
    }
}
