// SPDX-License-Identifier: Apache-2.0
package io.github.realtimeticket.jdbc;

import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.ScheduledThreadPoolExecutor;
import java.util.concurrent.SynchronousQueue;
import java.util.concurrent.ThreadFactory;
import java.util.concurrent.ThreadPoolExecutor;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import org.jspecify.annotations.Nullable;

/** The threads of a store: on some it waits for its database, so that no caller does, with a bound on what waits for them. */
final class BlockingWork {

    /** How many operations may wait for a thread. */
    static final int WAITING = 10_000;

    private static final int PLATFORM_THREADS = 32;
    private static final int VIRTUAL_THREADS = 512;
    private static final int FIRST_WITHOUT_PINNING = 24;
    private static final int IDLE_SECONDS = 5;
    private static final String NAME = "realtime-ticket-jdbc-";

    private BlockingWork() {}

    /** For what waits for the database: virtual threads where they are as good as others, else a few of the platform's. */
    static ThreadPoolExecutor executor() {
        ThreadFactory virtual = virtualThreads(NAME);
        int threads = virtual == null ? PLATFORM_THREADS : VIRTUAL_THREADS;
        var executor = new ThreadPoolExecutor(
                threads,
                threads,
                IDLE_SECONDS,
                TimeUnit.SECONDS,
                new LinkedBlockingQueue<>(WAITING),
                virtual == null ? platformThreads(NAME) : virtual);
        executor.allowCoreThreadTimeOut(true);
        return executor;
    }

    /** For callers' code, which may wait for more of it: nothing waits for a thread here, so it starts one where all are busy. */
    static ThreadPoolExecutor answers() {
        String name = NAME + "answer-";
        ThreadFactory virtual = virtualThreads(name);
        return new ThreadPoolExecutor(
                0,
                Integer.MAX_VALUE,
                IDLE_SECONDS,
                TimeUnit.SECONDS,
                new SynchronousQueue<>(),
                virtual == null ? platformThreads(name) : virtual);
    }

    /** For what a store does from time to time, until it is closed: one thread, from the first of it on. */
    static ScheduledThreadPoolExecutor timer() {
        var timer = new ScheduledThreadPoolExecutor(1, work -> platformThread(work, NAME + "timer"));
        timer.setExecuteExistingDelayedTasksAfterShutdownPolicy(false);
        timer.setRejectedExecutionHandler(new ThreadPoolExecutor.DiscardPolicy());
        return timer;
    }

    private static ThreadFactory platformThreads(String name) {
        var count = new AtomicInteger();
        return work -> platformThread(work, name + count.getAndIncrement());
    }

    private static Thread platformThread(Runnable work, String name) {
        // Inherits nothing of the caller that happens to be the first, such as a transaction that is bound to its
        // thread.
        var thread = new Thread(null, work, name, 0, false);
        thread.setDaemon(true);
        return thread;
    }

    // Java 21 has them, too, but there a thread that waits within a driver's "synchronized" keeps one of the few that
    // carry all virtual threads of the application: a database that hangs would stop it (JEP 491).
    private static @Nullable ThreadFactory virtualThreads(String name) {
        if (Runtime.version().feature() < FIRST_WITHOUT_PINNING) {
            return null;
        }
        try {
            Class<?> builder = Class.forName("java.lang.Thread$Builder");
            Object threads = Thread.class.getMethod("ofVirtual").invoke(null);
            Object named = builder.getMethod("name", String.class, long.class).invoke(threads, name, 0L);
            Object own = builder.getMethod("inheritInheritableThreadLocals", boolean.class)
                    .invoke(named, false);
            return (ThreadFactory) builder.getMethod("factory").invoke(own);
        } catch (ReflectiveOperationException e) {
            // A native image that was not told of these methods.
            return null;
        }
    }
}
