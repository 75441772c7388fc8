// SPDX-License-Identifier: Apache-2.0
package io.github.realtimeticket.jakarta;

import io.github.realtimeticket.Admission.Admitted;
import io.github.realtimeticket.LiveConnection;
import jakarta.servlet.AsyncContext;
import jakarta.servlet.AsyncEvent;
import jakarta.servlet.AsyncListener;
import org.jspecify.annotations.Nullable;

/**
 * The asynchronous answer to a request that was admitted by ticket, such as an event stream: registered from when the thread of the request
 * has returned until it is complete, and completed when its login ends (T16, T17). Thread-safe.
 */
final class LiveAnswer implements AsyncListener {

    private static final System.Logger LOG = System.getLogger(LiveAnswer.class.getName());

    private @Nullable AsyncContext context;
    private @Nullable LiveConnection connection;
    private boolean over;
    private boolean complete;

    private LiveAnswer(AsyncContext context) {
        this.context = context;
    }

    static void register(Admitted admitted, AsyncContext started) {
        var answer = new LiveAnswer(started);
        try {
            started.addListener(answer);
        } catch (IllegalStateException e) {
            // It has completed already, or is dispatched and comes here again.
            return;
        }
        answer.opened(admitted.opened((code, reason) -> answer.end()));
    }

    private void opened(LiveConnection opened) {
        boolean gone;
        synchronized (this) {
            connection = opened;
            gone = complete;
        }
        if (gone) {
            opened.ended();
        }
    }

    /** Ends it, or, while a thread is on the way with it, as soon as that has returned or begun anew. */
    private synchronized void end() {
        over = true;
        if (context != null) {
            complete(context);
        }
    }

    // With the lock: what has completed may be the container's for another request.
    private static void complete(AsyncContext context) {
        try {
            context.complete();
        } catch (IllegalStateException e) {
            // It is being dispatched. That ends by itself, or begins anew, which onStartAsync is told.
            LOG.log(System.Logger.Level.DEBUG, "An answer is ended with its dispatch: " + e);
        }
    }

    @Override
    public void onStartAsync(AsyncEvent event) {
        AsyncContext started = event.getAsyncContext();
        // A dispatch has begun anew, and listeners are told that they are told no more (AsyncContext.addListener).
        started.addListener(this);
        synchronized (this) {
            context = started;
            if (over) {
                complete(started);
            }
        }
    }

    @Override
    public void onComplete(AsyncEvent event) {
        LiveConnection opened;
        synchronized (this) {
            context = null;
            complete = true;
            opened = connection;
        }
        if (opened != null) {
            opened.ended();
        }
    }

    // What these lead to completes it.
    @Override
    public void onTimeout(AsyncEvent event) {}

    @Override
    public void onError(AsyncEvent event) {}
}
