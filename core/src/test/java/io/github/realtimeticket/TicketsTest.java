// SPDX-License-Identifier: Apache-2.0
package io.github.realtimeticket;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.google.errorprone.annotations.CanIgnoreReturnValue;
import java.io.IOException;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.atomic.AtomicReference;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.ValueSource;

class TicketsTest {

    private static final TicketHolder ALICE = TicketHolder.of(1, "alice");
    private static final Instant NOON = Instant.parse("2026-11-22T12:00:00.123Z");

    private final AtomicReference<Instant> now = new AtomicReference<>(NOON);
    private final List<String> events = new ArrayList<>();

    @Test
    void aTicketIsExchangedForItsHolderOnce() {
        Tickets tickets = Tickets.of(TicketStore.inMemory());

        Ticket ticket = join(tickets.issue(ALICE));

        assertThat(redeem(tickets, ticket)).contains(ALICE);
        assertThat(redeem(tickets, ticket)).isEmpty();
        assertThat(redeem(tickets, Ticket.random())).isEmpty();
    }

    @ParameterizedTest
    @ValueSource(longs = {1000, 1001, 10_000, 299_999, 300_000})
    void aLifeOf1To300SecondsCanBeSet(long millis) {
        Duration timeToLive = Duration.ofMillis(millis);
        var store = new Asked();

        join(Tickets.builder(store).timeToLive(timeToLive).build().issue(ALICE));

        assertThat(store.timeToLive).isEqualTo(timeToLive);
    }

    @Test
    void aLifeOutsideThatIsRefusedByName() {
        for (Duration odd : List.of(
                Duration.ZERO,
                Duration.ofSeconds(1).minusNanos(1),
                Duration.ofSeconds(300).plusNanos(1),
                Duration.ofSeconds(-10),
                Duration.ofDays(365))) {
            assertThatIllegalArgumentException()
                    .isThrownBy(() -> Tickets.builder(TicketStore.inMemory()).timeToLive(odd))
                    .withMessageContaining("timeToLive")
                    .withMessageContaining("1 s to 300 s");
        }
    }

    @Test
    void ticketsLiveForTenSecondsUnlessToldOtherwise() {
        assertThat(Tickets.of(TicketStore.inMemory()).timeToLive()).isEqualTo(Duration.ofSeconds(10));
    }

    @Test
    void anEmptyAudienceIsRefused() {
        assertThatIllegalArgumentException()
                .isThrownBy(() -> Tickets.builder(TicketStore.inMemory()).audience(""))
                .withMessageContaining("audience");
    }

    @Test
    void aTicketOfAnAudienceIsNotForTheNamelessButATicketOfNobodyIsForAll() {
        TicketStore store = TicketStore.inMemory();
        Tickets chat = Tickets.builder(store).audience("chat").build();
        Tickets nameless = Tickets.of(store);

        assertThat(redeem(nameless, join(chat.issue(ALICE)))).isEmpty();
        assertThat(redeem(chat, join(nameless.issue(ALICE)))).contains(ALICE);
    }

    @Test
    void theValueHasTheHolderTheBindingAndTheTime() {
        var store = new Asked();
        Tickets tickets = Tickets.builder(store)
                .audience("chat")
                .clock(() -> NOON.plusNanos(999_999))
                .build();

        join(tickets.issue(ALICE));

        assertThat(store.value).isEqualTo(new TicketValue(ALICE, new TicketBinding("chat", null), NOON));
    }

    @Test
    void ticketsOfWhoseLoginNothingIsKnownShareWhatTheySayOfIt() {
        var store = new Asked();
        Tickets tickets = Tickets.of(store);

        join(tickets.issue(ALICE));
        assertThat(Objects.requireNonNull(store.value).login()).isSameAs(TicketLogin.none());
        join(tickets.issue(TicketGrant.to(ALICE), null, null));
        assertThat(Objects.requireNonNull(store.value).login()).isSameAs(TicketLogin.none());
    }

    @Test
    void aHolderThatIsTooLargeGetsNoTicket() {
        var store = new InMemoryTicketStore();
        CompletionStage<Ticket> issued = Tickets.of(store).issue(TicketHolder.of(1, "x".repeat(5000)));

        assertThatThrownBy(() -> join(issued))
                .hasCauseInstanceOf(IllegalArgumentException.class)
                .hasMessageContaining("4096");
        assertThat(store.outstanding()).isZero();
    }

