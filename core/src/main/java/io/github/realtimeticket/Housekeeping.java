// SPDX-License-Identifier: Apache-2.0
package io.github.realtimeticket;

import java.lang.ref.WeakReference;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.Executor;
import java.util.concurrent.TimeUnit;
import java.util.function.Consumer;

/** What is done every half a second for something, as long as somebody has it. */
final class Housekeeping {

    static final long EVERY_NANOS = TimeUnit.MILLISECONDS.toNanos(500);

    // On the scheduler's own thread: where there is no common pool, every run would else start a thread.
    private static final Executor LATER =
            CompletableFuture.delayedExecutor(EVERY_NANOS, TimeUnit.NANOSECONDS, Runnable::run);

    private Housekeeping() {}

    /**
     * Begins it.
     *
     * @param work which must not refer to the house
     * @param afterwards what is done once nobody has it any more, which must not, either
     */
    static <T> void of(T house, Consumer<? super T> work, Runnable afterwards) {
        goOn(new WeakReference<>(house), work, afterwards);
    }

    private static <T> void goOn(WeakReference<T> house, Consumer<? super T> work, Runnable afterwards) {
        LATER.execute(() -> {
            T kept = house.get();
            if (kept == null) {
                afterwards.run();
            } else {
                // Also after a fault, such as a clock that fails: the next time may be better.
                goOn(house, work, afterwards);
                work.accept(kept);
            }
        });
    }
}
