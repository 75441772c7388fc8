// SPDX-License-Identifier: Apache-2.0
package io.github.realtimeticket.spring.web;

import io.github.realtimeticket.Admission;
import io.github.realtimeticket.Gate;
import io.github.realtimeticket.Refusal;
import jakarta.servlet.ServletRequest;
import jakarta.servlet.http.HttpServletRequest;
import java.util.Objects;
import java.util.Optional;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/**
 * A {@link Gate} for servlet requests. It decides once on a request, however often it is asked: what it decided is kept on the
 * request, so that a filter, a handshake and a second dispatch of the container come to the same.
 *
 * <p>A servlet filter and a WebSocket handshake decide on the request's thread, which waits for the store: never for the in-memory
 * store, and otherwise at most as long as the store's own timeout. To give that thread back, the request would have to be
 * dispatched a second time, on which most filters behind would be skipped. So that not all threads wait, the gate's tickets are of a
 * {@link io.github.realtimeticket.BoundedTicketStore}: the starter's are, and an application that makes its own {@link io.github.realtimeticket.Tickets}
 * wraps their store itself. With virtual threads the waiting costs nothing.
 *
 * <p>Thread-safe.
 */
public final class ServletGate {

    private final Gate gate;

    /** Waits for this gate. */
    public ServletGate(Gate gate) {
        this.gate = Objects.requireNonNull(gate, "gate");
    }

    /**
     * Decides on a connection request. Whatever goes wrong is {@link Refusal#FAILED}.
     *
     * @param behind why the framework would refuse the request behind the gate, asked before the ticket is used up (T20); nothing if it would not
     */
    public Admission admit(HttpServletRequest request, Supplier<Optional<Refusal>> behind) {
        Admission known = known(request);
        Admission admission = known != null
                ? known
                : gate.admit(new ServletConnectionRequest(request, behind))
                        .toCompletableFuture()
                        .join();
        Object kept = request.getAttribute(Decision.ATTRIBUTE);
        request.setAttribute(Decision.ATTRIBUTE, Decision.after(kept, gate, admission));
        return admission;
    }

    /** Whether this gate has decided on the request. */
    public boolean knows(ServletRequest request) {
        return known(request) != null;
    }

    /** Whether this very gate has admitted the request. */
    public boolean hasAdmitted(ServletRequest request) {
        return known(request) instanceof Admission.Admitted;
    }

    private @Nullable Admission known(ServletRequest request) {
        return Decision.of(gate, request.getAttribute(Decision.ATTRIBUTE));
    }

    /** How a gate has admitted this request; nothing if none has. */
    public static Optional<Admission.Admitted> admitted(ServletRequest request) {
        return Decision.admitted(request.getAttribute(Decision.ATTRIBUTE));
    }
}