    @Test
    void theListenerHearsEverythingWithTheAgeOfTheTicket() {
        Tickets tickets = watched(TicketStore.inMemory(), recorder());

        Ticket ticket = join(tickets.issue(ALICE));
        now.set(NOON.plusMillis(1500));
        assertThat(redeem(tickets, ticket)).contains(ALICE);
        assertThat(redeem(tickets, ticket)).isEmpty();

        assertThat(events)
                .containsExactly(
                        "issued " + ticket + " alice",
                        "redeemed " + ticket + " alice PT1.5S",
                        "refused NOTHING " + ticket);
    }

    @Test
    void theAgeIsNotNegativeWhenTheIssuersClockIsAhead() {
        Tickets tickets = watched(TicketStore.inMemory(), recorder());
        Ticket ticket = join(tickets.issue(ALICE));

        now.set(NOON.minusSeconds(5));
        assertThat(redeem(tickets, ticket)).isPresent();

        assertThat(events).last().asString().endsWith("PT0S");
    }

    @Test
    void theAgeIsUnknownWhenTheIssuerDidNotSay() {
        TicketStore store = TicketStore.inMemory();
        Ticket ticket = Ticket.random();
        join(store.put(ticket, new TicketValue(ALICE, TicketBinding.none(), null), Duration.ofSeconds(10)));

        assertThat(redeem(watched(store, recorder()), ticket)).contains(ALICE);

        assertThat(events).containsExactly("redeemed " + ticket + " alice null");
    }

    @Test
    void theListenerHearsHowLongTheStoreTook() {
        List<Duration> took = new ArrayList<>();
        var store = new Asked();
        Tickets tickets = watched(store, event -> {
            if (event instanceof TicketEvent.Issued issued) {
                took.add(issued.took());
            }
        });

        join(tickets.issue(ALICE));

        assertThat(took).singleElement().satisfies(time -> assertThat(time)
                .isBetween(Duration.ZERO, Duration.ofMinutes(1)));
    }

    @Test
    void severalListenersHearInOrder() {
        List<String> order = new ArrayList<>();
        Tickets tickets = watched(
                TicketStore.inMemory(),
                TicketListener.all(List.of(naming("a", order), TicketListener.none(), naming("b", order))));

        join(tickets.issue(ALICE));

        assertThat(order).containsExactly("a", "b");
    }

    @ParameterizedTest
    @EnumSource
    void aListenerThatThrowsDisturbsNothing(Thrown thrown) {
        TicketListener broken = event -> thrown.now();
        Tickets tickets = watched(TicketStore.inMemory(), TicketListener.all(List.of(broken, recorder())));

        Ticket ticket = join(tickets.issue(ALICE));
        assertThat(redeem(tickets, ticket)).contains(ALICE);
        assertThat(redeem(tickets, ticket)).isEmpty();
        assertThat(redeem(watched(Broken.FAILING.store(), broken), ticket)).isEmpty();

        assertThat(events).hasSize(3);
    }

    @ParameterizedTest
    @EnumSource(names = "SILENT", mode = EnumSource.Mode.EXCLUDE)
    void everyFaultOfTheStoreIsATicketStoreExceptionAndIsHeard(Broken broken) {
        Tickets tickets = watched(broken.store(), recorder());
        Ticket ticket = Ticket.random();

        assertThatThrownBy(() -> join(tickets.issue(ALICE)))
                .isInstanceOf(CompletionException.class)
                .hasCauseInstanceOf(TicketStoreException.class);
        assertThat(join(Gate.of(tickets).admit(ticket))).isEqualTo(new Admission.Refused(Refusal.FAILED));

        assertThat(events).hasSize(2);
        assertThat(events.get(0)).startsWith("failed ISSUE");
        assertThat(events.get(1)).isEqualTo("failed REDEEM " + ticket);
    }

    @Test
    void aStoresOwnExceptionComesThroughAsItIs() {
        var fault = new TicketStoreException("timeout", new IOException());
        var store = new Asked();
        store.answer = CompletableFuture.failedFuture(new CompletionException(fault));

        assertThatThrownBy(() -> join(Tickets.of(store).issue(ALICE))).hasCause(fault);
    }

