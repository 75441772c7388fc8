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

/**
 * Where request threads wait for a store: at most {@value #THREADS} of them, so that a store that answers slowly does not take all of
 * an application's threads. Thread-safe.
 */
final class StoreWait {

    /** How many threads wait; about a third of those that a container has unless told otherwise. */
    static final int THREADS = 64;

    /** How long a thread waits for a store that breaks its promise to answer in time; more than any store's own timeout. */
    static final Duration PATIENCE = Duration.ofSeconds(15);

    private final Semaphore places = new Semaphore(THREADS);

    /** What the stage comes to, or nothing if it fails, takes too long, or too many wait already. */
    <T> Optional<T> get(CompletionStage<T> stage) {
        CompletableFuture<T> future = stage.toCompletableFuture();
        boolean waits = !future.isDone();
        if (waits && !places.tryAcquire()) {
            return Optional.empty();
        }
        try {
            return Optional.of(future.get(PATIENCE.toMillis(), TimeUnit.MILLISECONDS));
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            return Optional.empty();
        } catch (ExecutionException | TimeoutException e) {
            return Optional.empty();
        } finally {
            if (waits) {
                places.release();
            }
        }
    }
}
