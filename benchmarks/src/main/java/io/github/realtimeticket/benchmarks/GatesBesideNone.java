// SPDX-License-Identifier: Apache-2.0
package io.github.realtimeticket.benchmarks;

import io.github.realtimeticket.TicketStore;
import io.github.realtimeticket.Tickets;
import io.github.realtimeticket.benchmarks.Turns.Cost;
import java.util.Arrays;
import java.util.List;
import java.util.function.Supplier;

/**
 * Connections opened with each stack: the gate, its tickets in memory, beside the same server without one. A connection is a WebSocket
 * handshake, and with STOMP and GraphQL also the first message and its answer.
 */
public final class GatesBesideNone {

    private static final int HANDSHAKES = Integer.getInteger("handshakes", 10_000);
    private static final int THREADS = Integer.getInteger("threads", 16);

    private GatesBesideNone() {}

    /** Measures all stacks, or those that are named as in {@link Stack}. */
    public static void main(String... arguments) throws Exception {
        List<Stack> stacks = arguments.length == 0
                ? List.of(Stack.values())
                : Arrays.stream(arguments).map(Stack::valueOf).toList();
        for (Stack stack : stacks) {
            TicketStore store = TicketStore.inMemory();
            Tickets tickets = Tickets.builder(store)
                    .timeToLive(TicketStore.LONGEST_TIME_TO_LIVE)
                    .build();
            try (Stack.Server gated = stack.start(store);
                    Stack.Server open = stack.start(null)) {
                Turns.compare(
                        List.of(stack.title() + ", " + THREADS + " at once"),
                        List.of(
                                new Candidate("no gate", stack, open, Bare::name),
                                new Candidate("our gate", stack, gated, () -> tickets.issue(Bare.ALICE)
                                        .toCompletableFuture()
                                        .join()
                                        .reveal())));
            }
        }
        // Some servers leave threads behind.
        System.exit(0);
    }

    /** @param ticket what a client sends as its ticket */
    private record Candidate(String name, Stack stack, Stack.Server server, Supplier<String> ticket)
            implements Turns.Candidate {

        @Override
        public List<Cost> run() throws Exception {
            var openings = new Stack.Opening[HANDSHAKES];
            Arrays.setAll(openings, i -> stack.opening(ticket.get()));
            return List.of(Cost.of(HANDSHAKES, () -> Requests.openings(server.port(), THREADS, openings)));
        }
    }
}
