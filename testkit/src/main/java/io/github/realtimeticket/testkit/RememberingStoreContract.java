// SPDX-License-Identifier: Apache-2.0
package io.github.realtimeticket.testkit;

import static io.github.realtimeticket.testkit.Eventually.await;
import static org.assertj.core.api.Assertions.assertThat;

import io.github.realtimeticket.Presentation;
import io.github.realtimeticket.RememberingTicketStore;
import io.github.realtimeticket.RememberingTicketStore.Taken;
import io.github.realtimeticket.Ticket;
import io.github.realtimeticket.TicketBinding;
import io.github.realtimeticket.TicketHolder;
import io.github.realtimeticket.TicketStore;
import io.github.realtimeticket.TicketValue;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/**
 * What every {@link RememberingTicketStore} must pass (T19), beside what its store passes.
 *
 * <p>Each test asks {@link #store()} twice, for two instances that are as far apart as the store allows and share one backend.
 */
public abstract class RememberingStoreContract {

    private static final Duration LONG = Duration.ofMinutes(1);
    private static final Instant NOON = Instant.parse("2026-01-01T12:00:00Z");
    private static final Presentation FIRST = new Presentation(NOON, "1".repeat(32), "a".repeat(32));
    private static final Presentation SECOND = new Presentation(NOON.plusMillis(1), "2".repeat(32), null);
    private static final Presentation THIRD = new Presentation(NOON.plusMillis(2), null, "c".repeat(32));
    private static final TicketValue ALICE = new TicketValue(TicketHolder.of(1, "alice"), TicketBinding.none(), null);

    private TicketStore one;
    private RememberingTicketStore traced;
    private RememberingTicketStore other;

    /** Another instance on the same backend at each call. The test's class closes what it opened. */
    protected abstract TicketStore store() throws Exception;

    /** Lets this much time pass for the store, by moving its clock or by waiting. */
    protected abstract void pass(Duration time) throws Exception;

    @BeforeEach
    void openTwoInstances() throws Exception {
        one = store();
        traced = one.remembering().orElseThrow();
        other = store().remembering().orElseThrow();
    }

    @Test
    void t19_theFirstHasTheValueAndTheNextTheTrace() {
        Ticket ticket = kept(LONG);

        assertThat(take(traced, ticket, FIRST)).isEqualTo(new Taken(ALICE, null));
        assertThat(take(other, ticket, SECOND)).isEqualTo(new Taken(null, FIRST));
        assertThat(take(traced, ticket, THIRD)).isEqualTo(new Taken(null, SECOND));
    }

    @Test
    void t19_anUnknownTicketIsNothingAndLeavesNoTrace() {
        Ticket ticket = TicketTexts.ticket();

        assertThat(take(traced, ticket, FIRST)).isEqualTo(Taken.NOTHING);
        assertThat(take(other, ticket, SECOND)).isEqualTo(Taken.NOTHING);
        assertThat(put(ticket, LONG)).isTrue();
    }

    @Test
    void t19_aTraceLivesAsLongAsItsTicketAndNoLonger() throws Exception {
        Duration timeToLive = Duration.ofSeconds(1);
        Ticket ticket = kept(timeToLive);
        while (take(traced, ticket, FIRST).value() == null) {
            // In real time this machine may take longer than that.
            timeToLive = timeToLive.multipliedBy(2);
            assertThat(timeToLive).as("what taking takes").isLessThan(LONG);
            ticket = kept(timeToLive);
        }

        pass(timeToLive.plusMillis(100));

        assertThat(take(other, ticket, SECOND)).isEqualTo(Taken.NOTHING);
        assertThat(put(ticket, LONG)).isTrue();
    }

    @Test
    void t19_anExpiredTicketIsNothing() throws Exception {
        Ticket ticket = kept(Duration.ofMillis(200));

        pass(Duration.ofMillis(250));

        assertThat(take(traced, ticket, FIRST)).isEqualTo(Taken.NOTHING);
        assertThat(take(other, ticket, SECOND)).isEqualTo(Taken.NOTHING);
    }

    @Test
    void t3_aTraceIsNotOverwrittenByATicket() {
        Ticket ticket = kept(LONG);
        assertThat(take(traced, ticket, FIRST).value()).isEqualTo(ALICE);

        assertThat(put(ticket, LONG)).isFalse();
        assertThat(take(other, ticket, SECOND)).isEqualTo(new Taken(null, FIRST));
    }

    @Test
    void t5_withoutTheAlarmATraceIsNothing() {
        Ticket ticket = kept(LONG);
        assertThat(take(traced, ticket, FIRST).value()).isEqualTo(ALICE);

        assertThat(await(one.take(ticket))).isEmpty();
    }

    @Test
    void t19_aPresentationThatSaysNothingOfItselfIsKept() {
        Ticket ticket = kept(LONG);
        var bare = new Presentation(NOON, null, null);

        assertThat(take(traced, ticket, bare).value()).isEqualTo(ALICE);
        assertThat(take(other, ticket, FIRST)).isEqualTo(new Taken(null, bare));
    }

    @Test
    void t4_amongManyOneReceivesTheValueAndAllOthersATrace() throws Exception {
        for (int round = 0; round < 100; round++) {
            Ticket ticket = kept(LONG);

            List<Taken> taken = Racers.race(
                    16, racer -> take(racer % 2 == 0 ? traced : other, ticket, new Presentation(NOON, null, null)));

            assertThat(taken).filteredOn(found -> found.value() != null).hasSize(1);
            assertThat(taken).filteredOn(found -> found.before() != null).hasSize(15);
        }
    }

    private Ticket kept(Duration timeToLive) {
        Ticket ticket = TicketTexts.ticket();
        assertThat(put(ticket, timeToLive)).isTrue();
        return ticket;
    }

    private boolean put(Ticket ticket, Duration timeToLive) {
        return await(one.put(ticket, ALICE, timeToLive));
    }

    private static Taken take(RememberingTicketStore store, Ticket ticket, Presentation presentation) {
        return await(store.take(ticket, presentation));
    }
}
