// SPDX-License-Identifier: Apache-2.0
package io.github.realtimeticket.benchmarks;

import com.sun.management.OperatingSystemMXBean;
import io.github.realtimeticket.Admission;
import io.github.realtimeticket.Gate;
import io.github.realtimeticket.InMemoryTicketStore;
import io.github.realtimeticket.Ticket;
import io.github.realtimeticket.TicketHolder;
import io.github.realtimeticket.TicketStore;
import io.github.realtimeticket.Tickets;
import java.lang.management.ManagementFactory;
import java.util.concurrent.CompletableFuture;

/**
 * Prints how much processor time of the whole process, the garbage collector's included, an issue and its redemption cost. On a
 * busy machine this says more than a throughput.
 */
public final class ProcessorTimeOfAPair {

    private static final int PAIRS = 1_000_000;
    private static final int ROUNDS = 6;

    private ProcessorTimeOfAPair() {}

    /** Measures with two threads, the least of several rounds, at 0 to 1,000,000 outstanding tickets. */
    public static void main(String[] arguments) {
        for (int outstanding : new int[] {0, 100, 1000, 20_000, 100_000, 1_000_000}) {
            var store = new InMemoryTicketStore(outstanding + 1000, System::nanoTime);
            var tickets = Tickets.builder(store)
                    .timeToLive(TicketStore.LONGEST_TIME_TO_LIVE)
                    .build();
            for (int i = 0; i < outstanding; i++) {
                Ticket unused = tickets.issue(TicketHolder.of(i, "alice"))
                        .toCompletableFuture()
                        .join();
            }
            long least = Long.MAX_VALUE;
            for (int round = 0; round < ROUNDS; round++) {
                least = Math.min(least, nanos(tickets));
            }
            System.out.printf("%,9d outstanding: %3d ns a pair%n", outstanding, least);
        }
    }

    private static long nanos(Tickets tickets) {
        var system = (OperatingSystemMXBean) ManagementFactory.getOperatingSystemMXBean();
        long before = system.getProcessCpuTime();
        CompletableFuture<Void> other =
                CompletableFuture.runAsync(() -> pairs(tickets), command -> new Thread(command).start());
        pairs(tickets);
        other.join();
        return (system.getProcessCpuTime() - before) / (2L * PAIRS);
    }

    private static void pairs(Tickets tickets) {
        Gate gate = Gate.of(tickets);
        TicketHolder alice = TicketHolder.of(1, "alice");
        for (int i = 0; i < PAIRS; i++) {
            Ticket ticket = tickets.issue(alice).toCompletableFuture().join();
            if (gate.admit(ticket).toCompletableFuture().join() instanceof Admission.Refused) {
                throw new IllegalStateException("A ticket was lost");
            }
        }
    }
}
