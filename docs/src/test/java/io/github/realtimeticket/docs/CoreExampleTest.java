// SPDX-License-Identifier: Apache-2.0
package io.github.realtimeticket.docs;

import static org.assertj.core.api.Assertions.assertThat;

import io.github.realtimeticket.ConnectionRequest;
import io.github.realtimeticket.Gate;
import io.github.realtimeticket.Ticket;
import io.github.realtimeticket.TicketHolder;
import io.github.realtimeticket.TicketStore;
import io.github.realtimeticket.Tickets;
import java.util.List;
import java.util.concurrent.CompletionStage;
import org.junit.jupiter.api.Test;

class CoreExampleTest {

    @Test
    void theFlowInTenLines() {
        Tickets tickets = Tickets.of(TicketStore.inMemory());

        // In the web application: the user who is logged in gets a ticket.
        CompletionStage<Ticket> issued = tickets.issue(TicketHolder.of(1, "alice"));

        ConnectionRequest request = carrying(issued.toCompletableFuture().join());

        // In the realtime backend: the connection request is let in with it, once.
        Gate gate = Gate.of(tickets);
        CompletionStage<String> answer = gate.admit(request)
                .thenApply(admission -> admission.fold(
                        admitted -> "Hello " + admitted.holder().username(),
                        refused -> refused.reason().status() + " "
                                + refused.reason().body()));

        assertThat(answer.toCompletableFuture().join()).isEqualTo("Hello alice");
        assertThat(gate.admit(request).toCompletableFuture().join()).hasToString("Refused[reason=NOTHING]");
    }

    private static ConnectionRequest carrying(Ticket ticket) {
        return ConnectionRequest.of("ticket=" + ticket.reveal(), header -> List.of());
    }
}
