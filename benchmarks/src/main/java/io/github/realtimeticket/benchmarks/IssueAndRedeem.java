// SPDX-License-Identifier: Apache-2.0
package io.github.realtimeticket.benchmarks;

import io.github.realtimeticket.Admission;
import io.github.realtimeticket.Gate;
import io.github.realtimeticket.InMemoryTicketStore;
import io.github.realtimeticket.Ticket;
import io.github.realtimeticket.TicketHolder;
import io.github.realtimeticket.TicketStore;
import io.github.realtimeticket.Tickets;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import org.openjdk.jmh.annotations.Param;
import org.openjdk.jmh.annotations.Setup;

/** Issues a ticket and redeems it while others are outstanding. */
public class IssueAndRedeem extends Pairs {

    private static final TicketHolder ALICE = TicketHolder.of(1, "alice");
    private static final int ROOM = 1000;

    /** How many tickets are outstanding, over and above the one that each thread has in hand. */
    @Param({"0", "1000", "20000", "100000", "1000000"})
    public int outstanding;

    private Tickets tickets = Tickets.of(new InMemoryTicketStore());
    private Gate gate = Gate.of(tickets);

    /** Issues the tickets that stay; they outlive the trial. */
    @Setup
    public void fill() {
        tickets = Tickets.builder(new InMemoryTicketStore(outstanding + ROOM, System::nanoTime))
                .timeToLive(TicketStore.LONGEST_TIME_TO_LIVE)
                .build();
        gate = Gate.of(tickets);
        for (int i = 0; i < outstanding; i++) {
            Ticket unused = join(tickets.issue(TicketHolder.of(i, "alice")));
        }
    }

    @Override
    Admission pair() {
        return join(gate.admit(join(tickets.issue(ALICE))));
    }

    private static <T> T join(CompletionStage<T> stage) {
        CompletableFuture<T> future = stage.toCompletableFuture();
        return future.join();
    }
}
