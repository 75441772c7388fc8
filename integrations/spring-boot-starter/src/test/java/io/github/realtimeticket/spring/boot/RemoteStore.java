// SPDX-License-Identifier: Apache-2.0
package io.github.realtimeticket.spring.boot;

import static org.assertj.core.api.Assertions.assertThat;

import io.github.realtimeticket.Ticket;
import io.github.realtimeticket.TicketStore;
import io.github.realtimeticket.TicketStoreException;
import io.github.realtimeticket.TicketValue;
import java.time.Duration;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.Semaphore;
import java.util.concurrent.TimeUnit;

/** A store whose answers travel: they can be held back, or not come at all. */
final class RemoteStore implements TicketStore {

    private final TicketStore store = TicketStore.inMemory();
    private final Semaphore puts = new Semaphore(0);
    private volatile CompletableFuture<Void> answers = CompletableFuture.completedFuture(null);

    /** Waits until this many tickets have been put since the start. */
    void awaitPuts(int count) throws InterruptedException {
        assertThat(puts.tryAcquire(count, 30, TimeUnit.SECONDS)).isTrue();
    }

    /** How many tickets have been put, and not been awaited. */
    int puts() {
        return puts.availablePermits();
    }

    void down() {
        answers = CompletableFuture.failedFuture(new TicketStoreException("the line is \"cut\""));
    }

    void up() {
        answers.complete(null);
        answers = CompletableFuture.completedFuture(null);
    }

    /** Nothing is answered until this is completed. */
    CompletableFuture<Void> hold() {
        answers = new CompletableFuture<>();
        return answers;
    }

    @Override
    public CompletionStage<Boolean> put(Ticket ticket, TicketValue value, Duration timeToLive) {
        puts.release();
        return answers.thenCompose(answered -> store.put(ticket, value, timeToLive));
    }

    @Override
    public CompletionStage<Optional<TicketValue>> take(Ticket ticket) {
        return answers.thenCompose(answered -> store.take(ticket));
    }
}
