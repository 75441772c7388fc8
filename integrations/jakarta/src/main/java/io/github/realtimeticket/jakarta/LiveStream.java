// SPDX-License-Identifier: Apache-2.0
package io.github.realtimeticket.jakarta;

import io.github.realtimeticket.Admission.Admitted;
import io.github.realtimeticket.LiveConnection;
import jakarta.servlet.AsyncContext;
import jakarta.servlet.AsyncEvent;
import jakarta.servlet.AsyncListener;
import java.io.EOFException;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;

/**
 * What the application answers to a request that was admitted by ticket, registered from when it begins until it is complete (T16, T17).
 *
 * <p>A container gives the objects of what has ended to the next request, so nobody is in them then. When the login ends, nothing more is
 * written, and what is asynchronous is completed as soon as no thread is inside. When the container ends it, because of a time-out or a client
 * that has gone, its own thread waits until the others are outside, and none comes in again. Thread-safe.
 */
final class LiveStream implements AsyncListener {

    // For a thread that comes back from a failed write. One that waits for a client which reads nothing takes longer.
    private static final long NANOS_TO_COME_OUT = TimeUnit.SECONDS.toNanos(2);

    /** What alone may come in when all have ended: no thread. */
    private static final Object NOBODY = new Object();

    private final Admitted admitted;

    // Once for each call.
    private final List<Thread> inside = new ArrayList<>(1);

    // What is to be completed when the login ends; of the application itself, or the container, if this is null.
    private @Nullable AsyncContext async;
    private @Nullable AsyncContext shown;

    // The only thread that may come in, until the container dispatches; all may if this is null.
    private @Nullable Object ending;
    private volatile boolean begun;
    private boolean over;
    private boolean left;
    private int dispatches;

    /** What an application is told that writes when this has ended: the same as of a client that has gone. */
    static final class Over extends EOFException {
        private static final long serialVersionUID = 1;

        private Over() {
            super("This answer has ended, with its login or by the container");
        }
    }

    /** What the application does with the container's objects. */
    @FunctionalInterface
    interface Use<E extends Throwable> {
        void now() throws E;
    }

    LiveStream(Admitted admitted) {
        this.admitted = admitted;
    }

    Admitted admitted() {
        return admitted;
    }

    /** Writes, and so begins to answer. */
    void write(Use<IOException> write) throws IOException {
        begin();
        guard(write);
    }

    /** Does this, unless it is over. */
    void guard(Use<IOException> write) throws IOException {
        synchronized (this) {
            if (isOver()) {
                throw new Over();
            }
            inside.add(Thread.currentThread());
        }
        try {
            write.now();
        } finally {
            comeOut();
        }
    }

    /** Whether this thread has nothing more to answer. */
    synchronized boolean isOver() {
        return over || isOthersToEnd();
    }

    private boolean isOthersToEnd() {
        return ending != null && ending != Thread.currentThread();
    }

    /** Goes on asynchronously, which the application sees like this. */
    void started(AsyncContext started, AsyncContext shown) {
        begin();
        boolean first;
        synchronized (this) {
            first = this.shown == null;
            this.shown = shown;
        }
        // Where a request passes twice, the container's own.
        if (first) {
            started.addListener(this);
            goOn(started);
        }
    }

    /** What the application sees that has gone on asynchronously, if it has. */
    synchronized @Nullable AsyncContext shown() {
        return shown;
    }

    /**
     * The application completes it, or dispatches it, unless it is over. From then on it is up to the application alone, in
     * whatever it calls within this, too: a request that passes twice is left twice.
     *
     * @param dispatches whether others answer then
     */
    void leave(boolean dispatches, Use<?> leaving) throws Throwable {
        AsyncContext held;
        synchronized (this) {
            if (isOthersToEnd() || (over && !left)) {
                return;
            }
            left = true;
            held = async;
            async = null;
            inside.add(Thread.currentThread());
        }
        try {
            leaving.now();
            if (dispatches) {
                letOthersIn();
            }
        } catch (IllegalStateException e) {
            // The container has ended it, or the application has left it before.
            throw e;
        } catch (Throwable e) {
            // The container does not know what it is to dispatch to.
            synchronized (this) {
                if (held != null && ending == null) {
                    async = held;
                    left = false;
                }
            }
            throw e;
        } finally {
            comeOut();
        }
    }

    // Not before the container has taken the dispatch: it may refuse it, and goes on ending then.
    private synchronized void letOthersIn() {
        if (ending == Thread.currentThread()) {
            ending = null;
        }
    }

    /** The container has begun a dispatch, or one within another. */
    synchronized void dispatched() {
        if (dispatches++ == 0) {
            async = null;
            // To an error page it does so in the thread that is there.
            ending = ending == Thread.currentThread() ? ending : null;
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
            if (begun || admitted.connection().isPresent()) {
                return;
            }
            begun = true;
        }
        LiveConnection unused = admitted.opened((code, reason) -> end());
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
            ending = null;
        }
        completeIfOver();
    }

    private void comeOut() {
        synchronized (this) {
            inside.remove(Thread.currentThread());
            notifyAll();
        }
        completeIfOver();
    }

    // Without the lock: a container may call the application's listeners meanwhile.
    private void completeIfOver() {
        AsyncContext last;
        synchronized (this) {
            if (!over || !inside.isEmpty() || async == null) {
                return;
            }
            last = async;
            async = null;
            inside.add(Thread.currentThread());
        }
        try {
            last.complete();
        } catch (IllegalStateException e) {
            // The container has just ended it: a time-out, or a client that has gone.
        } finally {
            comeOut();
        }
    }

    // A container may dispatch once more, to an error page.
    private void ended() {
        synchronized (this) {
            async = null;
            left = false;
            ending = NOBODY;
        }
        if (begun) {
            admitted.connection().ifPresent(LiveConnection::ended);
        }
    }

    @Override
    public void onComplete(AsyncEvent event) {
        ended();
    }

    @Override
    public void onTimeout(AsyncEvent event) {
        keepOthersOut();
    }

    @Override
    public void onError(AsyncEvent event) {
        keepOthersOut();
    }

    // This leads to a dispatch, or to the end. The application's listeners answer in this thread.
    private synchronized void keepOthersOut() {
        async = null;
        ending = Thread.currentThread();
        long until = System.nanoTime() + NANOS_TO_COME_OUT;
        try {
            while (isAnotherInside() && System.nanoTime() - until < 0) {
                TimeUnit.NANOSECONDS.timedWait(this, until - System.nanoTime());
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
        left = false;
    }

    private boolean isAnotherInside() {
        return inside.stream().anyMatch(thread -> thread != Thread.currentThread());
    }

    // Listeners are told that they are told no more (AsyncContext.addListener). What began it may be outside of the
    // filter's patterns.
    @Override
    public void onStartAsync(AsyncEvent event) {
        event.getAsyncContext().addListener(this);
        goOn(event.getAsyncContext());
    }
}
