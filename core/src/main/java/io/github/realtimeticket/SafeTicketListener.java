// SPDX-License-Identifier: Apache-2.0
package io.github.realtimeticket;

import java.time.Duration;
import java.util.List;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/** Tells several listeners, none of which can disturb the operation or another listener. Thread-safe. */
final class SafeTicketListener implements TicketListener {

    static final SafeTicketListener NONE = new SafeTicketListener(List.of());

    private static final System.Logger LOG = System.getLogger(TicketListener.class.getName());

    private final List<TicketListener> listeners;

    private SafeTicketListener(List<TicketListener> listeners) {
        this.listeners = listeners;
    }

    static SafeTicketListener of(List<? extends TicketListener> listeners) {
        return listeners.isEmpty() ? NONE : new SafeTicketListener(List.copyOf(listeners));
    }

    boolean watches() {
        return !listeners.isEmpty();
    }

    @Override
    public void issued(Ticket ticket, TicketValue value, Duration took) {
        tell(listener -> listener.issued(ticket, value, took));
    }

    @Override
    public void redeemed(Ticket ticket, TicketHolder holder, @Nullable Duration age, Duration took) {
        tell(listener -> listener.redeemed(ticket, holder, age, took));
    }

    @Override
    public void refused(Refusal reason, @Nullable Ticket ticket) {
        tell(listener -> listener.refused(reason, ticket));
    }

    @Override
    public void failed(Operation operation, Ticket ticket, Throwable cause, Duration took) {
        tell(listener -> listener.failed(operation, ticket, cause, took));
    }

    private void tell(Consumer<TicketListener> event) {
        for (TicketListener listener : listeners) {
            try {
                event.accept(listener);
            } catch (Throwable e) {
                // An error and, from other languages, a checked exception too: the ticket is issued or used up by now.
                LOG.log(System.Logger.Level.WARNING, "A ticket listener failed", e);
            }
        }
    }
}
