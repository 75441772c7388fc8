// SPDX-License-Identifier: Apache-2.0
package io.github.realtimeticket.spring.boot;

import io.github.realtimeticket.Gate;
import io.github.realtimeticket.Refusal;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicLong;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Refuses what comes to a path of tickets without a gate's admission, and says so at most once a minute. Thread-safe. */
final class GatePathsRefusal {

    private static final Logger LOG = LoggerFactory.getLogger(GatePathsRefusal.class);
    private static final long PAUSE = TimeUnit.MINUTES.toNanos(1);

    private final Gate gate;
    private final AtomicLong said = new AtomicLong(System.nanoTime() - PAUSE);

    GatePathsRefusal(Gate gate) {
        this.gate = gate;
    }

    /** No ticket is used up: no chain would make a user of it. */
    Refusal of(String path) {
        warn(path);
        return gate.refuse(Refusal.MISSING).reason();
    }

    private void warn(String path) {
        long last = said.get();
        long now = System.nanoTime();
        if (now - last >= PAUSE && said.compareAndSet(last, now)) {
            LOG.warn(
                    "{} is refused, though of {}: it went through another security filter chain than that of the tickets, or none",
                    path,
                    OnGatePaths.PROPERTY);
        }
    }
}
