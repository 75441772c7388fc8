// SPDX-License-Identifier: Apache-2.0
package io.github.realtimeticket.vertx;

import io.github.realtimeticket.Admission;
import io.github.realtimeticket.Admission.Admitted;
import io.github.realtimeticket.Gate;
import io.github.realtimeticket.Refusal;
import io.vertx.core.Context;
import io.vertx.core.Future;
import io.vertx.core.http.HttpServerRequest;
import io.vertx.core.http.HttpServerResponse;
import java.util.Objects;
import java.util.function.Consumer;

/** A gate for Vert.x requests. Immutable and thread-safe. */
record VertxGate(Gate gate) {

    VertxGate {
        Objects.requireNonNull(gate, "gate");
    }

    /**
     * Decides on a request, refuses it as T11 says, or goes on with what was admitted, in this context. Until then the request is
     * paused, so that what follows finds the body, or the upgrade, still to come. Nothing follows if the client has gone, or has sent the
     * request behind a handshake.
     *
     * @param failed told of what is thrown on the way: what is thrown where a future is completed comes to the context's exception
     *     handler only, and the client would wait
     */
    void admit(HttpServerRequest request, Context context, Consumer<Admitted> admitted, Consumer<Throwable> failed) {
        if (isBehindWebSocket(request)) {
            return;
        }
        boolean ended = request.isEnded();
        if (!ended) {
            request.pause();
        }
        Future<?> unused = Future.fromCompletionStage(gate.admit(new VertxConnectionRequest(request)), context)
                .andThen((admission, never) -> {
                    if (!ended) {
                        request.resume();
                    }
                    goOn(request, admission, admitted);
                })
                .onFailure(failed::accept);
    }

    /** Answers a request that should be a WebSocket handshake and is none. It uses up no ticket (T20). */
    void refuseOther(HttpServerRequest request) {
        if (!isBehindWebSocket(request)) {
            refuse(request.response(), gate.refuse(Refusal.NO_HANDSHAKE).reason());
        }
    }

    // A client must wait for the answer to its handshake (RFC 6455 section 4.1). What comes of a request behind it,
    // Vert.x would put on the same WebSocket, which ends with the login of the first.
    private boolean isBehindWebSocket(HttpServerRequest request) {
        boolean behind = Opened.isWebSocket(request);
        if (behind) {
            gate.refuse(Refusal.UNSUITABLE);
            Opened.hangUp(request);
        }
        return behind;
    }

    private static void refuse(HttpServerResponse response, Refusal reason) {
        reason.headers().forEach(response::putHeader);
        response.setStatusCode(reason.status()).end(reason.body());
    }

    private void goOn(HttpServerRequest request, Admission admission, Consumer<Admitted> next) {
        HttpServerResponse response = request.response();
        if (response.closed() || response.ended()) {
            return;
        }
        if (admission instanceof Admission.Refused refused) {
            refuse(response, refused.reason());
        } else if (admission instanceof Admitted admitted) {
            admitted.hideTicket(request.headers()::set);
            next.accept(admitted);
        }
    }
}
