// SPDX-License-Identifier: Apache-2.0
package io.github.realtimeticket.spring.websocket;

import java.util.concurrent.Executor;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.ThreadPoolExecutor;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;

/**
 * Where sessions are closed that nobody has been admitted to, and whose clients may be slow to take it. Tomcat waits for them for 2 seconds, and for 20
 * if the code is 1000. The common pool and Reactor's threads are the application's, and few. Those that a ticket has opened are closed elsewhere,
 * where one user's do not delay another's.
 */
public final class ClosingThreads {

    private static final AtomicInteger MADE = new AtomicInteger();
    private static final Executor EXECUTOR = make();

    private ClosingThreads() {}

    /** At most 64 threads, which go when there is nothing to close. */
    public static Executor executor() {
        return EXECUTOR;
    }

    private static Executor make() {
        var threads = new ThreadPoolExecutor(64, 64, 10, TimeUnit.SECONDS, new LinkedBlockingQueue<>(), task -> {
            Thread thread = new Thread(task, "realtime-ticket-closing-" + MADE.incrementAndGet());
            thread.setDaemon(true);
            return thread;
        });
        threads.allowCoreThreadTimeOut(true);
        return threads;
    }
}
