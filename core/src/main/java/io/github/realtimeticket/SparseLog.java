// SPDX-License-Identifier: Apache-2.0
package io.github.realtimeticket;

import java.lang.System.Logger;
import java.lang.System.Logger.Level;
import java.util.concurrent.TimeUnit;
import java.util.function.LongSupplier;
import org.jspecify.annotations.Nullable;

/**
 * Says one kind of fault at once and then, while it lasts, again after a second at the earliest, with how many there were: one line a
 * second and not one a request. Thread-safe.
 */
final class SparseLog {

    private static final long PAUSE = TimeUnit.SECONDS.toNanos(1);

    private final Logger log;
    private final Level level;
    private final LongSupplier nanoTime;
    private long last;
    private int kept;

    SparseLog(Logger log, Level level) {
        this(log, level, System::nanoTime);
    }

    SparseLog(Logger log, Level level, LongSupplier nanoTime) {
        this.log = log;
        this.level = level;
        this.nanoTime = nanoTime;
        last = nanoTime.getAsLong() - PAUSE;
    }

    /** A fault in words without a secret, with its trace if there is one to be shown. */
    void say(String text, @Nullable Throwable trace) {
        int more;
        synchronized (this) {
            long now = nanoTime.getAsLong();
            if (now - last < PAUSE) {
                kept++;
                return;
            }
            last = now;
            more = kept;
            kept = 0;
        }
        log.log(level, more == 0 ? text : text + " (and " + more + " more since it was last said)", trace);
    }
}
