// SPDX-License-Identifier: Apache-2.0
package io.github.realtimeticket.benchmarks;

import io.github.realtimeticket.TicketStore;
import io.github.realtimeticket.fixtures.GateCost;
import java.util.Arrays;
import java.util.List;

/**
 * Connections opened with each stack: the gate, its tickets in memory, beside the same server without one. A connection is a WebSocket
 * handshake, and with STOMP and GraphQL also the first message and its answer.
 */
public final class GatesBesideNone {

    private GatesBesideNone() {}

    /** Measures all stacks, or those that are named as in {@link Stack}. */
    public static void main(String... arguments) throws Exception {
        List<Stack> stacks = arguments.length == 0
                ? List.of(Stack.values())
                : Arrays.stream(arguments).map(Stack::valueOf).toList();
        for (Stack stack : stacks) {
            TicketStore store = TicketStore.inMemory();
            try (Stack.Server gated = stack.start(store);
                    Stack.Server open = stack.start(null)) {
                GateCost.compare(stack.title(), store, stack.opener(open), stack.opener(gated));
            }
        }
        // Some servers leave threads behind.
        System.exit(0);
    }
}
