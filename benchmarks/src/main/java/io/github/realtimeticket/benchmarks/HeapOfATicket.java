// SPDX-License-Identifier: Apache-2.0
package io.github.realtimeticket.benchmarks;

import io.github.realtimeticket.InMemoryTicketStore;
import io.github.realtimeticket.Ticket;
import io.github.realtimeticket.TicketHolder;
import io.github.realtimeticket.TicketStore;
import io.github.realtimeticket.Tickets;

/**
 * Prints how many bytes of heap an outstanding ticket with a short holder takes, everything included: the ticket, the holder, of
 * which each ticket has its own, and the store's own structures.
 */
public final class HeapOfATicket {

    private static final int FIRST_ID = 1_000_000;
    private static final char[] ALICE = {'a', 'l', 'i', 'c', 'e'};
    private static final int COLLECTIONS = 3;

    private HeapOfATicket() {}

    /** Measures at 50,000 to 1,000,000 outstanding tickets: the tables that keep them are more or less full. */
    public static void main(String[] arguments) throws InterruptedException {
        // Everything that is loaded or allocated once is there before the first measurement.
        long unused = bytes(10_000);
        for (int outstanding : new int[] {50_000, 60_000, 70_000, 80_000, 90_000, 100_000, 1_000_000}) {
            System.out.printf("%,9d outstanding: %3d bytes a ticket%n", outstanding, bytes(outstanding));
        }
    }

    private static long bytes(int outstanding) throws InterruptedException {
        var store = new InMemoryTicketStore(outstanding, System::nanoTime);
        var tickets = Tickets.builder(store)
                .timeToLive(TicketStore.LONGEST_TIME_TO_LIVE)
                .build();
        long before = usedHeap();
        for (int i = 0; i < outstanding; i++) {
            var holder = TicketHolder.of(FIRST_ID + i, String.valueOf(ALICE));
            Ticket unused = tickets.issue(holder).toCompletableFuture().join();
        }
        long after = usedHeap();
        if (store.outstanding() != outstanding) {
            throw new IllegalStateException("Only " + store.outstanding() + " tickets are outstanding");
        }
        return (after - before) / outstanding;
    }

    private static long usedHeap() throws InterruptedException {
        for (int i = 0; i < COLLECTIONS; i++) {
            System.gc();
            Thread.sleep(100);
        }
        Runtime runtime = Runtime.getRuntime();
        return runtime.totalMemory() - runtime.freeMemory();
    }
}
