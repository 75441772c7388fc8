// SPDX-License-Identifier: Apache-2.0
package io.github.realtimeticket.quarkus;

import io.github.realtimeticket.IssueAnswer;
import io.github.realtimeticket.Refusal;
import io.vertx.core.http.HttpServerResponse;

/** Writes what an issuer or a gate has decided as the answer to a request (T11, T12), unless the client has gone. */
final class Answers {

    private Answers() {}

    static void write(HttpServerResponse response, IssueAnswer answer) {
        if (isOpen(response)) {
            answer.writeHeaders(response::putHeader, response.headers()::add);
            response.setStatusCode(answer.status()).end(answer.body());
        }
    }

    static void write(HttpServerResponse response, Refusal reason) {
        if (isOpen(response)) {
            reason.headers().forEach(response::putHeader);
            response.setStatusCode(reason.status()).end(reason.body());
        }
    }

    private static boolean isOpen(HttpServerResponse response) {
        return !response.closed() && !response.ended();
    }
}
