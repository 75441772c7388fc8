// SPDX-License-Identifier: Apache-2.0
package io.github.realtimeticket.spring.web;

import io.github.realtimeticket.Admission;
import io.github.realtimeticket.ConnectionRequest;
import io.github.realtimeticket.Gate;
import io.github.realtimeticket.Refusal;
import java.util.Objects;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;

/**
 * A {@link Gate} that waits for its decision: never with the in-memory store, and otherwise at most as long as the store's own
 * timeout.
 *
 * <p>A servlet filter and a WebSocket handshake decide on the request's thread. To give that thread back, the request would have
 * to be dispatched a second time, on which most filters behind would be skipped: they run once for a request, and not on an
 * asynchronous dispatch. With virtual threads the waiting costs nothing.
 *
 * <p>Thread-safe.
 */
public final class BlockingGate {

    private final Gate gate;

    /** Waits for this gate. */
    public BlockingGate(Gate gate) {
        this.gate = Objects.requireNonNull(gate, "gate");
    }

    /** Decides on a connection request, once. Whatever goes wrong is {@link Refusal#FAILED}. */
    public Admission admit(ConnectionRequest request) {
        CompletableFuture<Admission> decision = gate.admit(request).toCompletableFuture();
        try {
            return decision.get(StoreWait.PATIENCE.toMillis(), TimeUnit.MILLISECONDS);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            return new Admission.Refused(Refusal.FAILED);
        } catch (ExecutionException | TimeoutException e) {
            return new Admission.Refused(Refusal.FAILED);
        }
    }
}
