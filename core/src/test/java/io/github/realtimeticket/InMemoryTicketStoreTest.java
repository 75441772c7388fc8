// SPDX-License-Identifier: Apache-2.0
package io.github.realtimeticket;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.lang.ref.WeakReference;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Random;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.atomic.AtomicLong;
import java.util.concurrent.locks.LockSupport;
import java.util.function.BooleanSupplier;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class InMemoryTicketStoreTest {

    private static final Duration TEN_SECONDS = Duration.ofSeconds(10);
    private static final long TICK = 1L << 29;

    private final AtomicLong clock = new AtomicLong();
    private final InMemoryTicketStore store = new InMemoryTicketStore(1000, clock::get);

    @ParameterizedTest
    @ValueSource(
            longs = {
                0,
                1,
                TICK,
                -1,
                Long.MIN_VALUE,
                Long.MIN_VALUE + 1,
                Long.MAX_VALUE,
                Long.MAX_VALUE - 5_000_000_000L,
                -5_000_000_000L
            })
    void aTicketExpiresToTheNanosecondWhereverTheClockStarts(long start) {
        clock.set(start);
        var store = new InMemoryTicketStore(1000, clock::get);
        for (long timeToLive :
                new long[] {1, 2, 1_000_000, TICK - 1, TICK, TICK + 1, 10_000_000_000L, 300_000_000_000L}) {
            Ticket early = Ticket.random();
            Ticket late = Ticket.random();
            kept(store.put(early, value("early"), Duration.ofNanos(timeToLive)));
            kept(store.put(late, value("late"), Duration.ofNanos(timeToLive)));

            clock.addAndGet(timeToLive - 1);
            Optional<TicketValue> before = join(store.take(early));
            clock.addAndGet(1);
            Optional<TicketValue> after = join(store.take(late));

            assertThat(before).contains(value("early"));
            assertThat(after).isEmpty();
            assertThat(store.outstanding()).isZero();
        }
    }

    @ParameterizedTest
    @ValueSource(longs = {511, 512, 1023, 1024, 1025, 2048, 1_000_000_000})
    void nothingIsLeftAfterALongPause(long ticks) {
        for (int i = 0; i < 500; i++) {
            kept(store.put(Ticket.random(), value("old"), Duration.ofMillis(1 + i * 500L)));
        }

        clock.addAndGet(ticks * TICK);
        Ticket ticket = Ticket.random();
        kept(store.put(ticket, value("new"), TEN_SECONDS));
        clock.addAndGet(TEN_SECONDS.toNanos() - 1);

        assertThat(join(store.take(ticket))).contains(value("new"));
        await(() -> store.outstanding() == 0);
    }

    @Test
    void aTicketThatIsThereIsNeverOverwritten() {
        Ticket ticket = Ticket.random();
        kept(store.put(ticket, value("first"), TEN_SECONDS));
        clock.addAndGet(TEN_SECONDS.toNanos() - 1);

        boolean again = join(store.put(ticket, value("second"), TicketStore.LONGEST_TIME_TO_LIVE));

        assertThat(again).isFalse();
        assertThat(store.outstanding()).isOne();
        assertThat(join(store.take(ticket))).contains(value("first"));
        assertThat(join(store.take(ticket))).isEmpty();
    }

    @Test
    void aTicketNotOverwrittenKeepsItsOwnTime() {
        Ticket ticket = Ticket.random();
        kept(store.put(ticket, value("first"), TEN_SECONDS));
        boolean again = join(store.put(ticket, value("second"), TicketStore.LONGEST_TIME_TO_LIVE));

        clock.addAndGet(TEN_SECONDS.toNanos());

        assertThat(again).isFalse();
        assertThat(join(store.take(ticket))).isEmpty();
    }

    @Test
    void anExpiredValueIsReplacedInTheSameTickToo() {
        Ticket ticket = Ticket.random();
        kept(store.put(ticket, value("first"), Duration.ofNanos(5)));
        clock.addAndGet(5);

        kept(store.put(ticket, value("second"), TEN_SECONDS));

        assertThat(store.outstanding()).isOne();
        assertThat(join(store.take(ticket))).contains(value("second"));
        assertThat(store.outstanding()).isZero();
    }

    @Test
    void aTakenTicketCanBePutAgain() {
        Ticket ticket = Ticket.random();
        for (int i = 0; i < 100; i++) {
            kept(store.put(ticket, value("v" + i), TEN_SECONDS));

            assertThat(join(store.take(ticket))).contains(value("v" + i));
        }
        assertThat(store.outstanding()).isZero();
    }

    @Test
    void aFullStoreRefusesNewTicketsAndKeepsTheOldOnesRedeemable() {
        var store = new InMemoryTicketStore(3, clock::get);
        List<Ticket> old = List.of(Ticket.random(), Ticket.random(), Ticket.random());
        old.forEach(ticket -> kept(store.put(ticket, value("old"), TEN_SECONDS)));
        Ticket tooMany = Ticket.random();

        for (int i = 0; i < 10; i++) {
            assertThatThrownBy(() -> join(store.put(tooMany, value("new"), TEN_SECONDS)))
                    .hasCauseInstanceOf(TicketStoreException.class)
                    .hasMessageContaining("3 tickets are outstanding")
                    .hasMessageNotContaining(tooMany.reveal());
        }

        assertThat(store.outstanding()).isEqualTo(3);
        assertThat(old)
                .allSatisfy(ticket -> assertThat(join(store.take(ticket))).contains(value("old")));
        kept(store.put(tooMany, value("new"), TEN_SECONDS));
    }

    @Test
    void aStoreFullOfExpiredTicketsHasRoomAgainWithoutACall() {
        var store = new InMemoryTicketStore(100, clock::get);
        for (int i = 0; i < 100; i++) {
            kept(store.put(Ticket.random(), value("old"), TEN_SECONDS));
        }

        clock.addAndGet(TEN_SECONDS.toNanos() + TICK);

        await(() -> store.outstanding() == 0);
        kept(store.put(Ticket.random(), value("new"), TEN_SECONDS));
    }

    @Test
    void memoryIsGivenBackSoonAfterExpiryOnTheRealClockWithoutACall() {
        var store = new InMemoryTicketStore();
        TicketValue value = value("alice");
        var reference = new WeakReference<>(value.holder());
        kept(store.put(Ticket.random(), value, Duration.ofMillis(1)));

        value = value("other");

        await(() -> {
            System.gc();
            return store.outstanding() == 0 && reference.get() == null;
        });
        assertThat(value.holder().username()).isEqualTo("other");
    }

    @Test
    void aTakenTicketIsNotHeld() {
        var taken = new WeakReference<>(putAndTake());

        await(() -> {
            System.gc();
            return taken.get() == null;
        });
        assertThat(store.outstanding()).isZero();
    }

    @Test
    void aStoreThatNobodyNeedsIsCollectedWithItsHousekeeping() {
        var reference = new WeakReference<>(new InMemoryTicketStore(10, System::nanoTime));

        await(() -> {
            System.gc();
            return reference.get() == null;
        });
    }

    @Test
    void housekeepingOutlivesAClockThatFails() {
        AtomicLong failures = new AtomicLong(3);
        var store = new InMemoryTicketStore(10, () -> {
            if (clock.get() > 0 && failures.getAndDecrement() > 0) {
                throw new IllegalStateException("no time");
            }
            return clock.get();
        });
        kept(store.put(Ticket.random(), value("alice"), TEN_SECONDS));

        clock.set(2 * TEN_SECONDS.toNanos());

        await(() -> store.outstanding() == 0);
    }

    @Test
    void aTimeToLiveOutsideItsLimitsIsRefused() {
        Duration longest = TicketStore.LONGEST_TIME_TO_LIVE;
        kept(store.put(Ticket.random(), value("a"), longest));
        kept(store.put(Ticket.random(), value("a"), Duration.ofNanos(1)));

        for (Duration odd : List.of(
                Duration.ZERO, Duration.ofNanos(-1), longest.plusNanos(1), Duration.ofSeconds(Long.MAX_VALUE))) {
            assertThatIllegalArgumentException().isThrownBy(() -> {
                var unused = store.put(Ticket.random(), value("a"), odd);
            });
        }
        assertThat(store.outstanding()).isEqualTo(2);
    }

    @ParameterizedTest
    @ValueSource(ints = {0, -1, Integer.MIN_VALUE})
    void aMaximumBelowOneIsRefused(int maximum) {
        assertThatIllegalArgumentException()
                .isThrownBy(() -> new InMemoryTicketStore(maximum, clock::get))
                .withMessageContaining("maximum");
    }

    /** Growing, shrinking, expiry, collisions and replacing, all against a plain map that is obviously right. */
    @Test
    void aLongRandomHistoryIsThatOfAPlainMap() {
        var random = new Random(7);
        var store = new InMemoryTicketStore(1_000_000, clock::get);
        Map<Ticket, Kept> model = new HashMap<>();
        List<Ticket> known = new ArrayList<>();

        for (int i = 0; i < 300_000; i++) {
            boolean filling = i / 20_000 % 2 == 0;
            int dice = random.nextInt(100);
            if (dice < (filling ? 70 : 20)) {
                Ticket ticket = dice == 0 && !known.isEmpty() ? any(known, random) : Ticket.random();
                long timeToLive = 1
                        + (long) (random.nextDouble()
                                * TicketStore.LONGEST_TIME_TO_LIVE.toNanos()
                                / (1 + random.nextInt(50)));
                var value = new Kept(value("u" + i), clock.get() + timeToLive);
                Kept there = model.get(ticket);
                boolean free = there == null || there.until <= clock.get();

                assertThat(join(store.put(ticket, value.value, Duration.ofNanos(timeToLive))))
                        .isEqualTo(free);
                if (free) {
                    model.put(ticket, value);
                    known.add(ticket);
                }
            } else if (!known.isEmpty()) {
                Ticket ticket = any(known, random);
                Kept there = model.remove(ticket);
                Optional<TicketValue> expected =
                        there == null || there.until <= clock.get() ? Optional.empty() : Optional.of(there.value);

                assertThat(join(store.take(ticket))).isEqualTo(expected);
            }
            clock.addAndGet(random.nextInt(10_000_000));
        }

        long now = clock.get();
        model.forEach((ticket, there) -> assertThat(join(store.take(ticket)))
                .isEqualTo(there.until <= now ? Optional.empty() : Optional.of(there.value)));
        clock.addAndGet(TicketStore.LONGEST_TIME_TO_LIVE.toNanos());
        await(() -> store.outstanding() == 0);
    }

    private record Kept(TicketValue value, long until) {}

    private TicketHolder putAndTake() {
        Ticket ticket = Ticket.random();
        kept(store.put(ticket, value("alice"), TEN_SECONDS));
        return join(store.take(ticket)).orElseThrow().holder();
    }

    private static Ticket any(List<Ticket> tickets, Random random) {
        return tickets.get(random.nextInt(tickets.size()));
    }

    private static TicketValue value(String username) {
        return new TicketValue(TicketHolder.of(1, username), TicketBinding.none(), null);
    }

    private static void kept(CompletionStage<Boolean> stage) {
        assertThat(join(stage)).isTrue();
    }

    private static <T> T join(CompletionStage<T> stage) {
        return stage.toCompletableFuture().join();
    }

    /** Housekeeping runs in real time every half second; the bound is generous for a loaded machine. */
    private static void await(BooleanSupplier condition) {
        long end = System.nanoTime() + Duration.ofSeconds(30).toNanos();
        while (!condition.getAsBoolean()) {
            assertThat(System.nanoTime()).as("in time").isLessThan(end);
            LockSupport.parkNanos(5_000_000);
        }
    }
}
