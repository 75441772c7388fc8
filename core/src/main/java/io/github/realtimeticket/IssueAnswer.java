// SPDX-License-Identifier: Apache-2.0
package io.github.realtimeticket;

import java.util.LinkedHashMap;
import java.util.Map;
import java.util.function.BiConsumer;

/**
 * What an {@link Issuer} answers to a request for a ticket, for every web stack the same (T12). Immutable and thread-safe.
 *
 * <p><b>Security:</b> the body has the ticket in it if the status is 200, so {@link #toString()} does not show it.
 *
 * @param status the HTTP status
 * @param headers the header fields to set; {@code Vary} is to be added to what others have put there
 * @param body the JSON body in ASCII; empty with status 204
 */
public record IssueAnswer(int status, Map<String, String> headers, String body) {

    /** Copies. */
    public IssueAnswer {
        headers = Map.copyOf(headers);
    }

    static IssueAnswer issued(Ticket ticket, long seconds) {
        return new IssueAnswer(
                200,
                Map.of("Content-Type", "application/json"),
                "{\"status\":\"ok\",\"message\":\"" + ticket.reveal() + "\",\"expires_in\":" + seconds + "}");
    }

    static IssueAnswer error(int status) {
        return new IssueAnswer(status, Map.of("Content-Type", "application/json"), ErrorBody.of(status));
    }

    /** Hands each header field to what sets one in a response, but {@code Vary} to what adds one to those that others have put there. */
    public void writeHeaders(BiConsumer<String, String> set, BiConsumer<String, String> add) {
        headers.forEach((name, value) -> (name.equals("Vary") ? add : set).accept(name, value));
    }

    IssueAnswer with(Map<String, String> more) {
        Map<String, String> all = new LinkedHashMap<>(headers);
        all.putAll(more);
        return new IssueAnswer(status, all, body);
    }

    /** The status alone. */
    @Override
    public String toString() {
        return "IssueAnswer[" + status + "]";
    }
}
