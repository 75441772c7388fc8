// SPDX-License-Identifier: Apache-2.0
package io.github.realtimeticket.jakarta;

import jakarta.servlet.AsyncContext;
import jakarta.servlet.AsyncEvent;
import jakarta.servlet.AsyncListener;

/**
 * Dispatches an asynchronous request again, at most once, and never after the container has given it up: it may serve somebody else
 * by then. Thread-safe.
 */
final class LateDispatch implements AsyncListener {

    private final AsyncContext async;
    private boolean over;

    LateDispatch(AsyncContext async) {
        this.async = async;
        async.setTimeout(0);
        async.addListener(this);
    }

    synchronized void now() {
        if (!over) {
            over = true;
            async.dispatch();
        }
    }

    @Override
    public synchronized void onTimeout(AsyncEvent event) {
        over = true;
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
