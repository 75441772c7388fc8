// SPDX-License-Identifier: Apache-2.0
package io.github.realtimeticket.vertx;

import io.github.realtimeticket.Admission;
import io.github.realtimeticket.Gate;
import io.github.realtimeticket.Refusal;
import io.github.realtimeticket.TicketCarrier;
import io.vertx.core.Context;
import io.vertx.core.Future;
import io.vertx.core.http.HttpServerRequest;
import io.vertx.core.http.HttpServerResponse;
import java.util.List;
import java.util.Objects;

/** A gate for Vert.x requests. Immutable and thread-safe. */
record VertxGate(Gate gate) {

    private static final String SUBPROTOCOLS = "Sec-WebSocket-Protocol";

    VertxGate {
        Objects.requireNonNull(gate, "gate");
    }

    /**
     * Decides on a request; the future never fails, and completes in this context. Until then the request is paused, so that
     * what follows finds the body, or the upgrade, still to come.
     */
    Future<Admission> admit(HttpServerRequest request, Context context) {
        boolean ended = request.isEnded();
        if (!ended) {
            request.pause();
        }
        return Future.fromCompletionStage(gate.admit(new VertxConnectionRequest(request)), context)
                .map(admission -> {
                    if (!ended) {
                        request.resume();
                    }
                    if (admission instanceof Admission.Admitted admitted) {
                        hideTicket(request, admitted.subprotocols());
                    }
                    return admission;
                });
    }

    /** Refuses as T11 says, unless the client has gone. */
    static void refuse(HttpServerResponse response, Refusal reason) {
        if (response.closed() || response.ended()) {
            return;
        }
        reason.headers().forEach(response::putHeader);
        response.setStatusCode(reason.status()).end(reason.body());
    }

    // Whatever subprotocols the server is set to, a wildcard included, it can't echo one that it does not see (T10).
    private void hideTicket(HttpServerRequest request, List<String> subprotocols) {
        if (gate.carrier() instanceof TicketCarrier.Subprotocol) {
            request.headers().remove(SUBPROTOCOLS);
            if (!subprotocols.isEmpty()) {
                request.headers().set(SUBPROTOCOLS, String.join(",", subprotocols));
            }
        }
    }
}
