// SPDX-License-Identifier: Apache-2.0
package io.github.realtimeticket.spring.metrics;

import io.github.realtimeticket.TicketTracing;
import io.micrometer.observation.Observation;
import io.micrometer.tracing.Link;
import io.micrometer.tracing.Span;
import io.micrometer.tracing.TraceContext;
import io.micrometer.tracing.Tracer;
import io.micrometer.tracing.handler.TracingObservationHandler;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;

/**
 * Makes a span {@code redeem ticket} of each redemption, with the keys of its observation. Its parent is the span in which the ticket was
 * issued, and it links to that of the connection request; a ticket that says nothing of a trace has the latter as its parent.
 *
 * <p>A handler that takes every observation, such as {@code DefaultTracingObservationHandler}, would make a second one: put this before it in a {@code
 * FirstMatchingCompositeObservationHandler}.
 *
 * <p>Thread-safe.
 */
public final class TicketSpans implements TracingObservationHandler<RedemptionContext> {

    private static final int TRACE_ID = 32;

    private final Tracer tracer;

    /** Spans of this tracer. */
    public TicketSpans(Tracer tracer) {
        this.tracer = tracer;
    }

    /** The trace that this thread is in, for {@link TicketTracing#current()}. */
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
    public Tracer getTracer() {
        return tracer;
    }

    @Override
    public boolean supportsContext(Observation.Context context) {
        return context instanceof RedemptionContext;
    }

    @Override
    public void onStart(RedemptionContext context) {
        // TracingAwareMeterObservationHandler requires one, be it empty.
        getTracingContext(context);
        long now = ChronoUnit.MICROS.between(Instant.EPOCH, Instant.now());
        context.put(Beginning.class, new Beginning(now, tracer.currentSpan()));
    }

    /** Only now, since a span has to know its parent when it begins, and what the ticket says is known when it has been redeemed. */
    @Override
    public void onStop(RedemptionContext context) {
        Beginning beginning = context.getRequired(Beginning.class);
        Span request = beginning.request();
        Span.Builder span = tracer.spanBuilder()
                .name(getSpanName(context))
                .kind(Span.Kind.CONSUMER)
                .startTimestamp(beginning.micros(), TimeUnit.MICROSECONDS);
        context.getAllKeyValues().forEach(key -> span.tag(key.getKey(), key.getValue()));
        String trace = context.trace();
        if (trace != null) {
            span.setParent(parse(trace));
            if (request != null) {
                span.addLink(new Link(request.context()));
            }
        } else if (request != null) {
            span.setParent(request.context());
        } else {
            span.setNoParent();
        }
        span.start().end();
    }

    private TraceContext parse(String traceparent) {
        String[] parts = traceparent.split("-", -1);
        boolean sampled = (Integer.parseInt(parts[3], 16) & 1) == 1;
        return tracer.traceContextBuilder()
                .traceId(parts[1])
                .spanId(parts[2])
                .sampled(sampled)
                .build();
    }

    private record Beginning(long micros, @Nullable Span request) {}
}
