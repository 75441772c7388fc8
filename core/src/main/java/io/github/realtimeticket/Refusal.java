// SPDX-License-Identifier: Apache-2.0
package io.github.realtimeticket;

import java.util.Map;

/**
 * Why a connection request was refused. For metrics and logs; the client learns the status and {@link #body()} only, which are
 * the same for every reason behind one status (T11), but for {@link #NO_HANDSHAKE}, in which the ticket has no part.
 */
public enum Refusal {
    /**
     * No connection can come of the request, whatever its ticket, which is not used up: a WebSocket handshake of another version or
     * without a key, a target that the framework cannot read (T20).
     */
    UNSUITABLE(400),
    /**
     * Only a WebSocket handshake can open the connection, and the request is none, as behind a proxy that does not pass one on. The ticket
     * is not used up, and the body says what is missing (T20).
     */
    NO_HANDSHAKE(400),
    /** The request carries no ticket. */
    MISSING(401),
    /** What the request carries cannot be a ticket (T2). */
    MALFORMED(401),
    /** The request carries two tickets (T10). */
    AMBIGUOUS(401),
    /** The store has nothing for the ticket: unknown, expired or used (T5). */
    NOTHING(401),
    /**
     * The store's data has another history than the one that the ticket was issued in, or the server that was asked is no primary: a
     * failover or a restart from a backup lies between, after which a used ticket could be there again. The client is told what it is
     * told of an unknown ticket (T15).
     */
    OTHER_HISTORY(401),
    /** The ticket, its session or its holder has been revoked (T16); the ticket is burnt. */
    REVOKED(401),
    /**
     * The connection would have to be closed already (T17): the login was over when the ticket was issued, or the clocks of issuer and gate
     * differ. The ticket is burnt. Or the connection that it was to {@linkplain LiveConnection#renew renew} has been closed.
     */
    OVERDUE(401),
    /** The ticket is bound to another origin, or the gate does not admit this one; the ticket is burnt (T9). */
    WRONG_ORIGIN(403),
    /** The ticket is bound to another audience; it is burnt (T9). */
    WRONG_AUDIENCE(403),
    /** The ticket was to {@linkplain LiveConnection#renew renew} a connection of another holder or session; it is burnt (T17). */
    WRONG_LOGIN(403),
    /** The application does not allow the holder of a good ticket what the connection is for: {@link Admission.Admitted#allows}. */
    FORBIDDEN(403),
    /**
     * The store failed, so nobody is let in (T5); or the ticket is bound to a session, and it is not known whether that has been revoked
     * (T16).
     */
    FAILED(503);

    private final int status;

    Refusal(int status) {
        this.status = status;
    }

    /** The HTTP status to refuse with: 400, 401, 403 or 503 (T11). */
    public int status() {
        return status;
    }

    /** The header fields to refuse with, the same for every reason with the same status (T11). */
    public Map<String, String> headers() {
        return status == 401
                // RFC 9110 section 15.5.2: a 401 names at least one challenge.
                ? Map.of("Content-Type", "application/json", "Cache-Control", "no-store", "WWW-Authenticate", "Ticket")
                : Map.of("Content-Type", "application/json", "Cache-Control", "no-store");
    }

    /** What to say where there is no room for a body, such as in an {@code ERROR} frame of STOMP: the message of {@link #body()}. */
    public String message() {
        return this == NO_HANDSHAKE ? ErrorBody.NO_HANDSHAKE : ErrorBody.message(status);
    }

    /** The JSON body to refuse with, in ASCII; the same for every reason with the same status but {@link #NO_HANDSHAKE}. */
    public String body() {
        return ErrorBody.saying(message());
    }
}
