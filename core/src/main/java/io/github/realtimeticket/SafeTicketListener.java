// SPDX-License-Identifier: Apache-2.0
package io.github.realtimeticket;

import java.util.List;

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

    static SafeTicketListener of(TicketListener listener) {
        return listener instanceof SafeTicketListener safe ? safe : of(List.of(listener));
    }

    boolean watches() {
        return !listeners.isEmpty();
    }

    @Override
    public void on(TicketEvent event) {
        for (TicketListener listener : listeners) {
            try {
                listener.on(event);
            } catch (Throwable e) {
                // An error and, from other languages, a checked exception too: the ticket is issued or used up by now.
                LOG.log(System.Logger.Level.WARNING, "A ticket listener failed", e);
            }
        }
    }
}
