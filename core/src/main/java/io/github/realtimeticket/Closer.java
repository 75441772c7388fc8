// SPDX-License-Identifier: Apache-2.0
package io.github.realtimeticket;

import java.util.ArrayDeque;
import java.util.HashMap;
import java.util.Map;
import java.util.Queue;
import java.util.concurrent.Executor;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.ThreadPoolExecutor;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;

/**
 * Closes connections on threads of its own, since that may wait for a client; there are none while there is nothing to close.
 *
 * <p>A holder has at most as many of the threads as are free: whoever has many clients that read nothing delays the own closings only.
 *
 * <p>Thread-safe.
 */
final class Closer {

    static final int MOST = 64;

    /** That of this JVM. */
    static final Closer SHARED = new Closer(threads());

    private final Executor threads;
    private final Map<Object, Line> lines = new HashMap<>();

    /** The lines in which something waits, each once; whose turn it is comes first. */
    private final Queue<Line> waiting = new ArrayDeque<>();

    private int busy;

    /** What is to be done for one holder, and how much of it is being done. */
    private static final class Line {
        private final Object holder;
        private final Queue<Runnable> closings = new ArrayDeque<>();
        private int busy;

        Line(Object holder) {
            this.holder = holder;
        }
    }

    private record Turn(Line line, Runnable closing) {}

    Closer(Executor threads) {
        this.threads = threads;
    }

    void close(Object holder, Runnable closing) {
        synchronized (this) {
            Line line = lines.computeIfAbsent(holder, Line::new);
            if (line.closings.isEmpty()) {
                waiting.add(line);
            }
            line.closings.add(closing);
        }
        goOn();
    }

    /** Takes up what waits, as far as there are threads. What there is no thread for waits until this is called again. */
    void goOn() {
        for (Turn turn = next(); turn != null; turn = next()) {
            Turn mine = turn;
            try {
                threads.execute(() -> run(mine));
            } catch (Throwable e) {
                // The system may have no more threads, and says so with an error.
                giveBack(mine);
                return;
            }
        }
    }

    private void run(Turn turn) {
        for (Turn next = turn; next != null; next = next()) {
            try {
                next.closing().run();
            } finally {
                done(next.line());
            }
        }
    }

    private synchronized @Nullable Turn next() {
        // A line that is not worked at may always go on if a thread is free, so that no more than MOST are passed over.
        for (int left = waiting.size(); left > 0 && busy < MOST; left--) {
            Line line = waiting.remove();
            if (line.busy < MOST - busy) {
                Runnable closing = line.closings.remove();
                if (!line.closings.isEmpty()) {
                    waiting.add(line);
                }
                line.busy++;
                busy++;
                return new Turn(line, closing);
            }
            waiting.add(line);
        }
        return null;
    }

    private synchronized void giveBack(Turn turn) {
        if (turn.line().closings.isEmpty()) {
            waiting.add(turn.line());
        }
        turn.line().closings.add(turn.closing());
        done(turn.line());
    }

    private synchronized void done(Line line) {
        line.busy--;
        busy--;
        if (line.busy == 0 && line.closings.isEmpty()) {
            lines.remove(line.holder);
        }
    }

    private static Executor threads() {
        var threads = new ThreadPoolExecutor(MOST, MOST, 5, TimeUnit.SECONDS, new LinkedBlockingQueue<>(), run -> {
            var thread = new Thread(run, "realtime-ticket-closing");
            thread.setDaemon(true);
            return thread;
        });
        threads.allowCoreThreadTimeOut(true);
        return threads;
    }
}
