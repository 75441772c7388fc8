// SPDX-License-Identifier: Apache-2.0
package io.github.realtimeticket.grpc;

import io.github.realtimeticket.Admission;
import io.github.realtimeticket.Admission.Admitted;
import io.github.realtimeticket.ConnectionRequest;
import io.github.realtimeticket.Gate;
import io.github.realtimeticket.LiveConnection;
import io.github.realtimeticket.Refusal;
import io.github.realtimeticket.Revocation;
import io.github.realtimeticket.TicketCarrier;
import io.grpc.Context;
import io.grpc.Metadata;
import io.grpc.ServerCall;
import io.grpc.ServerCallHandler;
import io.grpc.ServerInterceptor;
import io.grpc.ServerStreamTracer;
import io.grpc.Status;
import java.util.List;
import java.util.Objects;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.Executor;
import java.util.concurrent.Executors;
import java.util.stream.StreamSupport;

/**
 * Admits the calls of a gRPC server by ticket, those of every method behind it.
 *
 * <pre>{@code
 * Server server = NettyServerBuilder.forPort(8080)
 *         .addService(new ChatService())
 *         .intercept(TicketInterceptor.of(gate))
 *         .addStreamTracerFactory(TicketInterceptor.cutting())
 *         .build();
 * }</pre>
 *
 * <p>The ticket is in the metadata, as {@code realtime-ticket} unless the gate's carrier is a header of another name. A service finds the
 * admission with {@link #admitted()} in the {@link Context} of its call. A ticket is redeemed once for a call, even if the call passes here
 * again with the same gate.
 *
 * <p>No thread waits while the store is asked. If the answer is there at once, as from memory, the call begins in the thread that has brought
 * it. Else it begins in an executor: in threads that are made as they are needed, as gRPC's own are unless it is told otherwise, or in an
 * executor that is given, such as the server's. There the interceptors behind this one run, and the methods that are called before there is a
 * message, as those of bidirectional streams are; messages come in the server's executor as ever. An interceptor that keeps something in its
 * thread, and not in the {@code Context}, stands behind this one. A refusal is sent from the store's thread, which interceptors in front of
 * this one must not block when they close a call. If the client leaves meanwhile, nothing begins.
 *
 * <p>A call that is refused ends with {@code INVALID_ARGUMENT}, {@code UNAUTHENTICATED}, {@code PERMISSION_DENIED} or {@code UNAVAILABLE}, for
 * the statuses 400, 401, 403 and 503 (T11). One that is open ends with the login that its ticket was issued in (T16, T17), with
 * {@code UNAUTHENTICATED}, or with {@code PERMISSION_DENIED} for a client that is not to come back. To its service that is as if the client had
 * cancelled the call: it is told so in that executor when it is done with what it is told just then, its {@code Context} is cancelled, it hears
 * nothing more, and what it sends is dropped. What was sent before comes first, so a client that reads nothing learns nothing, and is cut off
 * after ten seconds, if the server has {@link #cutting()}.
 *
 * <p>Immutable and thread-safe.
 *
 * <p><b>Security:</b> a service that it does not intercept is open to everybody, on the same server too. What serves calls asks
 * {@link #admitted()}, which throws if the call did not come through a gate.
 */
public final class TicketInterceptor implements ServerInterceptor {

    private static final Context.Key<Passed> PASSED = Context.key("realtime-ticket");

    private static final Executor THREADS = Executors.newCachedThreadPool(run -> {
        var thread = new Thread(run, "realtime-ticket-grpc");
        thread.setDaemon(true);
        return thread;
    });

    private final Gate gate;
    private final Gate asked;
    private final Executor executor;

    private TicketInterceptor(Gate gate, Executor executor) {
        this.gate = Objects.requireNonNull(gate, "gate");
        this.executor = Objects.requireNonNull(executor, "executor");
        asked = ofMetadata(gate);
    }

    /**
     * An interceptor that admits through this gate.
     *
     * @throws IllegalArgumentException if the gate's carrier is a header whose name is none of a text in metadata
     */
    public static TicketInterceptor of(Gate gate) {
        return of(gate, THREADS);
    }

