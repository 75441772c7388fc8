// SPDX-License-Identifier: Apache-2.0
package io.github.realtimeticket;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.Semaphore;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicBoolean;
import org.junit.jupiter.api.Test;

/** What a ticket allows the connection that it opens. */
class RightsTest {

    private static final TicketHolder ALICE = TicketHolder.of(1, "alice")
            .withAttributes(Map.of("room", "7", "seat", 7, "rooms", List.of("7", "8"), "admin", true));

    private final List<TicketEvent> events = new ArrayList<>();
    private final Tickets tickets =
            Tickets.builder(TicketStore.inMemory()).listener(events::add).build();

    @Test
    void whatTheIssuerGrantsIsAllowedAndNothingElse() {
        Admission.Admitted admitted = admitted();

        assertThat(admitted.allows("room", "7")).isTrue();
        assertThat(admitted.allows("room", "8")).isFalse();
        assertThat(admitted.allows("room", 7)).isFalse();
        assertThat(admitted.allows("seat", 7)).isTrue();
        assertThat(admitted.allows("seat", "7")).isFalse();
        assertThat(admitted.allows("rooms", "8")).isTrue();
        assertThat(admitted.allows("rooms", "9")).isFalse();
        assertThat(admitted.allows("admin", true)).isTrue();
        assertThat(admitted.allows("unknown", "7")).isFalse();
        assertThat(admitted.allows("room", "\ud800")).isFalse();
    }

    @Test
    void whatIsForbiddenIsClosedAndTheClientDoesNotComeBack() {
        Admission.Admitted admitted = admitted();
        List<String> closed = new ArrayList<>();
        LiveConnection connection = admitted.opened((code, reason) -> closed.add(code + " " + reason));

        admitted.forbid();

        assertThat(closed).containsExactly("3003 forbidden");
        assertThat(events)
                .filteredOn(TicketEvent.Refused.class::isInstance)
                .singleElement()
                .satisfies(event -> {
                    TicketEvent.Refused refused = (TicketEvent.Refused) event;
                    assertThat(refused.reason()).isEqualTo(Refusal.FORBIDDEN);
                    assertThat(refused.ticket()).isNotNull();
                });
        connection.ended();
    }

    @Test
    void whatIsForbiddenAndCannotBeClosedIsClosedALittleLater() throws Exception {
        Admission.Admitted admitted = admitted();
        var closed = new CompletableFuture<Integer>();
        var broken = new AtomicBoolean(true);
        LiveConnection connection = admitted.opened((code, reason) -> {
            if (broken.getAndSet(false)) {
                throw new IOException("broken pipe");
            }
            closed.complete(code);
        });

        admitted.forbid();

        assertThat(closed.get(30, TimeUnit.SECONDS)).isEqualTo(3003);
        connection.ended();
    }

    @Test
    void whatIsForbiddenAndCanNeverBeClosedIsTriedOnceATick() throws Exception {
        String here = Thread.currentThread().getName();
        LiveConnections connections = LiveConnections.builder()
                .nanoTime(() -> {
                    // The housekeeping's own ticks fail: there are no others than those of this test.
                    assertThat(Thread.currentThread().getName()).isIn(here, "realtime-ticket-closing");
                    return 0;
                })
                .build();
        Admission.Admitted admitted =
                admitted(tickets, Gate.builder(tickets).connections(connections).build());
        var tries = new Semaphore(0);
        LiveConnection connection = admitted.opened((code, reason) -> {
            tries.release();
            throw new IOException("broken pipe");
        });

        admitted.forbid();
        assertThat(tries.tryAcquire()).isTrue();
        int ticks = 0;
        for (int again = 0; again < 6; again++) {
            // A tick may come before the last try has failed.
            do {
                connections.endings().pass();
                ticks++;
            } while (!tries.tryAcquire(20, TimeUnit.MILLISECONDS));
        }

        assertThat(6 + tries.availablePermits()).isLessThanOrEqualTo(ticks);
        connection.ended();
    }

    @Test
    void whatIsForbiddenBeforeItIsOpenIsClosedThen() {
        Admission.Admitted admitted = admitted();
        List<String> closed = new ArrayList<>();

        admitted.forbid();
        LiveConnection connection = admitted.opened((code, reason) -> closed.add(code + " " + reason));

        assertThat(closed).containsExactly("3003 forbidden");
        connection.ended();
    }

    @Test
    void theAudienceOfATicketIsTold() {
        Tickets chat = Tickets.builder(TicketStore.inMemory()).audience("chat").build();

        assertThat(admitted(chat, Gate.of(chat)).audience()).contains("chat");
        assertThat(admitted().audience()).isEmpty();
    }

    private Admission.Admitted admitted() {
        return admitted(tickets, Gate.of(tickets));
    }

    private static Admission.Admitted admitted(Tickets tickets, Gate gate) {
        Ticket ticket = tickets.issue(ALICE).toCompletableFuture().join();
        return gate.admit(ticket).toCompletableFuture().join().fold(admitted -> admitted, refused -> {
            throw new AssertionError(refused);
        });
    }
}
