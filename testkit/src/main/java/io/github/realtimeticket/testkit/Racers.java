// SPDX-License-Identifier: Apache-2.0
package io.github.realtimeticket.testkit;

import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CyclicBarrier;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;

/** Threads that do the same thing at the same moment. */
final class Racers {

    /** What one racer does. */
    @FunctionalInterface
    interface Leg<T> {
        T run(int racer) throws Exception;
    }

    private Racers() {}

    /** Runs a leg on each of so many threads, all released at once; what each came back with, in the racers' order. */
    static <T> List<T> race(int racers, Leg<T> leg) throws Exception {
        ExecutorService threads = Executors.newFixedThreadPool(racers);
        try {
            var start = new CyclicBarrier(racers);
            List<Future<T>> running = new ArrayList<>();
            for (int i = 0; i < racers; i++) {
                int racer = i;
                running.add(threads.submit(() -> {
                    start.await(30, TimeUnit.SECONDS);
                    return leg.run(racer);
                }));
            }
            List<T> results = new ArrayList<>();
            for (Future<T> result : running) {
                results.add(result.get(60, TimeUnit.SECONDS));
            }
            return results;
        } finally {
            threads.shutdownNow();
        }
    }
}
