// SPDX-License-Identifier: Apache-2.0
package io.github.realtimeticket.spring.web;

import io.github.realtimeticket.Admission.Admitted;
import io.github.realtimeticket.LiveConnection;
import jakarta.servlet.AsyncContext;
import jakarta.servlet.AsyncEvent;
import jakarta.servlet.AsyncListener;
import jakarta.servlet.FilterChain;
import jakarta.servlet.ServletException;
import jakarta.servlet.http.HttpServletRequest;
import jakarta.servlet.http.HttpServletResponse;
import java.io.IOException;
import org.jspecify.annotations.Nullable;

/**
 * The answer to a request that was admitted by ticket, registered for as long as it takes (T16, T17). An asynchronous one, such as an event
 * stream, is completed when its login ends; one that a thread is writing ends with that thread.
 */
public final class LiveResponse {

    private static final String KEY = LiveResponse.class.getName();

    private LiveResponse() {}

    /** Goes on with a request that was admitted. What becomes a WebSocket is registered where that is opened. */
    public static void register(
            Admitted admitted, HttpServletRequest request, HttpServletResponse response, FilterChain chain)
            throws IOException, ServletException {
        if (request.getAttribute(KEY) != null || request.getHeader("Upgrade") != null) {
            chain.doFilter(request, response);
            return;
        }
        request.setAttribute(KEY, true);
        var asynchronous = new Asynchronous();
        LiveConnection connection = admitted.opened((code, reason) -> asynchronous.complete());
        boolean goesOn = false;
        try {
            chain.doFilter(request, response);
            goesOn = request.isAsyncStarted() && asynchronous.follow(request.getAsyncContext(), connection);
        } finally {
            if (!goesOn) {
                connection.ended();
            }
        }
    }

    /** What of a response goes on when the thread of its request has returned. */
    private static final class Asynchronous implements AsyncListener {

        private @Nullable LiveConnection connection;
        private @Nullable AsyncContext context;
        private boolean over;

        /** Whether there is something to follow. */
        synchronized boolean follow(AsyncContext started, LiveConnection connection) {
            this.connection = connection;
            try {
                started.addListener(this);
            } catch (IllegalStateException e) {
                // It has completed already.
                return false;
            }
            context = started;
            if (over) {
                started.complete();
            }
            return true;
        }

        /** Ends it, or, while its thread is on the way, as soon as that has returned. */
        synchronized void complete() {
            over = true;
            if (context != null) {
                context.complete();
            }
        }

        @Override
        public void onStartAsync(AsyncEvent event) {
            synchronized (this) {
                context = event.getAsyncContext();
            }
            // A dispatch has begun anew, and listeners are told that they are told no more (AsyncContext.addListener).
            event.getAsyncContext().addListener(this);
        }

        @Override
        public void onComplete(AsyncEvent event) {
            LiveConnection live;
            synchronized (this) {
                live = connection;
                context = null;
            }
            if (live != null) {
                live.ended();
            }
        }

        // What these lead to completes it.
        @Override
        public void onTimeout(AsyncEvent event) {}

        @Override
        public void onError(AsyncEvent event) {}
    }
}
