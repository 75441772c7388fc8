// SPDX-License-Identifier: Apache-2.0
package io.github.realtimeticket.spring.metrics;

import io.github.realtimeticket.Refusal;
import io.micrometer.common.KeyValue;
import io.micrometer.observation.Observation;
import java.util.Locale;
import org.jspecify.annotations.Nullable;

/**
 * What an {@code ObservationHandler} learns of a redemption, the observation {@value #NAME}. Its parent is that of the connection request. When it
 * stops, its low-cardinality key {@code outcome} is {@code admitted}, or the reason of the refusal in lower case.
 *
 * <p>Not thread-safe: it begins on the thread of the request and stops on any other, often an I/O thread, which sees what the first has put here.
 *
 * <p><b>Security:</b> no ticket, no fingerprint and no user is in it.
 */
public final class RedemptionContext extends Observation.Context {

    /** The observation's name. */
    public static final String NAME = "realtime.ticket.redemption";

    private @Nullable String trace;
    private @Nullable Refusal refusal;

    RedemptionContext() {
        setContextualName("redeem ticket");
    }

    /** The trace that the ticket was issued in, as a {@code traceparent}; {@code null} until it stops, and if the ticket does not say. */
    public @Nullable String trace() {
        return trace;
    }

    /** Why nobody is let in; {@code null} until it stops, and if the holder is. */
    public @Nullable Refusal refusal() {
        return refusal;
    }

    void ended(@Nullable String trace, @Nullable Refusal refusal) {
        this.trace = trace;
        this.refusal = refusal;
        String outcome = refusal == null ? "admitted" : refusal.name().toLowerCase(Locale.ROOT);
        addLowCardinalityKeyValue(KeyValue.of("outcome", outcome));
    }
}
