// SPDX-License-Identifier: Apache-2.0
package io.github.realtimeticket.quarkus;

import io.github.realtimeticket.IssueAnswer;
import io.github.realtimeticket.Refusal;
import io.vertx.core.http.HttpServerResponse;
import java.util.Map;

/** Writes what an issuer or a gate has decided as the answer to a request (T11, T12), unless the client has gone. */
final class Answers {

    private Answers() {}

    static void write(HttpServerResponse response, IssueAnswer answer) {
        write(response, answer.status(), answer.headers(), answer.body());
    }

    static void write(HttpServerResponse response, Refusal reason) {
        write(response, reason.status(), reason.headers(), reason.body());
    }

    private static void write(HttpServerResponse response, int status, Map<String, String> headers, String body) {
        if (response.closed() || response.ended()) {
            return;
        }
        headers.forEach((name, value) -> {
            if (name.equals("Vary")) {
                response.headers().add(name, value);
            } else {
                response.putHeader(name, value);
            }
        });
        response.setStatusCode(status).end(body);
    }
}
