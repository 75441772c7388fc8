// SPDX-License-Identifier: Apache-2.0
package io.github.realtimeticket.spring.websocket;

import java.util.concurrent.Executor;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.ThreadPoolExecutor;
import java.util.concurrent.TimeUnit;
import org.springframework.scheduling.concurrent.CustomizableThreadFactory;

/**
 * Where sessions are closed that nobody has been admitted to, and whose clients may be slow to take it, for seconds: the common pool
 * and Reactor's threads are the application's, and few. Those that a ticket has opened are closed elsewhere, where one user's do not delay another's.
 */
public final class ClosingThreads {

    private static final Executor EXECUTOR = make();

    private ClosingThreads() {}

    /** At most 64 threads, which go when there is nothing to close. */
    public static Executor executor() {
        return EXECUTOR;
    }

    private static Executor make() {
        var factory = new CustomizableThreadFactory("realtime-ticket-closing-");
        factory.setDaemon(true);
        var threads = new ThreadPoolExecutor(64, 64, 10, TimeUnit.SECONDS, new LinkedBlockingQueue<>(), factory);
        threads.allowCoreThreadTimeOut(true);
        return threads;
    }
}