    @Test
    void aStoresStageNeedHaveNoFuture() {
        Tickets tickets = Tickets.of(new TicketStore() {
            private final TicketStore memory = TicketStore.inMemory();

            @Override
            public CompletionStage<Boolean> put(Ticket ticket, TicketValue value, Duration timeToLive) {
                return Foreign.stage(join(memory.put(ticket, value, timeToLive)));
            }

            @Override
            public CompletionStage<Optional<TicketValue>> take(Ticket ticket) {
                return Foreign.stage(join(memory.take(ticket)));
            }
        });

        Ticket ticket = join(tickets.issue(ALICE));

        assertThat(redeem(tickets, ticket)).contains(ALICE);
    }

    @Test
    void aStoreThatHasSomethingForANewTicketGivesNone() {
        var store = new Asked();
        store.answer = CompletableFuture.completedFuture(false);

        assertThatThrownBy(() -> join(watched(store, recorder()).issue(ALICE)))
                .hasCauseInstanceOf(TicketStoreException.class);

        assertThat(events).singleElement().asString().startsWith("failed ISSUE");
    }

    private Tickets watched(TicketStore store, TicketListener listener) {
        return Tickets.builder(store).clock(now::get).listener(listener).build();
    }

    private TicketListener recorder() {
        return event -> {
            if (event instanceof TicketEvent.Issued issued) {
                events.add("issued " + issued.ticket() + " "
                        + issued.value().holder().username());
            } else if (event instanceof TicketEvent.Redeemed redeemed) {
                events.add("redeemed " + redeemed.ticket() + " "
                        + redeemed.holder().username() + " " + redeemed.age());
            } else if (event instanceof TicketEvent.Refused refused) {
                events.add("refused " + refused.reason() + " " + refused.ticket());
            } else if (event instanceof TicketEvent.Failed failed) {
                assertThat(failed.cause())
                        .hasMessageNotContaining(failed.ticket().reveal());
                events.add("failed " + failed.operation() + " " + failed.ticket());
            }
        };
    }

    private static TicketListener naming(String name, List<String> order) {
        return event -> order.add(name);
    }

    private static Optional<TicketHolder> redeem(Tickets tickets, Ticket ticket) {
        return join(Gate.of(tickets).admit(ticket))
                .fold(admitted -> Optional.of(admitted.holder()), refused -> Optional.empty());
    }

    @ParameterizedTest
    @ValueSource(longs = {Long.MIN_VALUE, Long.MAX_VALUE})
    void anExtremeTimeOfIssueGivesAnAgeThatCanBeMeasured(long issuedAt) {
        TicketStore store = TicketStore.inMemory();
        List<@Nullable Duration> ages = new ArrayList<>();
        Tickets tickets = Tickets.builder(store)
                .listener(event -> {
                    if (event instanceof TicketEvent.Redeemed redeemed) {
                        ages.add(redeemed.age());
                    }
                })
                .build();
        Ticket ticket = Ticket.random();
        var value = new TicketValue(TicketHolder.of(1, "alice"), TicketBinding.none(), Instant.ofEpochMilli(issuedAt));

        assertThat(join(store.put(ticket, value, Duration.ofSeconds(10)))).isTrue();
        assertThat(redeem(tickets, ticket)).isPresent();

        assertThat(ages).singleElement().satisfies(age -> assertThat(age).isBetween(Duration.ZERO, Duration.ofDays(1)));
    }

    @CanIgnoreReturnValue
    private static <T> T join(CompletionStage<T> stage) {
        return stage.toCompletableFuture().join();
    }

    /** What a listener can throw, in Kotlin a checked exception too. */
    enum Thrown {
        RUNTIME,
        ERROR,
        CHECKED;

        void now() {
            Thrown.<RuntimeException>sneaky(
                    switch (this) {
                        case RUNTIME -> new IllegalStateException("listener");
                        case ERROR -> new NoClassDefFoundError("listener");
                        case CHECKED -> new IOException("listener");
                    });
        }

        @SuppressWarnings({"unchecked", "TypeParameterUnusedInFormals"})
        private static <T extends Throwable> void sneaky(Throwable throwable) throws T {
            throw (T) throwable;
        }
    }

    /** Remembers what it was asked for and answers as told. */
    private static final class Asked implements TicketStore {

        private CompletionStage<Boolean> answer = CompletableFuture.completedFuture(true);
        private @Nullable TicketValue value;
        private @Nullable Duration timeToLive;

        @Override
        public CompletionStage<Boolean> put(Ticket ticket, TicketValue value, Duration timeToLive) {
            this.value = value;
            this.timeToLive = timeToLive;
            return answer;
        }

        @Override
        public CompletionStage<Optional<TicketValue>> take(Ticket ticket) {
            throw new UnsupportedOperationException();
        }
    }
}
