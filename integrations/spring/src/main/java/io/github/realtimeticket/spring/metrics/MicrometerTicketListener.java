// SPDX-License-Identifier: Apache-2.0
package io.github.realtimeticket.spring.metrics;

import io.github.realtimeticket.Refusal;
import io.github.realtimeticket.Revocation;
import io.github.realtimeticket.TicketEvent;
import io.github.realtimeticket.TicketEvent.Ending;
import io.github.realtimeticket.TicketEvent.Operation;
import io.github.realtimeticket.TicketListener;
import io.micrometer.core.instrument.Counter;
import io.micrometer.core.instrument.Gauge;
import io.micrometer.core.instrument.MeterRegistry;
import io.micrometer.core.instrument.Timer;
import java.time.Duration;
import java.util.EnumMap;
import java.util.EnumSet;
import java.util.Locale;
import java.util.Map;
import java.util.Objects;
import java.util.concurrent.atomic.AtomicLong;
import java.util.stream.IntStream;

/**
 * Counts {@code realtime.ticket.issued}, {@code .limited}, {@code .redeemed}, {@code .refused} by {@code reason}, {@code .burnt} and {@code .failed} by
 * {@code operation}; {@code .opened}, {@code .closed} by {@code reason} and {@code .revoked} by {@code kind}, with the
 * connections that are open in {@code realtime.ticket.connections}; times the store in {@code realtime.ticket.issue} and {@code .redeem}, and the age of a ticket when it is
 * redeemed in {@code realtime.ticket.age}, and how long a connection took to be gone since the revocation, or another order to close, in
 * {@code realtime.ticket.closing} by {@code reason}. These two are histograms with a dozen buckets, so that what many processes have measured adds up.
 *
 * <p>Thread-safe. Every meter is there from the start, at zero.
 */
public final class MicrometerTicketListener implements TicketListener {

    /** Up to the longest time to live. */
    private static final Duration[] BUCKETS = IntStream.of(
                    20, 50, 100, 200, 500, 1000, 2000, 5000, 10_000, 30_000, 60_000, 300_000)
            .mapToObj(Duration::ofMillis)
            .toArray(Duration[]::new);

    private final Counter issued;
    private final Counter limited;
    private final Counter redeemed;
    private final Map<Refusal, Counter> refused = new EnumMap<>(Refusal.class);
    private final Counter burnt;
    private final Map<Operation, Counter> failed = new EnumMap<>(Operation.class);
    private final Map<Operation, Timer> took = new EnumMap<>(Operation.class);
    private final Timer age;
    private final Counter presentedAgain;
    private final Counter retried;
    private final Counter renewed;
    private final Counter opened;
    private final Map<Ending, Counter> closed = new EnumMap<>(Ending.class);
    private final Map<Revocation.Kind, Counter> revoked = new EnumMap<>(Revocation.Kind.class);
    private final Map<Ending, Timer> closing = new EnumMap<>(Ending.class);
    private final AtomicLong connections = new AtomicLong();

    /** Meters of this registry. */
    public MicrometerTicketListener(MeterRegistry meters) {
        issued = counter("issued", "Tickets that were issued").register(meters);
        limited = counter("limited", "Requests for a ticket by a holder who had asked for too many")
                .register(meters);
        redeemed = counter("redeemed", "Tickets that were redeemed, for a connection to open or to renew")
                .register(meters);
        for (Refusal reason : Refusal.values()) {
            Counter.Builder counter = counter("refused", "Connection requests that were refused");
            refused.put(reason, counter.tag("reason", lower(reason)).register(meters));
        }
        burnt = counter("burnt", "Tickets that were used up, and opened nothing")
                .register(meters);
        for (Operation operation : Operation.values()) {
            Counter.Builder counter = counter("failed", "Operations in which the store failed");
            failed.put(operation, counter.tag("operation", lower(operation)).register(meters));
            took.put(
                    operation,
                    timer(lower(operation), "How long the store took").register(meters));
        }
        age = timer("age", "Age of tickets when they were redeemed")
                .serviceLevelObjectives(BUCKETS)
                .register(meters);
        presentedAgain = presented(false).register(meters);
        retried = presented(true).register(meters);
        renewed = counter("renewed", "Connections that went on with another ticket")
                .register(meters);
        opened = counter("opened", "Connections that were opened").register(meters);
        for (Ending reason : Ending.values()) {
            Counter.Builder counter = counter("closed", "Connections that are gone");
            closed.put(reason, counter.tag("reason", lower(reason)).register(meters));
        }
        for (Revocation.Kind kind : Revocation.Kind.values()) {
            Counter.Builder counter = counter("revoked", "Revocations that this process was told of");
            revoked.put(kind, counter.tag("kind", lower(kind)).register(meters));
        }
        for (Ending reason : EnumSet.complementOf(EnumSet.of(Ending.ITSELF))) {
            Timer.Builder timer = timer(
                            "closing",
                            "How long connections took to be gone since the revocation, or another order to close")
                    .serviceLevelObjectives(BUCKETS);
            closing.put(reason, timer.tag("reason", lower(reason)).register(meters));
        }
        Gauge.builder("realtime.ticket.connections", connections, AtomicLong::get)
                .description("Connections that are open")
                .register(meters);
    }

    @Override
    public void on(TicketEvent event) {
        if (event instanceof TicketEvent.Issued issue) {
            issued.increment();
            took(Operation.ISSUE, issue.took());
        } else if (event instanceof TicketEvent.Redeemed redemption) {
            redeemed.increment();
            took(Operation.REDEEM, redemption.took());
            if (redemption.age() != null) {
                age.record(redemption.age());
            }
        } else if (event instanceof TicketEvent.Refused refusal) {
            Objects.requireNonNull(refused.get(refusal.reason())).increment();
            if (refusal.burnt()) {
                burnt.increment();
            }
        } else if (event instanceof TicketEvent.Limited) {
            limited.increment();
        } else if (event instanceof TicketEvent.Failed failure) {
            Objects.requireNonNull(failed.get(failure.operation())).increment();
            took(failure.operation(), failure.took());
        } else if (event instanceof TicketEvent.PresentedAgain again) {
            (again.retry() ? retried : presentedAgain).increment();
        } else if (event instanceof TicketEvent.Renewed) {
            renewed.increment();
        } else if (event instanceof TicketEvent.Opened) {
            opened.increment();
            connections.incrementAndGet();
        } else if (event instanceof TicketEvent.Closed end) {
            Objects.requireNonNull(closed.get(end.why())).increment();
            connections.decrementAndGet();
            if (end.closing() != null) {
                Objects.requireNonNull(closing.get(end.why())).record(end.closing());
            }
        } else if (event instanceof TicketEvent.Revoked revocation) {
            Objects.requireNonNull(revoked.get(revocation.revocation().kind())).increment();
        }
    }

    private void took(Operation operation, Duration duration) {
        Objects.requireNonNull(took.get(operation)).record(duration);
    }

    private static Counter.Builder presented(boolean retry) {
        return counter("presented.again", "Used tickets that were presented again, where there is an alarm for it")
                .tag("retry", Boolean.toString(retry));
    }

    private static Counter.Builder counter(String name, String description) {
        return Counter.builder("realtime.ticket." + name).description(description);
    }

    private static Timer.Builder timer(String name, String description) {
        return Timer.builder("realtime.ticket." + name).description(description);
    }

    private static String lower(Enum<?> constant) {
        return constant.name().toLowerCase(Locale.ROOT);
    }
}
