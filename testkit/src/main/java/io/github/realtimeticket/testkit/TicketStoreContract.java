// SPDX-License-Identifier: Apache-2.0
package io.github.realtimeticket.testkit;

import static io.github.realtimeticket.testkit.Eventually.await;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.github.realtimeticket.Ticket;
import io.github.realtimeticket.TicketBinding;
import io.github.realtimeticket.TicketHolder;
import io.github.realtimeticket.TicketStore;
import io.github.realtimeticket.TicketValue;
import java.math.BigDecimal;
import java.math.BigInteger;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.UUID;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/**
 * What every {@link TicketStore} must pass. Observes a store through its two methods only.
 *
 * <p>Each test asks {@link #store()} twice, for two instances that are as far apart as the store allows (two connections to one
 * server, say) and share one backend; a store for one JVM may give the same instance again.
 */
public abstract class TicketStoreContract {

    private static final long NONE = -1;
    private static final Duration LONG = Duration.ofMinutes(1);
    private static final TicketValue ALICE = value(TicketHolder.of(1, "alice"));
    private static final TicketValue BOB = value(TicketHolder.of(2, "bob"));

    private TicketStore one;
    private TicketStore other;

    /** Another instance on the same backend at each call. The test's class closes what it opened. */
    protected abstract TicketStore store() throws Exception;

    /** Lets this much time pass for the store, by moving its clock or by waiting. */
    protected abstract void pass(Duration time) throws Exception;

    /** For how many tickets redeemers race; fewer for a store whose every operation takes its time, but not below 1,000. */
    protected int contestedTickets() {
        return 10_000;
    }

    @BeforeEach
    void openTwoInstances() throws Exception {
        one = store();
        other = store();
    }

    @Test
    void t4_aTicketIsTakenOnce() {
        Ticket ticket = kept(ALICE, LONG);

        assertThat(take(one, ticket)).contains(ALICE);
        assertThat(take(one, ticket)).isEmpty();
    }

    @Test
    void t4_whatOneInstancePutAnotherTakes() {
        Ticket ticket = kept(ALICE, LONG);

        assertThat(take(other, ticket)).contains(ALICE);
        assertThat(take(one, ticket)).isEmpty();
    }

    @Test
    void t5_anUnknownTicketIsNothing() {
        assertThat(take(one, TicketTexts.ticket())).isEmpty();
    }

    @Test
    void t2_upperAndLowerCaseAreDifferentTickets() {
        Ticket upper = TicketTexts.ticket("ABCDEFGHIJKLMNOPQRSTUVWXY" + suffix());
        Ticket lower = TicketTexts.ticket(upper.reveal().toLowerCase(Locale.ROOT));
        assertThat(put(one, upper, ALICE, LONG)).isTrue();

        assertThat(take(one, lower)).isEmpty();
        assertThat(take(one, upper)).isPresent();
    }

    @Test
    void t2_everyFormOfTicketIsKept() {
        List<String> texts = List.of(
                UUID.randomUUID().toString(), "-_" + suffix() + suffix() + "-_-_-_-_-_-_", "x".repeat(56) + suffix());

        for (String text : texts) {
            Ticket ticket = TicketTexts.ticket(text);
            assertThat(put(one, ticket, ALICE, LONG)).isTrue();
            assertThat(take(other, ticket)).contains(ALICE);
        }
    }

    @Test
    void t3_puttingNeverOverwrites() {
        Ticket ticket = kept(ALICE, LONG);

        boolean kept = put(other, ticket, BOB, LONG);

        assertThat(kept).isFalse();
        assertThat(take(one, ticket)).contains(ALICE);
        assertThat(take(one, ticket)).isEmpty();
    }

    @Test
    void t3_puttingInVainDoesNotProlong() throws Exception {
        Duration timeToLive = Duration.ofSeconds(1);
        Ticket ticket = kept(ALICE, timeToLive);
        while (put(one, ticket, ALICE, LONG)) {
            // In real time this machine may take longer than that.
            timeToLive = timeToLive.multipliedBy(2);
            assertThat(timeToLive).as("what a second attempt takes").isLessThan(LONG);
            ticket = kept(ALICE, timeToLive);
        }

        pass(timeToLive.plusMillis(100));

        assertThat(take(one, ticket)).isEmpty();
    }

    @Test
    void t3_aTicketExpires() throws Exception {
        Ticket ticket = kept(ALICE, Duration.ofMillis(200));

        pass(Duration.ofMillis(250));

        assertThat(take(one, ticket)).isEmpty();
    }

