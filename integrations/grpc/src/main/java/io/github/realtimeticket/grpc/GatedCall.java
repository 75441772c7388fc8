// SPDX-License-Identifier: Apache-2.0
package io.github.realtimeticket.grpc;

import io.grpc.Context;
import io.grpc.Contexts;
import io.grpc.ForwardingServerCall.SimpleForwardingServerCall;
import io.grpc.Metadata;
import io.grpc.ServerCall;
import io.grpc.ServerCallHandler;
import io.grpc.Status;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.List;
import java.util.Queue;
import java.util.concurrent.Executor;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/**
 * A call that begins when its gate has admitted it, perhaps on another thread, and that any thread may end from then on.
 *
 * <p>What gRPC tells of it before its service listens is kept, in order. No message is among that: none comes before it is asked for, and what
 * asks for it on the way is kept until then, too. So messages are read and handled in gRPC's own threads only.
 *
 * <p>A service is told one thing after another: what comes while it is being told, is told next, by the same thread.
 *
 * <p>No lock is held while somebody else is told anything but to send.
 */
final class GatedCall<Q, A> extends SimpleForwardingServerCall<Q, A> {

    private static final System.Logger LOG = System.getLogger(GatedCall.class.getName());

    /** Is cancelled when the call is over: by gRPC's own servers, or by what is told then. */
    private final Context.CancellableContext over = Context.current().withCancellation();

    private final Context.CancellableContext context = over.withCancellation();
    private final Metadata headers;
    private final ServerCallHandler<Q, A> next;
    private final Executor executor;
    private final Queue<Consumer<ServerCall.Listener<Q>>> kept = new ArrayDeque<>();
    private final List<Integer> requests = new ArrayList<>();
    private ServerCall.@Nullable Listener<Q> service;
    private boolean telling;
    private boolean closed;
    private volatile boolean ended;

    GatedCall(ServerCall<Q, A> call, Metadata headers, ServerCallHandler<Q, A> next, Executor executor) {
        super(call);
        this.headers = headers;
        this.next = next;
        this.executor = executor;
    }

    /** Is cancelled when its client leaves, and when it is ended. */
    Context context() {
        return context;
    }

    /** What is to be done when it is over. */
    void whenOver(Runnable then) {
        over.addListener(cancelled -> then.run(), Runnable::run);
    }

    /** What gRPC tells of it. */
    ServerCall.Listener<Q> events() {
        return new Events();
    }

    /** Lets it begin, in this context made of its own. If that fails it ends as gRPC would end it. */
    void begin(Context context) {
        try {
            ServerCall.Listener<Q> listener = Contexts.interceptCall(context, this, headers, next);
            for (var event = nextKept(listener); event != null; event = nextKept(listener)) {
                try {
                    event.accept(listener);
                } catch (Throwable e) {
                    fail(Status.fromThrowable(e), e);
                }
            }
            requests.forEach(super::request);
        } catch (Throwable e) {
            fail(Status.fromThrowable(e), e);
        }
    }

    /** The next event that was kept. Behind the last one the service is told at once. */
    private synchronized @Nullable Consumer<ServerCall.Listener<Q>> nextKept(ServerCall.Listener<Q> listener) {
        if (kept.isEmpty()) {
            service = listener;
        }
        return kept.poll();
    }

    /** Ends it because of a fault that nobody else is told. */
    void fail(Status status, Throwable fault) {
        LOG.log(System.Logger.Level.ERROR, "A call could not begin", fault);
        end(status);
    }

    /** Ends it, whatever its client reads: to its service that is as if the client had left, unless the service has closed it. */
    void end(Status status) {
        CallCut.later(over);
        synchronized (this) {
            if (closed) {
                return;
            }
            closed = true;
            ended = true;
            kept.clear();
            kept.add(ServerCall.Listener::onCancel);
        }
        try {
            context.cancel(status.asException());
            super.close(status, new Metadata());
        } finally {
            // Not in this thread, in which others are to be ended, too.
            executor.execute(this::tellKept);
        }
    }

    @Override
    public void close(Status status, Metadata trailers) {
        synchronized (this) {
            if (ended) {
                return;
            }
            closed = true;
        }
        super.close(status, trailers);
    }

    @Override
    public synchronized void sendHeaders(Metadata headers) {
        if (!ended) {
            super.sendHeaders(headers);
        }
    }

    @Override
    public synchronized void sendMessage(A message) {
        if (!ended) {
            super.sendMessage(message);
        }
    }

    @Override
    public void request(int messages) {
        synchronized (this) {
            if (service == null) {
                requests.add(messages);
                return;
            }
        }
        super.request(messages);
    }

    @Override
    public boolean isCancelled() {
        return ended || super.isCancelled();
    }

    private void tell(Consumer<ServerCall.Listener<Q>> event) {
        synchronized (this) {
            if (!ended) {
                kept.add(event);
            }
        }
        tellKept();
    }

    /** Does nothing if another thread is telling, which goes on with it. */
    private void tellKept() {
        ServerCall.Listener<Q> listener;
        Consumer<ServerCall.Listener<Q>> event;
        synchronized (this) {
            if (service == null || telling || kept.isEmpty()) {
                return;
            }
            telling = true;
            listener = service;
            event = kept.remove();
        }
        try {
            event.accept(listener);
        } finally {
            synchronized (this) {
                telling = false;
            }
            tellKept();
        }
    }

    private final class Events extends ServerCall.Listener<Q> {

        @Override
        public void onReady() {
            tell(ServerCall.Listener::onReady);
        }

        @Override
        public void onMessage(Q message) {
            tell(listener -> listener.onMessage(message));
        }

        @Override
        public void onHalfClose() {
            tell(ServerCall.Listener::onHalfClose);
        }

        @Override
        public void onComplete() {
            tellLast(ServerCall.Listener::onComplete);
        }

        @Override
        public void onCancel() {
            tellLast(ServerCall.Listener::onCancel);
        }

        private void tellLast(Consumer<ServerCall.Listener<Q>> event) {
            try {
                synchronized (GatedCall.this) {
                    // Nothing more comes, so it is not to be ended any more.
                    closed = true;
                }
                tell(event);
            } finally {
                over.cancel(null);
            }
        }
    }
}
