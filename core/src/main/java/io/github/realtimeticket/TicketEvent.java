// SPDX-License-Identifier: Apache-2.0
package io.github.realtimeticket;

import java.time.Duration;
import org.jspecify.annotations.Nullable;

/**
 * What happened to a ticket. There will be more kinds of it: whoever looks at the kind passes over those that it does not know.
 *
 * <p>Immutable and thread-safe. A {@link Ticket} in it prints as its fingerprint.
 */
public sealed interface TicketEvent {

    /**
     * A ticket was issued.
     *
     * @param value what the store keeps for it
     * @param took how long the store needed
     */
    record Issued(Ticket ticket, TicketValue value, Duration took) implements TicketEvent {}

    /**
     * A holder has asked for too many tickets and got none (T18).
     *
     * @param retryAfter how long until there is one again
     */
    record Limited(TicketHolder holder, Duration retryAfter) implements TicketEvent {}

    /**
     * A ticket was redeemed and its holder let in.
     *
     * @param age the time since issue by the two machines' wall clocks, zero to a day; {@code null} if the issuer did not say
     * @param took how long the store needed
     */
    record Redeemed(
            Ticket ticket, TicketHolder holder, @Nullable Duration age, Duration took) implements TicketEvent {}

    /**
     * A connection request was refused, for any reason but a fault of the store.
     *
     * @param ticket what the request presented; {@code null} if that was not one well-formed ticket, or was not looked at
     * @param burnt whether a good ticket was used up by it, of which no {@link Redeemed} tells
     */
    record Refused(Refusal reason, @Nullable Ticket ticket, boolean burnt) implements TicketEvent {}

    /**
     * A used ticket was presented again, and refused as any other that there is nothing for, of which {@link Refused} tells, too; told by
     * gates with a {@link ReplayAlarm} (T19).
     *
     * @param before the presentation before: the one that was let in, unless there were three
     * @param now this one
     * @param retry whether both are one WebSocket handshake, which a proxy has sent twice, and so no alarm
     */
    record PresentedAgain(Ticket ticket, Presentation before, Presentation now, boolean retry) implements TicketEvent {}

    /**
     * The store failed, and nobody got or used a ticket.
     *
     * @param took after how long it failed
     */
    record Failed(Operation operation, Ticket ticket, TicketStoreException cause, Duration took)
            implements TicketEvent {}

    /**
     * What an admission opened is known, until it is {@link Closed}.
     *
     * @param connection as whoever opened it has it
     */
    record Opened(LiveConnection connection) implements TicketEvent {}

    /**
     * A connection goes on with another ticket, of which {@link Redeemed} tells, too (T17).
     *
     * @param connection as it is now, with its new deadline
     * @param ticket what has renewed it
     */
    record Renewed(LiveConnection connection, Ticket ticket) implements TicketEvent {}

    /**
     * A connection is gone.
     *
     * @param why who ended it
     * @param closing how long it took to be gone, with what waited in between: since the {@linkplain RevocationListener#revoked revision} of what was
     *     revoked, as far as two clocks can tell, or since it was to close for another reason; {@code null} if it ended by itself
     */
    record Closed(
            LiveConnection connection, Ending why, @Nullable Duration closing) implements TicketEvent {}

    /**
     * Something was revoked, and this process has been told (T16).
     *
     * @param connections how many connections are closed for it here
     */
    record Revoked(Revocation revocation, int connections) implements TicketEvent {}

    /** Who ended a connection. */
    enum Ending {
        /** The client or the application, in their own way. */
        ITSELF,
        /** Whoever called {@link LiveConnection#close}. */
        CLOSED,
        /** Its deadline (T17). */
        DEADLINE,
        /** A revocation (T16). */
        REVOKED
    }

    /** What failed. */
    enum Operation {
        /** Putting a new ticket into the store. */
        ISSUE,
        /** Taking a ticket out of the store. */
        REDEEM
    }
}
