// SPDX-License-Identifier: Apache-2.0
package io.github.realtimeticket.interop.django;

import io.github.realtimeticket.Ticket;
import io.github.realtimeticket.TicketStore;
import io.github.realtimeticket.TicketValue;
import java.time.Duration;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;

/** Redeems hashed tickets, and those of the original while there still are some. Issues hashed ones. */
record BothForms(TicketStore hashed, TicketStore original) implements TicketStore {

    @Override
    public CompletionStage<Boolean> put(Ticket ticket, TicketValue value, Duration timeToLive) {
        return hashed.put(ticket, value, timeToLive);
    }

    // A failure stays one (T6): only a ticket that the first store does not know is asked of the second.
    @Override
    public CompletionStage<Optional<TicketValue>> take(Ticket ticket) {
        return hashed.take(ticket)
                .thenCompose(
                        found -> found.isPresent() ? CompletableFuture.completedFuture(found) : original.take(ticket));
    }
}
