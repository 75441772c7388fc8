// SPDX-License-Identifier: Apache-2.0
package io.github.realtimeticket.micronaut;

import io.github.realtimeticket.IssueAnswer;
import io.github.realtimeticket.Refusal;
import io.micronaut.http.HttpResponse;
import io.micronaut.http.HttpStatus;
import io.micronaut.http.MutableHttpHeaders;
import io.micronaut.http.MutableHttpResponse;
import java.util.Map;

/** Writes what an issuer or a gate has decided as the answer to a request (T11, T12). */
final class MicronautAnswer {

    private MicronautAnswer() {}

    static HttpResponse<?> of(IssueAnswer answer) {
        return of(answer.status(), answer.headers(), answer.body());
    }

    static HttpResponse<?> of(Refusal reason) {
        return of(reason.status(), reason.headers(), reason.body());
    }

    /** Sets the answer's header fields anew; {@code Vary} is everybody's. */
    static void repeat(IssueAnswer answer, MutableHttpHeaders headers) {
        answer.writeHeaders(headers::set, (name, value) -> {});
    }

    /** The same in another object: Micronaut opens a WebSocket if its own comes back, whatever filters have made of that. */
    static HttpResponse<?> copyOf(HttpResponse<?> answer) {
        MutableHttpResponse<Object> copy = HttpResponse.status(answer.code(), answer.reason());
        answer.getHeaders().forEach((name, values) -> values.forEach(value -> copy.header(name, value)));
        copy.getAttributes().putAll(answer.getAttributes());
        answer.getBody().ifPresent(copy::body);
        return copy;
    }

    private static HttpResponse<?> of(int status, Map<String, String> headers, String body) {
        MutableHttpResponse<String> answer = HttpResponse.status(HttpStatus.valueOf(status));
        headers.forEach(answer::header);
        return body.isEmpty() ? answer : answer.body(body);
    }
}
