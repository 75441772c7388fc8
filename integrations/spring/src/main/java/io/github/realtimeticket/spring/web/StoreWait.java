// SPDX-License-Identifier: Apache-2.0
package io.github.realtimeticket.spring.web;

import java.time.Duration;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.Semaphore;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicLong;
import java.util.function.Predicate;
import java.util.function.Supplier;

/**
 * Where request threads wait for a store: at most {@value #THREADS} of them, so that a store that answers slowly does not take all of
 * an application's threads; and one alone while the store is silent, which finds out when it answers again. Thread-safe.
 */
final class StoreWait {

    /** How many threads wait; about a third of those that a container has unless told otherwise. */
    static final int THREADS = 64;

    /** How long a thread waits for a store that breaks its promise to answer in time; more than any store's own timeout. */
    static final Duration PATIENCE = Duration.ofSeconds(15);

    /** A failure that came sooner held no thread for long, such as a refused connection. */
    private static final long SOON = TimeUnit.MILLISECONDS.toNanos(100);

    private static final long PAUSE = TimeUnit.SECONDS.toNanos(1);

    private static final System.Logger LOG = System.getLogger(StoreWait.class.getName());

    private final AtomicLong turnedAway = new AtomicLong();
    private final AtomicLong said = new AtomicLong();
    private final Semaphore places = new Semaphore(THREADS);
    private final AtomicBoolean asking = new AtomicBoolean();
    private volatile boolean silent;
    private volatile long answered = System.nanoTime();

    /**
     * What the operation comes to, or nothing if it takes too long, or was not begun because too many wait already. Its place is free
     * again when it has ended, and not when its thread has lost patience.
     *
     * @param operation begun if there is a place for it
     * @param failed whether an outcome means that the store has failed, as a stage that fails does
     */
    <T> Optional<T> get(Supplier<CompletionStage<T>> operation, Predicate<T> failed) {
        boolean alone = silent;
        if (alone && !asking.compareAndSet(false, true)) {
            turnAway("the store is silent, and one request is finding out whether it answers again");
            return Optional.empty();
        }
        if (!places.tryAcquire()) {
            if (alone) {
                asking.set(false);
            }
            turnAway(THREADS + " requests are waiting for the store");
            return Optional.empty();
        }
        CompletableFuture<T> outcome = begin(operation);
        long start = System.nanoTime();
        // What is known at once has waited for no store, and tells nothing of it.
        boolean waits = !outcome.isDone();
        CompletableFuture<T> unused = outcome.whenComplete((value, fault) -> {
            places.release();
            if (alone) {
                asking.set(false);
            }
            if (waits) {
                note(start, fault != null || failed.test(value));
            }
        });
        Optional<T> answer = await(outcome);
        if (alone && !outcome.isDone()) {
            asking.set(false);
        }
        return answer;
    }

    // Whatever is thrown, an error too: the place must come back.
    private static <T> CompletableFuture<T> begin(Supplier<CompletionStage<T>> operation) {
        try {
            return operation.get().toCompletableFuture();
        } catch (Throwable e) {
            return CompletableFuture.failedFuture(e);
        }
    }

    /** Says so once a second at most, with how many there were. */
    private void turnAway(String why) {
        long count = turnedAway.incrementAndGet();
        long last = said.get();
        long now = System.nanoTime();
        if ((last == 0 || now - last > PAUSE) && said.compareAndSet(last, now)) {
            turnedAway.addAndGet(-count);
            LOG.log(
                    System.Logger.Level.WARNING,
                    "Answered with 503 at once: " + why + " (" + count + " since it was last said)");
        }
    }

    private void note(long start, boolean failed) {
        long now = System.nanoTime();
        if (!failed) {
            answered = now;
            silent = false;
        } else if (answered - start < 0 && now - start > SOON) {
            silent = true;
        }
    }

    private static <T> Optional<T> await(CompletableFuture<T> outcome) {
        try {
            return Optional.of(outcome.get(PATIENCE.toMillis(), TimeUnit.MILLISECONDS));
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            return Optional.empty();
        } catch (ExecutionException | TimeoutException e) {
            return Optional.empty();
        }
    }
}
