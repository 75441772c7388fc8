// SPDX-License-Identifier: Apache-2.0
package io.github.realtimeticket;

/** The body of every answer that gives nothing, the same for all reasons behind one status (T11, T12). */
final class ErrorBody {

    /** For whoever set up a proxy; it tells nothing of a ticket. */
    static final String NO_HANDSHAKE =
            "a WebSocket handshake is expected here, over HTTP/1.1 with the headers Connection and"
                    + " Upgrade, which a proxy must be told to pass on";

    private ErrorBody() {}

    static String of(int status) {
        return saying(message(status));
    }

    static String saying(String message) {
        return "{\"status\":\"error\",\"message\":\"" + message + "\"}";
    }

    static String message(int status) {
        return switch (status) {
            case 400 -> "bad request";
            case 401 -> "unauthorized";
            case 403 -> "forbidden";
            case 405 -> "method not allowed";
            case 429 -> "too many requests";
            case 503 -> "unavailable";
            default -> "error";
        };
    }
}
