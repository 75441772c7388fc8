// SPDX-License-Identifier: Apache-2.0
package io.github.realtimeticket;

import java.lang.System.Logger;
import java.lang.System.Logger.Level;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.Executor;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;

/**
 * Says one kind of fault at once and then, while it lasts, once a second, with how many there were: not one line a request. Thread-safe.
 */
final class SparseLog {

    private final Logger log;
    private final Level level;
    private final Executor later;
    private boolean quiet;
    private int kept;
    private String text = "";
    private @Nullable Throwable trace;

    SparseLog(Logger log, Level level) {
        this(log, level, CompletableFuture.delayedExecutor(1, TimeUnit.SECONDS, SparseLog::elsewhere));
    }

    SparseLog(Logger log, Level level, Executor inASecond) {
        this.log = log;
        this.level = level;
        later = inASecond;
    }

    /** A fault in words without a secret, with its trace if there is one to be shown. */
    void say(String text, @Nullable Throwable trace) {
        synchronized (this) {
            if (quiet) {
                kept++;
                this.text = text;
                this.trace = trace;
                return;
            }
            quiet = true;
        }
        // First this: a logger may throw.
        later.execute(this::sayKept);
        log.log(level, text, trace);
    }

    private void sayKept() {
        String last;
        Throwable its;
        synchronized (this) {
            if (kept == 0) {
                quiet = false;
                return;
            }
            last = kept == 1 ? text : text + " (and " + (kept - 1) + " more since it was last said)";
            its = trace;
            trace = null;
            kept = 0;
        }
        later.execute(this::sayKept);
        log.log(level, last, its);
    }

    // Not on the scheduler's thread, which whatever is slow would hold up, unless no other can be started: nothing
    // would be done any more.
    static void elsewhere(Runnable work) {
        try {
            var unused = CompletableFuture.runAsync(work);
        } catch (OutOfMemoryError e) {
            work.run();
        }
    }
}
