// SPDX-License-Identifier: Apache-2.0
package io.github.realtimeticket.spring.web;

import com.fasterxml.jackson.annotation.JsonValue;
import io.github.realtimeticket.Ticket;

/**
 * A ticket as views see it: what they print is its text. No {@code CharSequence}, because Spring appends every model attribute
 * of a simple type to the URL of a redirect, and whether a view redirects is known only after the model is complete.
 */
final class PageTicket {

    private final Ticket ticket;

    PageTicket(Ticket ticket) {
        this.ticket = ticket;
    }

    /** The text, and not the fingerprint that a {@link Ticket} tells: views print an attribute by this method. */
    @Override
    @JsonValue
    public String toString() {
        return ticket.reveal();
    }
}
