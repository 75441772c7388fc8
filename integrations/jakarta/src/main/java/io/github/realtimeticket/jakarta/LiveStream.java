// SPDX-License-Identifier: Apache-2.0
package io.github.realtimeticket.jakarta;

import io.github.realtimeticket.Admission.Admitted;
import io.github.realtimeticket.LiveConnection;
import jakarta.servlet.AsyncContext;
import jakarta.servlet.AsyncEvent;
import jakarta.servlet.AsyncListener;
import java.io.EOFException;
import java.io.IOException;
import org.jspecify.annotations.Nullable;

/**
 * What the application answers to a request that was admitted by ticket, registered from when it begins until it is complete (T16, T17).
 *
 * <p>When the login ends, nothing more is written, and what is asynchronous is completed. The two exclude each other, since a container
 * gives what has completed to the next request: while a thread writes, the completing is left to it. Nobody waits. Thread-safe.
 */
final class LiveStream implements AsyncListener {

    private final Admitted admitted;
    private @Nullable LiveConnection connection;
    private @Nullable AsyncContext async;
    private @Nullable AsyncContext shown;
    private boolean begun;
    private boolean listening;
    private boolean over;
    private boolean left;
    private boolean done;
    private int dispatches;
    private int writing;

    /** What an application is told that writes when the login has ended: the same as of a client that has gone. */
    static final class Over extends EOFException {
        private static final long serialVersionUID = 1;

        private Over() {
            super("The login of this connection has ended");
        }
    }

    /** A write of the application. */
    @FunctionalInterface
    interface Write {
        void now() throws IOException;
    }

    /** A call of the application that completes or dispatches. */
    @FunctionalInterface
    interface Leaving {
        @Nullable
        Object now() throws Throwable;
    }

    LiveStream(Admitted admitted) {
        this.admitted = admitted;
    }

    Admitted admitted() {
        return admitted;
    }

    /** Writes, and so begins to answer. */
    void write(Write write) throws IOException {
        begin();
        guard(write);
    }

    /** Does this, unless the login has ended. */
    void guard(Write write) throws IOException {
        synchronized (this) {
            if (over) {
                throw new Over();
            }
            if (done) {
                throw new EOFException("The container has ended this answer");
            }
            writing++;
        }
        try {
            write.now();
        } finally {
            synchronized (this) {
                writing--;
            }
            completeIfOver();
        }
    }

    synchronized boolean isOver() {
        return over;
    }

    /** Goes on asynchronously, which the application sees like this. */
    void started(AsyncContext started, AsyncContext shown) {
        begin();
        boolean first;
        synchronized (this) {
            first = !listening;
            listening = true;
        }
        if (first) {
            started.addListener(this);
        }
        synchronized (this) {
            // Where a request passes twice, the container's own.
            async = async == null ? started : async;
            left = false;
            this.shown = shown;
        }
        completeIfOver();
    }

    /** What the application sees that has gone on asynchronously, if it has. */
    synchronized @Nullable AsyncContext shown() {
        return shown;
    }

    /**
     * The application completes it, or dispatches it, unless the login has ended. From then on it is up to the application alone, in
     * whatever it calls within this, too: a request that passes twice is left twice.
     */
    @Nullable
    Object leave(Leaving leaving) throws Throwable {
        AsyncContext held;
        synchronized (this) {
            if (over && !left) {
                return null;
            }
            if (done) {
                // Here and not in the container, which may serve the next request with the same objects by now.
                throw new IllegalStateException("The container has ended this answer");
            }
            left = true;
            held = async;
            async = null;
        }
        try {
            return leaving.now();
        } catch (IllegalStateException e) {
            // The container has ended it, or the application has left it before.
            throw e;
        } catch (Throwable e) {
            // The container does not know what it is to dispatch to.
            if (held != null) {
                goOn(held);
            }
            throw e;
        }
    }

    /** The container has begun a dispatch, or one within another. */
    synchronized void dispatched() {
        if (dispatches++ == 0) {
            async = null;
        }
    }

    /** A dispatch has returned. */
    void returned(boolean goesOn) {
        boolean last;
        synchronized (this) {
            last = --dispatches == 0;
        }
        if (last && !goesOn) {
            ended();
        }
    }

    // A WebSocket does not begin to answer here, and is registered where it is opened.
    private void begin() {
        synchronized (this) {
            if (begun) {
                return;
            }
            begun = true;
        }
        if (admitted.connection().isEmpty()) {
            LiveConnection opened = admitted.opened((code, reason) -> end());
            synchronized (this) {
                connection = opened;
            }
        }
    }

    private void end() {
        synchronized (this) {
            over = true;
        }
        completeIfOver();
    }

    private void goOn(AsyncContext own) {
        synchronized (this) {
            async = own;
            left = false;
        }
        completeIfOver();
    }

    // Without the lock: a container may call the application's listeners meanwhile.
    private void completeIfOver() {
        AsyncContext last;
        synchronized (this) {
            if (!over || writing > 0 || async == null) {
                return;
            }
            last = async;
            async = null;
        }
        try {
            last.complete();
        } catch (IllegalStateException e) {
            // The container has just ended it: a time-out, or a client that has gone.
        }
    }

    private void ended() {
        LiveConnection gone;
        synchronized (this) {
            gone = connection;
        }
        if (gone != null) {
            gone.ended();
        }
    }

    @Override
    public void onComplete(AsyncEvent event) {
        synchronized (this) {
            async = null;
            done = true;
        }
        ended();
    }

    @Override
    public synchronized void onTimeout(AsyncEvent event) {
        // This leads to a dispatch, or to the end.
        async = null;
    }

    @Override
    public synchronized void onError(AsyncEvent event) {
        async = null;
    }

    // Listeners are told that they are told no more (AsyncContext.addListener). What began it may be outside of the
    // filter's patterns.
    @Override
    public void onStartAsync(AsyncEvent event) {
        event.getAsyncContext().addListener(this);
        goOn(event.getAsyncContext());
    }
}
