// SPDX-License-Identifier: Apache-2.0
package io.github.realtimeticket.spring.metrics;

import io.github.realtimeticket.TicketTracing;
import io.micrometer.observation.Observation;
import io.micrometer.observation.ObservationRegistry;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/**
 * Makes each redemption an observation with a {@link RedemptionContext}. It becomes a span in the trace that the ticket was issued in where the
 * registry's handlers include {@link TicketSpans}.
 *
 * <p>Issuing is no observation of its own: all of it happens within the request for the ticket, which the application's web framework observes.
 *
 * <p>Thread-safe. Where nothing observes, nothing is made.
 */
public final class MicrometerTicketTracing implements TicketTracing {

    private static final Redemption UNOBSERVED = (trace, refusal) -> {};

    private final ObservationRegistry observations;
    // No tracer, whose library need not be there.
    private final Supplier<@Nullable String> current;

    /** With tickets that do not say in which trace they were issued. */
    public MicrometerTicketTracing(ObservationRegistry observations) {
        this(observations, () -> null);
    }

    /**
     * With tickets that do.
     *
     * @param current the trace that a thread is in: {@link TicketSpans#current}
     */
    public MicrometerTicketTracing(ObservationRegistry observations, Supplier<@Nullable String> current) {
        this.observations = observations;
        this.current = current;
    }

    @Override
    public @Nullable String current() {
        return current.get();
    }

    @Override
    public Redemption redemption() {
        if (observations.isNoop()) {
            return UNOBSERVED;
        }
        var context = new RedemptionContext();
        Observation observation = Observation.start(RedemptionContext.NAME, () -> context, observations);
        return (trace, refusal) -> {
            context.ended(trace, refusal);
            observation.stop();
        };
    }
}
