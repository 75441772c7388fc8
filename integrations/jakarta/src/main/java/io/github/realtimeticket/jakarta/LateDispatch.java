// SPDX-License-Identifier: Apache-2.0
package io.github.realtimeticket.jakarta;

import jakarta.servlet.AsyncContext;
import jakarta.servlet.AsyncEvent;
import jakarta.servlet.AsyncListener;
import java.time.Duration;

/**
 * Dispatches an asynchronous request again, at most once, and never after the container has given it up: it may serve somebody else
 * by then. A container may lose a dispatch when it has no thread for it; then it begins at the time-out. Thread-safe.
 */
final class LateDispatch implements AsyncListener {

    private final AsyncContext async;
    private boolean over;

    LateDispatch(AsyncContext async, Duration timeout) {
        this.async = async;
        async.setTimeout(timeout.toMillis());
        async.addListener(this);
    }

    synchronized void now() {
        if (!over) {
            async.dispatch();
            over = true;
        }
    }

    // The container's own thread begins it. Had it begun before, there would be no time-out.
    @Override
    public synchronized void onTimeout(AsyncEvent event) {
        try {
            now();
        } finally {
            over = true;
        }
    }

    @Override
    public synchronized void onError(AsyncEvent event) {
        over = true;
    }

    @Override
    public synchronized void onComplete(AsyncEvent event) {
        over = true;
    }

    @Override
    public void onStartAsync(AsyncEvent event) {}
}