    /**
     * An interceptor that admits through this gate.
     *
     * @param executor where a call begins whose answer was waited for; one that runs it at once, on the store's thread, is for interceptors and
     *     services that never block
     * @throws IllegalArgumentException if the gate's carrier is a header whose name is none of a text in metadata
     */
    public static TicketInterceptor of(Gate gate, Executor executor) {
        return new TicketInterceptor(gate, executor);
    }

    /**
     * How the call of the current {@link Context} was admitted: the ticket's holder, and what else is known of it.
     *
     * @throws IllegalStateException if it did not pass a {@code TicketInterceptor}, or this is a thread that was not given its
     *     {@code Context}
     */
    public static Admitted admitted() {
        Passed passed = PASSED.get();
        if (passed == null) {
            throw new IllegalStateException("No TicketInterceptor on the way of this call, or not its Context");
        }
        return passed.admitted();
    }

    /**
     * What lets a server cut off clients that do not read, for {@link io.grpc.ServerBuilder#addStreamTracerFactory}, which gRPC calls
     * experimental. Without it, a call whose login has ended is over for its service, but it is open, with what was sent before, until the client
     * reads or leaves, and the server's {@code shutdown} waits for that.
     */
    public static ServerStreamTracer.Factory cutting() {
        return CallCut.FACTORY;
    }

    @Override
    public <Q, A> ServerCall.Listener<Q> interceptCall(
            ServerCall<Q, A> call, Metadata headers, ServerCallHandler<Q, A> next) {
        Passed passed = PASSED.get();
        if (passed != null && passed.gate().equals(gate)) {
            return next.startCall(call, headers);
        }
        var gated = new GatedCall<>(call, headers, next, executor);
        CompletableFuture<Admission> decided = asked.admit(ConnectionRequest.of(null, name -> values(headers, name)))
                .toCompletableFuture();
        boolean atOnce = decided.isDone();
        CompletableFuture<?> unused = decided.thenAccept(admission -> {
                    // A refusal blocks nobody, and needs no thread.
                    Executor where = atOnce || admission instanceof Admission.Refused ? Runnable::run : executor;
                    where.execute(gated.context().wrap(() -> goOn(gated, admission)));
                })
                .exceptionally(fault -> {
                    gated.fail(Status.UNAVAILABLE.withDescription(Refusal.FAILED.message()), fault);
                    return null;
                });
        return gated.events();
    }

    private void goOn(GatedCall<?, ?> call, Admission admission) {
        if (call.context().isCancelled()) {
            // The client has left.
            return;
        }
        if (admission instanceof Admission.Refused refused) {
            Refusal reason = refused.reason();
            call.close(status(reason.status(), reason.message()), new Metadata());
        } else if (admission instanceof Admitted admitted) {
            LiveConnection connection = admitted.opened((code, reason) -> call.end(status(code, reason)));
            call.whenOver(connection::ended);
            if (call.context().isCancelled()) {
                // The login has ended meanwhile.
                return;
            }
            call.begin(call.context().withValue(PASSED, new Passed(gate, admitted)));
        }
    }

    private static Gate ofMetadata(Gate gate) {
        if (gate.carrier() instanceof TicketCarrier.Header header) {
            Metadata.Key<String> unused = key(header.name());
            return gate;
        }
        return gate.withCarrier(TicketCarrier.header());
    }

    private static List<String> values(Metadata headers, String name) {
        Iterable<String> values = headers.getAll(key(name));
        return values == null
                ? List.of()
                : StreamSupport.stream(values.spliterator(), false).toList();
    }

    private static Metadata.Key<String> key(String name) {
        return Metadata.Key.of(name, Metadata.ASCII_STRING_MARSHALLER);
    }

    /** What gRPC has for a status of HTTP, and for a close code. */
    private static Status status(int code, String description) {
        Status status =
                switch (code) {
                    case 400 -> Status.INVALID_ARGUMENT;
                    case 401, Revocation.UNAUTHORIZED -> Status.UNAUTHENTICATED;
                    case 403, Revocation.FORBIDDEN -> Status.PERMISSION_DENIED;
                    default -> Status.UNAVAILABLE;
                };
        return status.withDescription(description);
    }

    /** That a call was admitted, and by which gate: no other gate lets it in for that. */
    private record Passed(Gate gate, Admitted admitted) {}
}