    @Test
    void t3_aTicketLivesUntilItExpires() throws Exception {
        Ticket ticket = kept(ALICE, Duration.ofSeconds(30));

        pass(Duration.ofSeconds(1));

        assertThat(take(one, ticket)).contains(ALICE);
    }

    @Test
    void t3_anExpiredTicketLeavesRoomForItself() throws Exception {
        Ticket ticket = kept(ALICE, Duration.ofMillis(100));
        pass(Duration.ofMillis(150));

        boolean kept = put(one, ticket, BOB, LONG);

        assertThat(kept).isTrue();
        assertThat(take(one, ticket)).contains(BOB);
    }

    @ParameterizedTest
    @ValueSource(strings = {"PT0S", "PT-1S", "PT5M0.001S"})
    void t3_aTimeToLiveOutOfBoundsIsAProgrammersMistake(Duration timeToLive) {
        Ticket ticket = TicketTexts.ticket();

        assertThatThrownBy(() -> put(one, ticket, ALICE, timeToLive))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessageNotContaining(ticket.reveal());
        assertThat(take(one, ticket)).isEmpty();
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "Zoë",
                "名前",
                "\"quoted\" \\back\\slash/",
                "line\nbreak\r\ttab\0nul",
                "\u2028\u2029\u200f\ufeff",
                "\ud83d\ude00 \ud834\udd1e",
                "' OR 1=1 --",
                "{\"id\":2}",
                " ",
                "%0d%0a+%s${x}"
            })
    void t8_anyUnicodeNameSurvives(String username) {
        assertSurvives(value(new TicketHolder(username, username, Map.of(username, username))));
    }

    @Test
    void t8_idsKeepTheirJsonType() {
        List<Object> ids = List.of(0L, -1L, 1L, Long.MAX_VALUE, new BigInteger("9223372036854775808"), "1", "01", "x");

        for (Object id : ids) {
            assertSurvives(value(new TicketHolder(id, "alice", Map.of())));
        }
    }

    @Test
    void t8_attributesSurvive() {
        Map<String, @Nullable Object> attributes = new HashMap<>();
        attributes.put("roles", List.of("ADMIN", "USER"));
        attributes.put("nothing", null);
        attributes.put("flags", Map.of("beta", true, "level", 7, "ratio", new BigDecimal("0.10")));
        attributes.put("mixed", Arrays.asList(1, "one", null, List.of(), Map.of()));

        assertSurvives(value(TicketHolder.of(1, "alice").withAttributes(attributes)));
    }

    @Test
    void t9_whatATicketIsBoundToSurvives() {
        var binding = new TicketBinding("chat/room-1", "https://app.example:8443");

        assertSurvives(new TicketValue(ALICE.holder(), binding, Instant.ofEpochMilli(1_767_225_600_123L)));
        assertSurvives(new TicketValue(ALICE.holder(), TicketBinding.none(), null));
    }

    @Test
    void t8_aValueOfFourKibibytesIsKept() {
        assertSurvives(value(TicketHolder.of(1, "alice").withAttributes(Map.of("note", "n".repeat(3900)))));
    }

    @Test
    void t8_aValueThatIsTooLargeIsAProgrammersMistakeAndIsNotKept() {
        Ticket ticket = TicketTexts.ticket();
        TicketValue value = value(TicketHolder.of(1, "x".repeat(4096)));

        assertThatThrownBy(() -> put(one, ticket, value, LONG))
                .satisfiesAnyOf(
                        thrown -> assertThat(thrown).isInstanceOf(IllegalArgumentException.class),
                        failed -> assertThat(failed).hasCauseInstanceOf(IllegalArgumentException.class));
        assertThat(take(one, ticket)).isEmpty();
    }

    @Test
    void t3_ofManyWhoPutOneTicketOneSucceeds() throws Exception {
        int threads = 16;

        for (int round = 0; round < 50; round++) {
            Ticket ticket = TicketTexts.ticket();
            List<Boolean> kept = Racers.race(
                    threads,
                    racer -> put(racer % 2 == 0 ? one : other, ticket, value(TicketHolder.of(racer, "racer")), LONG));

            long winner = kept.indexOf(true);
            assertThat(kept).containsOnlyOnce(true);
            assertThat(take(one, ticket).orElseThrow().holder().id()).isEqualTo(winner);
        }
    }

    @Test
    void t4_amongManyRedeemersOneReceivesTheHolder() throws Exception {
        int threads = 16;
        int tickets = Math.max(1000, contestedTickets());
        int batch = 100;
        List<Ticket> issued = new ArrayList<>();
        List<CompletionStage<Boolean>> puts = new ArrayList<>();
        for (int i = 0; i < tickets; i++) {
            Ticket ticket = TicketTexts.ticket();
            issued.add(ticket);
            puts.add(one.put(ticket, value(TicketHolder.of(i, "user-" + i)), Duration.ofMinutes(5)));
            if (puts.size() == batch) {
                assertThat(puts).allMatch(Eventually::await);
                puts.clear();
            }
        }

        var received = new int[tickets];
        List<Long> ofOthers = new ArrayList<>();
        for (int from = 0; from < tickets; from += batch) {
            List<Ticket> contested = issued.subList(from, from + batch);
            List<List<Long>> byRacer = Racers.race(threads, racer -> takeAll(racer % 2 == 0 ? one : other, contested));
            for (List<Long> ids : byRacer) {
                for (int i = 0; i < batch; i++) {
                    if (ids.get(i) == from + i) {
                        received[from + i]++;
                    } else if (ids.get(i) != NONE) {
                        ofOthers.add(ids.get(i));
                    }
                }
            }
        }

        assertThat(ofOthers).as("holders of other tickets").isEmpty();
        assertThat(Arrays.stream(received).filter(count -> count != 1).count())
                .as("tickets not received exactly once")
                .isZero();
    }

    /** Whoever waits for a store when it is closed, and whoever comes later, is told; in one that cannot be closed, whoever comes. */
    @Test
    void t5_nobodyWaitsForEverForAStoreThatIsClosed() throws Exception {
        for (int round = 0; round < 10; round++) {
            TicketStore store = store();
            AutoCloseable closing = store instanceof AutoCloseable closeable ? closeable : () -> {};
            var begun = new CountDownLatch(100);
            var closes = new CountDownLatch(1);
            List<List<CompletionStage<?>>> asked = Racers.race(5, racer -> {
                if (racer == 0) {
                    boolean unused = begun.await(1, TimeUnit.SECONDS);
                    closes.countDown();
                    closing.close();
                }
                List<CompletionStage<?>> stages = new ArrayList<>();
                for (int i = 0; i < 250; i++) {
                    if (i == 150) {
                        closes.await();
                    }
                    stages.add(store.put(TicketTexts.ticket(), ALICE, LONG));
                    stages.add(store.take(TicketTexts.ticket()));
                    begun.countDown();
                }
                return stages;
            });
            assertThat(asked.stream().flatMap(List::stream).allMatch(this::ends))
                    .as("everybody is told")
                    .isTrue();
        }
    }

    private boolean ends(CompletionStage<?> stage) {
        return stage.handle((answer, fault) -> true)
                .toCompletableFuture()
                .completeOnTimeout(false, patience().toMillis(), TimeUnit.MILLISECONDS)
                .join();
    }

    /** How long it may take on this machine until whoever waits for a closed store is told; 10 s unless told otherwise. */
    protected Duration patience() {
        return Duration.ofSeconds(10);
    }

    /** The id of each ticket's holder, or {@link #NONE}. */
    private static List<Long> takeAll(TicketStore store, List<Ticket> tickets) {
        List<CompletionStage<Optional<TicketValue>>> takes =
                tickets.stream().map(store::take).toList();
        return takes.stream()
                .map(taken ->
                        await(taken).map(value -> (Long) value.holder().id()).orElse(NONE))
                .toList();
    }

    private void assertSurvives(TicketValue value) {
        Ticket ticket = kept(value, LONG);

        assertThat(take(other, ticket)).contains(value);
    }

    /** A new ticket that one instance keeps this value for. */
    private Ticket kept(TicketValue value, Duration timeToLive) {
        Ticket ticket = TicketTexts.ticket();
        assertThat(put(one, ticket, value, timeToLive)).isTrue();
        return ticket;
    }

    private static boolean put(TicketStore store, Ticket ticket, TicketValue value, Duration timeToLive) {
        return await(store.put(ticket, value, timeToLive));
    }

    private static Optional<TicketValue> take(TicketStore store, Ticket ticket) {
        return await(store.take(ticket));
    }

    private static TicketValue value(TicketHolder holder) {
        return new TicketValue(holder, TicketBinding.none(), Instant.ofEpochMilli(1_767_225_600_000L));
    }

    private static String suffix() {
        return UUID.randomUUID().toString().substring(0, 8);
    }
}
