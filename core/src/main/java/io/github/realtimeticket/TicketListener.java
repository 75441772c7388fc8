// SPDX-License-Identifier: Apache-2.0
package io.github.realtimeticket;

import java.time.Duration;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * Watches what happens to tickets, for metrics and audit.
 *
 * <p>Called on the thread that completes the operation, often an I/O thread, so an implementation returns at once. What it
 * throws is logged and changes nothing. A {@link Ticket} given to it prints as its fingerprint.
 */
public interface TicketListener {

    /** A ticket was issued; {@code took} is how long the store needed. */
    default void issued(Ticket ticket, TicketValue value, Duration took) {}

    /**
     * A ticket was redeemed and its holder let in.
     *
     * @param age the time since issue by the two machines' wall clocks, zero to a day; {@code null} if the issuer did not say
     * @param took how long the store needed
     */
    default void redeemed(Ticket ticket, TicketHolder holder, @Nullable Duration age, Duration took) {}

    /** A connection request was refused for any reason but a fault; {@code null} if there was no one well-formed ticket. */
    default void refused(Refusal reason, @Nullable Ticket ticket) {}

    /** The store failed, and nobody got or used a ticket. */
    default void failed(Operation operation, Ticket ticket, Throwable cause, Duration took) {}

    /** What failed. */
    enum Operation {
        /** Putting a new ticket into the store. */
        ISSUE,
        /** Taking a ticket out of the store. */
        REDEEM
    }

    /** Nobody watches. */
    static TicketListener none() {
        return SafeTicketListener.NONE;
    }

    /** All of these watch, in this order. */
    static TicketListener all(List<? extends TicketListener> listeners) {
        return SafeTicketListener.of(listeners);
    }
}
