// SPDX-License-Identifier: Apache-2.0
package io.github.realtimeticket.spring.web;

import io.github.realtimeticket.Admission.Admitted;
import jakarta.servlet.AsyncContext;
import jakarta.servlet.AsyncEvent;
import jakarta.servlet.AsyncListener;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.ReentrantLock;
import org.jspecify.annotations.Nullable;

/** What of an answer goes on when the thread of its request has returned, and is ended when its login ends. Thread-safe. */
final class AsynchronousAnswer implements AsyncListener {

    private static final System.Logger LOG = System.getLogger(LiveResponses.class.getName());

    private static final long PATIENCE_MILLIS = 100;

    // What has completed may be the container's for another request.
    private final ReentrantLock completing = new ReentrantLock();
    private final Admitted admitted;
    private volatile @Nullable AsyncContext context;
    private boolean over;

    AsynchronousAnswer(Admitted admitted) {
        this.admitted = admitted;
    }

    /** Whether there is something to follow. */
    boolean follow(AsyncContext started) {
        completing.lock();
        try {
            started.addListener(this);
            context = started;
            if (over) {
                end(started);
            }
            return true;
        } catch (IllegalStateException e) {
            // It has completed already.
            return false;
        } finally {
            completing.unlock();
        }
    }

    /** Ends it, or, while a thread is on the way with it, as soon as that has returned or begun anew. */
    void complete() {
        completing.lock();
        try {
            over = true;
            AsyncContext open = context;
            if (open != null) {
                end(open);
            }
        } finally {
            completing.unlock();
        }
    }

    private static void end(AsyncContext context) {
        try {
            context.complete();
        } catch (IllegalStateException e) {
            // It is being dispatched. That ends by itself, or begins anew, which onStartAsync is told.
            LOG.log(System.Logger.Level.DEBUG, "A response is ended with its dispatch: " + e);
        }
    }

    @Override
    public void onStartAsync(AsyncEvent event) {
        // A dispatch has begun anew, and listeners are told that they are told no more (AsyncContext.addListener).
        boolean unused = follow(event.getAsyncContext());
    }

    @Override
    public void onComplete(AsyncEvent event) {
        // Tomcat calls this with a lock of its own, for which another thread that completes waits with ours.
        boolean alone = waitForWhoCompletes();
        context = null;
        if (alone) {
            completing.unlock();
        }
        admitted.ended();
    }

    private boolean waitForWhoCompletes() {
        try {
            return completing.tryLock(PATIENCE_MILLIS, TimeUnit.MILLISECONDS);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            return false;
        }
    }

    // What these lead to completes it.
    @Override
    public void onTimeout(AsyncEvent event) {}

    @Override
    public void onError(AsyncEvent event) {}
}
