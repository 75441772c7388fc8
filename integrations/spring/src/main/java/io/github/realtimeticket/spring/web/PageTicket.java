// SPDX-License-Identifier: Apache-2.0
package io.github.realtimeticket.spring.web;

import io.github.realtimeticket.Ticket;
import java.util.Optional;
import java.util.function.BiConsumer;
import org.springframework.core.annotation.AnnotatedElementUtils;
import org.springframework.web.method.HandlerMethod;

/**
 * A ticket, or that there is none, as views see it. No {@code CharSequence}, because Spring appends every model attribute of a simple
 * type to the URL of a redirect, and whether a view redirects is known only after the model is complete.
 *
 * <p><b>Security:</b> frameworks log models, so the text leaves by {@link #getText()} only.
 */
public final class PageTicket {

    /** The model attribute that it is. */
    public static final String ATTRIBUTE = "realtime_ticket";

    private final Optional<Ticket> ticket;

    /** For the model of a page, whose ticket may not be there. */
    public PageTicket(Optional<Ticket> ticket) {
        this.ticket = ticket;
    }

    /**
     * Whether the views of what handles a request carry a ticket: it is a method, or of a class, with {@link
     * RealtimeTicket}. For the packages of this module.
     */
    public static boolean isWantedBy(Object handler) {
        return handler instanceof HandlerMethod method
                && (method.hasMethodAnnotation(RealtimeTicket.class)
                        || AnnotatedElementUtils.hasAnnotation(method.getBeanType(), RealtimeTicket.class));
    }

    /**
     * Sets the header fields of a page that carries a ticket, which nobody is to keep, or to learn from a {@code Referer}; none if there is no
     * ticket. For the packages of this module.
     */
    public void writeHeaders(BiConsumer<String, String> set) {
        if (ticket.isPresent()) {
            set.accept("Cache-Control", "no-store");
            set.accept("Referrer-Policy", "no-referrer");
        }
    }

    /** The text of the ticket, for a view to print; empty if there is none. */
    public String getText() {
        return ticket.map(Ticket::reveal).orElse("");
    }

    /** The fingerprint, never the text; empty if there is no ticket, so that a view which prints this shows nothing. */
    @Override
    public String toString() {
        return ticket.map(Ticket::toString).orElse("");
    }
}
