// SPDX-License-Identifier: Apache-2.0
package io.github.realtimeticket.redis;

import java.lang.System.Logger.Level;
import java.util.concurrent.atomic.AtomicBoolean;

/** Tells the operator once that Redis cannot be used, and once that it can be again. Thread-safe. */
final class Outage {

    private static final System.Logger LOG = System.getLogger(RedisTicketStore.class.getName());

    private final String place;
    private final AtomicBoolean lasts = new AtomicBoolean();

    Outage(String place) {
        this.place = place;
    }

    void begins(Throwable fault) {
        if (lasts.compareAndSet(false, true)) {
            LOG.log(
                    Level.WARNING,
                    "Tickets can be neither kept nor redeemed until Redis (" + place + ") works again: "
                            + RedisFaults.reason(fault));
        }
    }

    void ends() {
        if (lasts.get() && lasts.compareAndSet(true, false)) {
            LOG.log(Level.INFO, "Redis (" + place + ") works again");
        }
    }
}
