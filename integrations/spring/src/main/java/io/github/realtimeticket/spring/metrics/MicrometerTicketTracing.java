// SPDX-License-Identifier: Apache-2.0
package io.github.realtimeticket.spring.metrics;

import io.github.realtimeticket.Refusal;
import io.github.realtimeticket.TicketTracing;
import io.micrometer.tracing.Link;
import io.micrometer.tracing.Span;
import io.micrometer.tracing.TraceContext;
import io.micrometer.tracing.Tracer;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.Locale;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;

/**
 * A span {@code redeem ticket} for each redemption, with its {@code outcome}: {@code admitted}, or the reason of a refusal in lower case. Its parent is
 * the span in which the ticket was issued, and it links to that of the connection request; a ticket that says nothing of a trace has
 * the latter as its parent.
 *
 * <p>A span of its own and no {@code Observation}, which has to know its parent when it begins: what the ticket says is known when it has been redeemed.
 *
 * <p>Thread-safe.
 */
public final class MicrometerTicketTracing implements TicketTracing {

    private static final int TRACE_ID = 32;

    private final Tracer tracer;

    /** With spans of this tracer. */
    public MicrometerTicketTracing(Tracer tracer) {
        this.tracer = tracer;
    }

    @Override
    public @Nullable String current() {
        Span span = tracer.currentSpan();
        if (span == null) {
            return null;
        }
        TraceContext context = span.context();
        // Some tracers have identifiers of 64 bits, which W3C fills up.
        String id = "0".repeat(Math.max(0, TRACE_ID - context.traceId().length())) + context.traceId();
        return "00-" + id + "-" + context.spanId() + (Boolean.TRUE.equals(context.sampled()) ? "-01" : "-00");
    }

    @Override
    public Redemption redemption() {
        Span request = tracer.currentSpan();
        long start = ChronoUnit.MICROS.between(Instant.EPOCH, Instant.now());
        return (trace, refusal) -> {
            Span.Builder span = tracer.spanBuilder()
                    .name("redeem ticket")
                    .kind(Span.Kind.CONSUMER)
                    .startTimestamp(start, TimeUnit.MICROSECONDS)
                    .tag("outcome", outcome(refusal));
            if (trace != null) {
                span.setParent(context(trace));
                if (request != null) {
                    span.addLink(new Link(request.context()));
                }
            } else if (request != null) {
                span.setParent(request.context());
            } else {
                span.setNoParent();
            }
            span.start().end();
        };
    }

    private TraceContext context(String traceparent) {
        String[] parts = traceparent.split("-", -1);
        boolean sampled = (Integer.parseInt(parts[3], 16) & 1) == 1;
        return tracer.traceContextBuilder()
                .traceId(parts[1])
                .spanId(parts[2])
                .sampled(sampled)
                .build();
    }

    private static String outcome(@Nullable Refusal refusal) {
        return refusal == null ? "admitted" : refusal.name().toLowerCase(Locale.ROOT);
    }
}
