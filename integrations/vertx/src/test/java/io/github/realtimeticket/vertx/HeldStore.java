// SPDX-License-Identifier: Apache-2.0
package io.github.realtimeticket.vertx;

import io.github.realtimeticket.Ticket;
import io.github.realtimeticket.TicketStore;
import io.github.realtimeticket.TicketValue;
import java.time.Duration;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;

/** The in-memory store, but a take is answered on a thread of its own, and only after {@link #answer()}. */
final class HeldStore implements TicketStore {

    private final TicketStore memory = TicketStore.inMemory();
    private final CountDownLatch asked = new CountDownLatch(1);
    private final CompletableFuture<Void> answer = new CompletableFuture<>();

    @Override
    public CompletionStage<Boolean> put(Ticket ticket, TicketValue value, Duration timeToLive) {
        return memory.put(ticket, value, timeToLive);
    }

    @Override
    public CompletionStage<Optional<TicketValue>> take(Ticket ticket) {
        asked.countDown();
        return answer.thenCompose(now -> memory.take(ticket));
    }

    void awaitAsked() throws InterruptedException {
        if (!asked.await(20, TimeUnit.SECONDS)) {
            throw new AssertionError("Nobody asked the store");
        }
    }

    void answer() throws InterruptedException {
        Thread thread = new Thread(() -> answer.complete(null), "store");
        thread.start();
        thread.join();
    }
}
