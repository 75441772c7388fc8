// SPDX-License-Identifier: Apache-2.0
package io.github.realtimeticket.benchmarks;

import io.github.realtimeticket.Admission;
import io.github.realtimeticket.Gate;
import io.github.realtimeticket.LiveConnection;
import io.github.realtimeticket.Revocations;
import io.github.realtimeticket.Ticket;
import io.github.realtimeticket.TicketGrant;
import io.github.realtimeticket.TicketHolder;
import io.github.realtimeticket.TicketStore;
import io.github.realtimeticket.Tickets;
import java.lang.management.ManagementFactory;
import java.lang.management.ThreadMXBean;
import java.lang.ref.Reference;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * What it costs that a connection is known: bytes for each that is open, and how many are admitted, opened and ended in a second
 * of one processor's time; without, with a deadline, and with revocations. Say {@code -Xmx2g -XX:+UseSerialGC}, so that the heap can be read.
 */
public final class CostOfAConnection {

    private static final ThreadMXBean THREADS = ManagementFactory.getThreadMXBean();
    private static final int OPEN = 200_000;
    private static final int BATCH = 50_000;
    private static final int BATCHES = 12;

    private CostOfAConnection() {}

    /** What is measured. */
    private enum What {
        NOTHING(false, false, false),
        REGISTERED(true, false, false),
        WITH_DEADLINE(true, true, false),
        WITH_REVOCATIONS(true, true, true);

        private final boolean registered;
        private final boolean deadline;
        private final boolean revocations;

        What(boolean registered, boolean deadline, boolean revocations) {
            this.registered = registered;
            this.deadline = deadline;
            this.revocations = revocations;
        }
    }

    /** Prints a table. */
    public static void main(String[] args) throws InterruptedException {
        System.out.println(
                "| | bytes a connection | pairs of an opening and an end in a second of a processor's time |");
        System.out.println("|---|---|---|");
        for (What what : What.values()) {
            System.out.printf("| %s | %d | %,d |%n", what, bytes(what), perSecond(what));
        }
    }

    // Beside the admission, which is there in any case.
    private static long bytes(What what) throws InterruptedException {
        Side side = new Side(what);
        List<Admission.Admitted> admitted = new ArrayList<>(OPEN);
        for (int i = 0; i < OPEN; i++) {
            admitted.add(side.admitted(i));
        }
        // The store gives the memory of redeemed tickets back within two seconds.
        Thread.sleep(3_000);
        long before = used();
        List<@Nullable LiveConnection> open = new ArrayList<>(OPEN);
        try {
            for (Admission.Admitted one : admitted) {
                open.add(what.registered ? one.opened(side.closing()) : null);
            }
            return (used() - before) / OPEN - 4;
        } finally {
            // Else these might be gone by then.
            Reference.reachabilityFence(side);
            Reference.reachabilityFence(admitted);
            for (LiveConnection connection : open) {
                if (connection != null) {
                    connection.ended();
                }
            }
        }
    }

    private static long perSecond(What what) {
        Side side = new Side(what);
        long best = Long.MAX_VALUE;
        for (int batch = 0; batch < BATCHES; batch++) {
            Ticket[] tickets = new Ticket[BATCH];
            for (int i = 0; i < BATCH; i++) {
                tickets[i] = side.issue(i);
            }
            long start = THREADS.getCurrentThreadCpuTime();
            for (Ticket ticket : tickets) {
                Admission.Admitted admitted = side.admitted(ticket);
                if (what.registered) {
                    admitted.opened(side.closing()).ended();
                }
            }
            best = Math.min(best, THREADS.getCurrentThreadCpuTime() - start);
        }
        return BATCH * Duration.ofSeconds(1).toNanos() / best;
    }

    private static long used() {
        for (int i = 0; i < 3; i++) {
            System.gc();
        }
        Runtime runtime = Runtime.getRuntime();
        return runtime.totalMemory() - runtime.freeMemory();
    }

    private static final class Side {

        private final What what;
        private final Tickets tickets;
        private final Gate gate;
        private final Instant until = Instant.now().plus(Duration.ofHours(1));

        Side(What what) {
            this.what = what;
            tickets = Tickets.builder(TicketStore.inMemory())
                    .revocations(what.revocations ? Revocations.inMemory() : null)
                    .build();
            gate = Gate.of(tickets);
        }

        Ticket issue(int number) {
            TicketGrant.Granted grant = TicketGrant.to(TicketHolder.of(number, "alice"));
            if (what.revocations) {
                grant = grant.withSession("session " + number);
            }
            if (what.deadline) {
                grant = grant.withUntil(until.plusSeconds(number % 1800));
            }
            return tickets.issue(grant, null).toCompletableFuture().join();
        }

        Admission.Admitted admitted(int number) {
            return admitted(issue(number));
        }

        Admission.Admitted admitted(Ticket ticket) {
            return gate.admit(ticket).toCompletableFuture().join().fold(admitted -> admitted, refused -> {
                throw new IllegalStateException(refused.toString());
            });
        }

        // One for each, as an integration has it: it holds on to the socket.
        LiveConnection.Closing closing() {
            Object socket = what;
            return (code, reason) -> System.out.println(socket);
        }
    }
}
