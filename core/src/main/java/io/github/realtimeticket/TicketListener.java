// SPDX-License-Identifier: Apache-2.0
package io.github.realtimeticket;

import java.util.List;

/**
 * Watches what happens to tickets, for metrics and audit.
 *
 * <p>Called on the thread that completes the operation, often an I/O thread, so an implementation returns at once. What it
 * throws is logged and changes nothing.
 */
@FunctionalInterface
public interface TicketListener {

    /** Something happened. */
    void on(TicketEvent event);

    /** Nobody watches. */
    static TicketListener none() {
        return SafeTicketListener.NONE;
    }

    /** All of these watch, in this order. */
    static TicketListener all(List<? extends TicketListener> listeners) {
        return SafeTicketListener.of(listeners);
    }
}
