// SPDX-License-Identifier: Apache-2.0
package io.github.realtimeticket;

/** The body of every answer that gives nothing, the same for all reasons behind one status (T11, T12). */
final class ErrorBody {

    private ErrorBody() {}

    static String of(int status) {
        return "{\"status\":\"error\",\"message\":\"" + message(status) + "\"}";
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
