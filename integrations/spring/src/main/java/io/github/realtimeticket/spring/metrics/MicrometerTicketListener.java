// SPDX-License-Identifier: Apache-2.0
package io.github.realtimeticket.spring.metrics;

import io.github.realtimeticket.Refusal;
import io.github.realtimeticket.TicketEvent;
import io.github.realtimeticket.TicketEvent.Operation;
import io.github.realtimeticket.TicketListener;
import io.micrometer.core.instrument.Counter;
import io.micrometer.core.instrument.MeterRegistry;
import io.micrometer.core.instrument.Timer;
import java.time.Duration;
import java.util.EnumMap;
import java.util.Locale;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * Counts {@code realtime.ticket.issued}, {@code .limited}, {@code .redeemed}, {@code .refused} by {@code reason} and {@code .failed} by
 * {@code operation}; times the store in {@code realtime.ticket.issue} and {@code .redeem}, and the age of a ticket when it is
 * redeemed in {@code realtime.ticket.age}.
 *
 * <p>Thread-safe. Every meter is there from the start, at zero.
 */
public final class MicrometerTicketListener implements TicketListener {

    private final Counter issued;
    private final Counter limited;
    private final Counter redeemed;
    private final Map<Refusal, Counter> refused = new EnumMap<>(Refusal.class);
    private final Map<Operation, Counter> failed = new EnumMap<>(Operation.class);
    private final Map<Operation, Timer> took = new EnumMap<>(Operation.class);
    private final Timer age;

    /** Meters of this registry. */
    public MicrometerTicketListener(MeterRegistry meters) {
        issued = Counter.builder("realtime.ticket.issued")
                .description("Tickets that were issued")
                .register(meters);
        limited = Counter.builder("realtime.ticket.limited")
                .description("Requests for a ticket by a holder who had asked for too many")
                .register(meters);
        redeemed = Counter.builder("realtime.ticket.redeemed")
                .description("Tickets that were redeemed, and opened a connection")
                .register(meters);
        for (Refusal reason : Refusal.values()) {
            // A fault is no refusal of ours: it is counted as a failed operation.
            if (reason != Refusal.FAILED) {
                refused.put(
                        reason,
                        Counter.builder("realtime.ticket.refused")
                                .description("Connection requests that were refused")
                                .tag("reason", lower(reason))
                                .register(meters));
            }
        }
        for (Operation operation : Operation.values()) {
            failed.put(
                    operation,
                    Counter.builder("realtime.ticket.failed")
                            .description("Operations in which the store failed")
                            .tag("operation", lower(operation))
                            .register(meters));
            took.put(
                    operation,
                    Timer.builder("realtime.ticket." + lower(operation))
                            .description("How long the store took")
                            .register(meters));
        }
        age = Timer.builder("realtime.ticket.age")
                .description("Age of tickets when they were redeemed")
                .register(meters);
    }

    @Override
    public void on(TicketEvent event) {
        if (event instanceof TicketEvent.Issued issue) {
            issued.increment();
            time(Operation.ISSUE, issue.took());
        } else if (event instanceof TicketEvent.Redeemed redemption) {
            redeemed.increment();
            time(Operation.REDEEM, redemption.took());
            if (redemption.age() != null) {
                age.record(redemption.age());
            }
        } else if (event instanceof TicketEvent.Refused refusal) {
            increment(refused.get(refusal.reason()));
        } else if (event instanceof TicketEvent.Limited) {
            limited.increment();
        } else if (event instanceof TicketEvent.Failed failure) {
            increment(failed.get(failure.operation()));
            time(failure.operation(), failure.took());
        }
    }

    private static void increment(@Nullable Counter counter) {
        if (counter != null) {
            counter.increment();
        }
    }

    private void time(Operation operation, Duration duration) {
        Timer timer = took.get(operation);
        if (timer != null) {
            timer.record(duration);
        }
    }

    private static String lower(Enum<?> constant) {
        return constant.name().toLowerCase(Locale.ROOT);
    }
}
