// SPDX-License-Identifier: Apache-2.0
package io.github.realtimeticket.spring.boot;

import io.github.realtimeticket.Refusal;
import io.github.realtimeticket.TicketEvent;
import io.github.realtimeticket.TicketListener;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;

/** A listener of the application's that keeps what it hears. */
final class Heard implements TicketListener {

    private final List<TicketEvent> events = new CopyOnWriteArrayList<>();

    @Override
    public void on(TicketEvent event) {
        events.add(event);
    }

    List<Refusal> refusals() {
        return events.stream()
                .filter(TicketEvent.Refused.class::isInstance)
                .map(event -> ((TicketEvent.Refused) event).reason())
                .toList();
    }

    long redemptions() {
        return events.stream().filter(TicketEvent.Redeemed.class::isInstance).count();
    }

    long faults() {
        return events.stream().filter(TicketEvent.Failed.class::isInstance).count();
    }
}
