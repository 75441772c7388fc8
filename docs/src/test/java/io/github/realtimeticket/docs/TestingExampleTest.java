// SPDX-License-Identifier: Apache-2.0
package io.github.realtimeticket.docs;

import static org.assertj.core.api.Assertions.assertThat;

import io.github.realtimeticket.Admission;
import io.github.realtimeticket.Gate;
import io.github.realtimeticket.InMemoryTicketStore;
import io.github.realtimeticket.Refusal;
import io.github.realtimeticket.Ticket;
import io.github.realtimeticket.TicketHolder;
import io.github.realtimeticket.TicketStore;
import io.github.realtimeticket.Tickets;
import java.util.concurrent.atomic.AtomicLong;
import org.junit.jupiter.api.Test;

class TestingExampleTest {

    @Test
    void aTicketIsRedeemedOnce() {
        Tickets tickets = Tickets.of(TicketStore.inMemory());
        Gate gate = Gate.of(tickets);
        Ticket ticket =
                tickets.issue(TicketHolder.of(7, "bob")).toCompletableFuture().join();

        Admission first = gate.admit(ticket).toCompletableFuture().join();
        Admission second = gate.admit(ticket).toCompletableFuture().join();

        assertThat(first).isInstanceOfSatisfying(Admission.Admitted.class, admitted -> assertThat(admitted.holder())
                .isEqualTo(TicketHolder.of(7, "bob")));
        assertThat(second).isEqualTo(new Admission.Refused(Refusal.NOTHING));
    }

    @Test
    void aTicketIsTooOldWhenItsTimeIsOver() {
        AtomicLong nanos = new AtomicLong();
        Tickets tickets = Tickets.of(new InMemoryTicketStore(1_000, nanos::get));
        Ticket ticket =
                tickets.issue(TicketHolder.of(7, "bob")).toCompletableFuture().join();

        nanos.addAndGet(tickets.timeToLive().toNanos());

        assertThat(Gate.of(tickets).admit(ticket).toCompletableFuture().join())
                .isEqualTo(new Admission.Refused(Refusal.NOTHING));
    }
}
