// SPDX-License-Identifier: Apache-2.0
package io.github.realtimeticket.testkit;

import io.github.realtimeticket.InMemoryTicketStore;
import io.github.realtimeticket.Ticket;
import io.github.realtimeticket.TicketStore;
import io.github.realtimeticket.TicketStoreException;
import io.github.realtimeticket.TicketValue;
import java.io.IOException;
import java.time.Duration;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.Executor;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicLong;
import java.util.function.LongSupplier;
import java.util.function.Supplier;

/** A store that behaves like one on another machine: answers later, on a thread of its own, and can be out of reach. */
final class FarStore implements TicketStore, AutoCloseable {

    private static final Executor LATER = CompletableFuture.delayedExecutor(2, TimeUnit.MILLISECONDS);

    private final AtomicLong nanos = new AtomicLong();
    private final AtomicInteger put = new AtomicInteger();
    private final AtomicInteger asked = new AtomicInteger();
    private final Map<Ticket, Duration> timesToLive = new ConcurrentHashMap<>();
    private final TicketStore store;
    private volatile boolean outOfReach;
    private volatile CompletableFuture<Void> held = CompletableFuture.completedFuture(null);

    /** How the store under it is made, which is told the time. */
    interface Under {
        TicketStore store(LongSupplier nanos) throws Exception;
    }

    FarStore(Under under) throws Exception {
        store = under.store(nanos::get);
    }

    @Override
    public CompletionStage<Boolean> put(Ticket ticket, TicketValue value, Duration timeToLive) {
        timesToLive.put(ticket, timeToLive);
        return held.thenCompose(goesOn -> later(() -> store.put(ticket, value, timeToLive)))
                .thenApply(kept -> {
                    put.incrementAndGet();
                    return kept;
                });
    }

    @Override
    public CompletionStage<Optional<TicketValue>> take(Ticket ticket) {
        asked.incrementAndGet();
        return later(() -> store.take(ticket));
    }

    /** The time to live that a ticket was put into it with. */
    Optional<Duration> timeToLive(Ticket ticket) {
        return Optional.ofNullable(timesToLive.get(ticket));
    }

    /** How many tickets it was asked to keep. */
    int askedToKeep() {
        return timesToLive.size();
    }

    /** Lets everybody wait who asks it from now on to keep a ticket, until this is completed. */
    CompletableFuture<Void> hold() {
        held = new CompletableFuture<>();
        return held;
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

    /** Lets time pass: at once in memory, and in real time for a store with a clock of its own. */
    void pass(Duration time) throws InterruptedException {
        nanos.addAndGet(time.toNanos());
        if (!(store instanceof InMemoryTicketStore)) {
            TimeUnit.NANOSECONDS.sleep(time.toNanos());
        }
    }

    @Override
    public void close() throws IOException {
        if (store instanceof AutoCloseable closeable) {
            try {
                closeable.close();
            } catch (Exception e) {
                throw new IOException("The store was not closed", e);
            }
        }
    }

    private <T> CompletionStage<T> later(Supplier<CompletionStage<T>> operation) {
        return CompletableFuture.runAsync(
                        () -> {
                            if (outOfReach) {
                                throw new TicketStoreException("out of reach");
                            }
                        },
                        LATER)
                .thenCompose(near -> operation.get());
    }
}
