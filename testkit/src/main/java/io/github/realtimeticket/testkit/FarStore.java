// SPDX-License-Identifier: Apache-2.0
package io.github.realtimeticket.testkit;

import io.github.realtimeticket.InMemoryTicketStore;
import io.github.realtimeticket.Ticket;
import io.github.realtimeticket.TicketStore;
import io.github.realtimeticket.TicketStoreException;
import io.github.realtimeticket.TicketValue;
import java.time.Duration;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.Executor;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicLong;
import java.util.function.Supplier;

/** A store that behaves like one on another machine: answers later, on a thread of its own, and can be out of reach. */
final class FarStore implements TicketStore {

    private static final Executor LATER = CompletableFuture.delayedExecutor(2, TimeUnit.MILLISECONDS);

    private final AtomicLong nanos = new AtomicLong();
    private final AtomicInteger put = new AtomicInteger();
    private final AtomicInteger asked = new AtomicInteger();
    private final TicketStore store = new InMemoryTicketStore(InMemoryTicketStore.DEFAULT_MAXIMUM, nanos::get);
    private volatile boolean outOfReach;

    @Override
    public CompletionStage<Boolean> put(Ticket ticket, TicketValue value, Duration timeToLive) {
        return later(() -> {
            boolean kept =
                    store.put(ticket, value, timeToLive).toCompletableFuture().join();
            put.incrementAndGet();
            return kept;
        });
    }

    @Override
    public CompletionStage<Optional<TicketValue>> take(Ticket ticket) {
        asked.incrementAndGet();
        return later(() -> store.take(ticket).toCompletableFuture().join());
    }

    /** How many tickets were put into it. */
    int put() {
        return put.get();
    }

    /** How often it was asked for a ticket. */
    int asked() {
        return asked.get();
    }

    void outOfReach(boolean outOfReach) {
        this.outOfReach = outOfReach;
    }

    void pass(Duration time) {
        nanos.addAndGet(time.toNanos());
    }

    private <T> CompletionStage<T> later(Supplier<T> operation) {
        return CompletableFuture.supplyAsync(
                () -> {
                    if (outOfReach) {
                        throw new TicketStoreException("out of reach");
                    }
                    return operation.get();
                },
                LATER);
    }
}
