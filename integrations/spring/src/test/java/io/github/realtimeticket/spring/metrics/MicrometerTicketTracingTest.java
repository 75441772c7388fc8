// SPDX-License-Identifier: Apache-2.0
package io.github.realtimeticket.spring.metrics;

import static org.assertj.core.api.Assertions.assertThat;

import io.github.realtimeticket.Gate;
import io.github.realtimeticket.Ticket;
import io.github.realtimeticket.TicketHolder;
import io.github.realtimeticket.TicketStore;
import io.github.realtimeticket.Tickets;
import io.micrometer.tracing.Span;
import io.micrometer.tracing.Tracer;
import io.micrometer.tracing.otel.bridge.OtelCurrentTraceContext;
import io.micrometer.tracing.otel.bridge.OtelTracer;
import io.opentelemetry.api.common.AttributeKey;
import io.opentelemetry.sdk.testing.exporter.InMemorySpanExporter;
import io.opentelemetry.sdk.trace.SdkTracerProvider;
import io.opentelemetry.sdk.trace.data.SpanData;
import io.opentelemetry.sdk.trace.export.SimpleSpanProcessor;
import io.opentelemetry.sdk.trace.samplers.Sampler;
import java.util.function.Supplier;
import org.junit.jupiter.api.Test;

/** With OpenTelemetry; the documents' test has Brave. */
class MicrometerTicketTracingTest {

    private final InMemorySpanExporter spans = InMemorySpanExporter.create();
    private final Tracer tracer = tracer(Sampler.parentBased(Sampler.alwaysOn()));

    @Test
    void theRedemptionIsPartOfTheTraceOfTheIssue() {
        Tickets tickets = tickets(tracer);
        Ticket ticket = in("issuing", () -> issue(tickets));
        assertThat(in("connecting", () -> admit(tickets, ticket))).isTrue();

        SpanData issuing = span("issuing");
        SpanData redemption = span("redeem ticket");
        assertThat(redemption.getTraceId()).isEqualTo(issuing.getTraceId());
        assertThat(redemption.getParentSpanId()).isEqualTo(issuing.getSpanId());
        assertThat(redemption.getLinks()).singleElement().satisfies(link -> assertThat(
                        link.getSpanContext().getSpanId())
                .isEqualTo(span("connecting").getSpanId()));
        assertThat(redemption.getAttributes().get(AttributeKey.stringKey("outcome")))
                .isEqualTo("admitted");
        assertThat(redemption.getStartEpochNanos()).isLessThanOrEqualTo(redemption.getEndEpochNanos());
        assertThat(redemption.toString()).doesNotContain(ticket.reveal(), ticket.fingerprint(), "alice");
    }

    @Test
    void aTicketWithoutATraceIsPartOfTheRequestItComesWith() {
        Tickets tickets = tickets(tracer);
        Ticket ticket = issue(tickets);
        assertThat(in("connecting", () -> admit(tickets, ticket))).isTrue();
        assertThat(span("redeem ticket").getParentSpanId())
                .isEqualTo(span("connecting").getSpanId());

        spans.reset();
        assertThat(admit(tickets, ticket)).isFalse();
        assertThat(span("redeem ticket").getParentSpanContext().isValid()).isFalse();
        assertThat(span("redeem ticket").getAttributes().get(AttributeKey.stringKey("outcome")))
                .isEqualTo("nothing");
    }

    @Test
    void whatIsNotSampledAtTheIssueIsNotSampledAtTheRedemption() {
        TicketStore store = TicketStore.inMemory();
        Tracer never = tracer(Sampler.alwaysOff());
        Tickets issuing = tickets(store, never);
        Tickets redeeming = tickets(store, tracer);
        Ticket ticket = in(never, "issuing", () -> issue(issuing));

        assertThat(admit(redeeming, ticket)).isTrue();

        assertThat(spans.getFinishedSpanItems()).isEmpty();
    }

    private Tracer tracer(Sampler sampler) {
        var otel = SdkTracerProvider.builder()
                .setSampler(sampler)
                .addSpanProcessor(SimpleSpanProcessor.create(spans))
                .build()
                .get("test");
        return new OtelTracer(otel, new OtelCurrentTraceContext(), event -> {});
    }

    private static Tickets tickets(Tracer tracer) {
        return tickets(TicketStore.inMemory(), tracer);
    }

    private static Tickets tickets(TicketStore store, Tracer tracer) {
        return Tickets.builder(store)
                .tracing(new MicrometerTicketTracing(tracer))
                .build();
    }

    private <T> T in(String name, Supplier<T> work) {
        return in(tracer, name, work);
    }

    private static <T> T in(Tracer tracer, String name, Supplier<T> work) {
        Span span = tracer.nextSpan().name(name).start();
        try (Tracer.SpanInScope unused = tracer.withSpan(span)) {
            return work.get();
        } finally {
            span.end();
        }
    }

    private static Ticket issue(Tickets tickets) {
        return tickets.issue(TicketHolder.of(1, "alice")).toCompletableFuture().join();
    }

    private static boolean admit(Tickets tickets, Ticket ticket) {
        return Gate.of(tickets).admit(ticket).toCompletableFuture().join().fold(admitted -> true, refused -> false);
    }

    private SpanData span(String name) {
        return spans.getFinishedSpanItems().stream()
                .filter(span -> span.getName().equals(name))
                .findFirst()
                .orElseThrow();
    }
}
