// SPDX-License-Identifier: Apache-2.0
package io.github.realtimeticket;

import java.time.Duration;
import java.util.Objects;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.Semaphore;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.Supplier;

/**
 * Another store, for which at most so many requests wait at a time, and one alone while it is silent, which finds out when it
 * answers again. Every other one fails. So a store that hangs or is slow does not take all the threads of an application in which a
 * request's thread waits, such as a servlet's.
 *
 * <p>What finds all places taken waits for one in the call itself, for 100 milliseconds at the most. It fails at once if so many wait already that its
 * turn would come later, going by how long the last one has had its place. So a store that answers soon refuses nobody, however few the places are. The
 * slower one is, the fewer wait: twice as many as there are places if it takes 50 milliseconds, a quarter as many if it takes 400. Not for a thread of
 * an event loop. Thread-safe.
 */
public final class BoundedTicketStore implements TicketStore {

    /** How many wait unless told otherwise: about a third of the threads that a container usually has. */
    public static final int PLACES = 64;

    /** How long one waits for a store that breaks its promise to answer in time; more than any store's own timeout. */
    private static final Duration PATIENCE = Duration.ofSeconds(15);

    /** A failure that came sooner held no thread for long, such as a refused connection; nor does waiting for a place. */
    private static final Duration SOON = Duration.ofMillis(100);

    private final TicketStore store;
    private final int most;
    private final long soon;
    private final Semaphore places;
    private final AtomicInteger waiting = new AtomicInteger();
    private final AtomicBoolean asking = new AtomicBoolean();
    private volatile boolean silent;
    private volatile long answered = System.nanoTime();

    /** When a place last came back, or was taken while all were free. */
    private volatile long moved = answered;

    /** How long the place was taken that came back last; nothing while all are free, so that what was is not held against the store. */
    private volatile long pace;

    /** Bounds the waiting for this store to {@value #PLACES} requests, in everything that shares this object. */
    public BoundedTicketStore(TicketStore store) {
        this(store, PLACES);
    }

    /**
     * Bounds the waiting for this store, in everything that shares this object.
     *
     * @param places how many requests wait: a part of the threads that there are, such as a third
     * @throws IllegalArgumentException if that is less than 1
     */
    public BoundedTicketStore(TicketStore store, int places) {
        this(store, places, SOON);
    }

    /** The same, with another time after which a store that has not answered counts as slow. */
    BoundedTicketStore(TicketStore store, int places, Duration soon) {
        if (places < 1) {
            throw new IllegalArgumentException("There must be at least 1 place to wait for the store, not " + places);
        }
        this.store = Objects.requireNonNull(store, "store");
        most = places;
        this.soon = soon.toNanos();
        this.places = new Semaphore(places);
    }

    /**
     * Another store that fails when it has not answered in 15 seconds, and for which any number of requests wait: for applications in which
     * no thread does, and stores that may break their promise to answer in time.
     */
    public static TicketStore inTime(TicketStore store) {
        return new InTime(Objects.requireNonNull(store, "store"), PATIENCE);
    }

    @Override
    public CompletionStage<Boolean> put(Ticket ticket, TicketValue value, Duration timeToLive) {
        return bounded(() -> store.put(ticket, value, timeToLive));
    }

    @Override
    public CompletionStage<Optional<TicketValue>> take(Ticket ticket) {
        return bounded(() -> store.take(ticket));
    }

    @Override
    public Optional<RememberingTicketStore> remembering() {
        return store.remembering()
                .map(remembering -> (ticket, presentation) -> bounded(() -> remembering.take(ticket, presentation)));
    }

    private <T> CompletionStage<T> bounded(Supplier<CompletionStage<T>> operation) {
        boolean alone = silent;
        if (alone && !asking.compareAndSet(false, true)) {
            return turnedAway("The store is silent, and one request is finding out whether it answers again");
        }
        if (!hasPlace()) {
            if (alone) {
                asking.set(false);
            }
            return turnedAway(most + " requests are waiting for the store");
        }
        long start = System.nanoTime();
        CompletableFuture<T> outcome = Attempt.at("The store", operation);
        // What is known at once has waited for no store, and tells nothing of it.
        boolean waits = !outcome.isDone();
        // The place comes back when the operation has ended, and not when its thread has lost patience.
        CompletableFuture<T> unused = outcome.whenComplete((value, fault) -> {
            giveBack(start);
            if (waits) {
                note(start, fault == null || isAnAnswer(TicketStoreException.unwrap(fault)));
            }
        });
        CompletableFuture<T> patient = inTime(outcome, PATIENCE);
        return alone ? patient.whenComplete((value, fault) -> asking.set(false)) : patient;
    }

    private boolean hasPlace() {
        if (places.availablePermits() == most) {
            moved = System.nanoTime();
            pace = 0;
        }
        return places.tryAcquire() || comesToOneSoon();
    }

    private boolean comesToOneSoon() {
        // A store that has stopped answering is at least as slow as it has been silent.
        long slow = Math.max(pace, System.nanoTime() - moved);
        try {
            return waiting.incrementAndGet() * slow <= most * soon && places.tryAcquire(soon, TimeUnit.NANOSECONDS);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            return false;
        } finally {
            waiting.decrementAndGet();
        }
    }

    private void giveBack(long start) {
        long now = System.nanoTime();
        pace = now - start;
        moved = now;
        places.release();
    }

    private static <T> CompletionStage<T> turnedAway(String why) {
        return CompletableFuture.failedFuture(new TicketStoreException(why));
    }

    private static <T> CompletableFuture<T> inTime(CompletableFuture<T> outcome, Duration patience) {
        return outcome.isDone() ? outcome : outcome.copy().orTimeout(patience.toMillis(), TimeUnit.MILLISECONDS);
    }

    private void note(long start, boolean answer) {
        long now = System.nanoTime();
        if (answer) {
            answered = now;
            silent = false;
        } else if (answered - start < 0 && now - start > soon) {
            silent = true;
        }
    }

    private static boolean isAnAnswer(Throwable fault) {
        return fault instanceof TicketStoreException known && known.refusal() != Refusal.FAILED;
    }

    /** Bounded in time alone. */
    record InTime(TicketStore store, Duration patience) implements TicketStore {

        @Override
        public CompletionStage<Boolean> put(Ticket ticket, TicketValue value, Duration timeToLive) {
            return BoundedTicketStore.inTime(
                    Attempt.at("The store", () -> store.put(ticket, value, timeToLive)), patience);
        }

        @Override
        public CompletionStage<Optional<TicketValue>> take(Ticket ticket) {
            return BoundedTicketStore.inTime(Attempt.at("The store", () -> store.take(ticket)), patience);
        }

        @Override
        public Optional<RememberingTicketStore> remembering() {
            return store.remembering()
                    .map(remembering -> (ticket, presentation) -> BoundedTicketStore.inTime(
                            Attempt.at("The store", () -> remembering.take(ticket, presentation)), patience));
        }
    }
}
