// SPDX-License-Identifier: Apache-2.0
package io.github.realtimeticket;

/**
 * Why a connection request was refused. For metrics and logs; the client learns the status and {@link #body()} only, which are
 * the same for every reason behind one status (T11).
 */
public enum Refusal {
    /** The request carries no ticket. */
    MISSING(401),
    /** What the request carries cannot be a ticket (T2). */
    MALFORMED(401),
    /** The request carries two tickets (T10). */
    AMBIGUOUS(401),
    /** The store has nothing for the ticket: unknown, expired or used (T5). */
    NOTHING(401),
    /** The ticket is bound to another origin, or the gate does not admit this one; the ticket is burnt (T9). */
    WRONG_ORIGIN(403),
    /** The ticket is bound to another audience; it is burnt (T9). */
    WRONG_AUDIENCE(403),
    /** The store failed, so nobody is let in (T5). */
    FAILED(503);

    private final int status;

    Refusal(int status) {
        this.status = status;
    }

    /** The HTTP status to refuse with: 401, 403 or 503 (T11). */
    public int status() {
        return status;
    }

    /** The JSON body to refuse with, {@code application/json} in ASCII; the same for every reason with the same status. */
    public String body() {
        String message =
                switch (status) {
                    case 401 -> "unauthorized";
                    case 403 -> "forbidden";
                    default -> "unavailable";
                };
        return "{\"status\":\"error\",\"message\":\"" + message + "\"}";
    }
}
