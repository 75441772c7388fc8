// SPDX-License-Identifier: Apache-2.0
package io.github.realtimeticket.grpc;

import io.grpc.Context;
import io.grpc.Metadata;
import io.grpc.ServerStreamTracer;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;

/**
 * Lets a call be cut off whose client does not read its end, which waits behind what was sent before (RFC 9113 section 5.2). An interceptor has no
 * way to: a server resets the stream of a call whose time is over, and asks the context for that which a tracer may put around all of the call.
 */
final class CallCut extends ServerStreamTracer {

    static final Factory FACTORY = new Factory() {
        @Override
        public ServerStreamTracer newServerStreamTracer(String fullMethodName, Metadata headers) {
            return TRACER;
        }
    };

    private static final CallCut TRACER = new CallCut();
    private static final int PATIENCE_SECONDS = 10;
    private static final Context.Key<Context.CancellableContext> WHOLE = Context.key("realtime-ticket-whole-call");

    private CallCut() {}

    @Override
    public Context filterContext(Context context) {
        Context.CancellableContext whole = context.withCancellation();
        return whole.withValue(WHOLE, whole);
    }

    /**
     * Cuts a call off unless it is over in a while. Does nothing if its server does not trace calls by this.
     *
     * @param over is cancelled when it is over
     */
    static void later(Context.CancellableContext over) {
        Context.CancellableContext whole = WHOLE.get(over);
        if (whole != null) {
            CompletableFuture<Void> ended = new CompletableFuture<Void>().orTimeout(PATIENCE_SECONDS, TimeUnit.SECONDS);
            CompletableFuture<Void> unused = ended.exceptionallyAsync(late -> {
                whole.cancel(late);
                return null;
            });
            over.addListener(cancelled -> ended.complete(null), Runnable::run);
        }
    }
}
