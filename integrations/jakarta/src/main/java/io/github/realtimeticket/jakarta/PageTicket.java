// SPDX-License-Identifier: Apache-2.0
package io.github.realtimeticket.jakarta;

import io.github.realtimeticket.Ticket;
import java.util.Optional;
import java.util.function.Supplier;

/**
 * A ticket for a page, or that there is none, as views see it. It is issued when the view prints its text, and not before. For the
 * one thread that renders the page.
 *
 * <p><b>Security:</b> views and containers log request attributes, so the text leaves by {@link #getText()} only.
 */
public final class PageTicket {

    private final Supplier<Optional<Ticket>> issue;
    private boolean issued;
    private Optional<Ticket> ticket = Optional.empty();

    PageTicket(Supplier<Optional<Ticket>> issue) {
        this.issue = issue;
    }

    /** The text of the ticket, for a view to print, the same each time; empty if there is none. */
    public String getText() {
        if (!issued) {
            issued = true;
            ticket = issue.get();
        }
        return ticket.map(Ticket::reveal).orElse("");
    }

    /** The fingerprint, never the text; empty if there is no ticket, so that a view which prints this shows nothing. */
    @Override
    public String toString() {
        return ticket.map(Ticket::toString).orElse("");
    }
}
