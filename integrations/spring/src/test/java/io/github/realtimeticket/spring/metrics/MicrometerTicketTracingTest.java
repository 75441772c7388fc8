// SPDX-License-Identifier: Apache-2.0
package io.github.realtimeticket.spring.metrics;

import static org.assertj.core.api.Assertions.assertThat;

import io.github.realtimeticket.Gate;
import io.github.realtimeticket.Refusal;
import io.github.realtimeticket.Ticket;
import io.github.realtimeticket.TicketHolder;
import io.github.realtimeticket.TicketStore;
import io.github.realtimeticket.Tickets;
import io.github.realtimeticket.fixtures.Redis;
import io.github.realtimeticket.redis.RedisTicketStore;
import io.micrometer.common.KeyValue;
import io.micrometer.core.instrument.observation.DefaultMeterObservationHandler;
import io.micrometer.core.instrument.simple.SimpleMeterRegistry;
import io.micrometer.observation.Observation;
import io.micrometer.observation.ObservationHandler;
import io.micrometer.observation.ObservationHandler.FirstMatchingCompositeObservationHandler;
import io.micrometer.observation.ObservationRegistry;
import io.micrometer.observation.tck.TestObservationRegistry;
import io.micrometer.tracing.Span;
import io.micrometer.tracing.Tracer;
import io.micrometer.tracing.handler.DefaultTracingObservationHandler;
import io.micrometer.tracing.handler.TracingAwareMeterObservationHandler;
import io.micrometer.tracing.otel.bridge.OtelCurrentTraceContext;
import io.micrometer.tracing.otel.bridge.OtelTracer;
import io.opentelemetry.api.common.AttributeKey;
import io.opentelemetry.sdk.testing.exporter.InMemorySpanExporter;
import io.opentelemetry.sdk.trace.SdkTracerProvider;
import io.opentelemetry.sdk.trace.data.SpanData;
import io.opentelemetry.sdk.trace.export.SimpleSpanProcessor;
import io.opentelemetry.sdk.trace.samplers.Sampler;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.function.Supplier;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** With OpenTelemetry; the documents' test has Brave. */
class MicrometerTicketTracingTest {

    private final InMemorySpanExporter spans = InMemorySpanExporter.create();
    private final Tracer tracer = tracer(Sampler.parentBased(Sampler.alwaysOn()));

    @Test
    void theRedemptionIsPartOfTheTraceOfTheIssue() {
        assertThatOneTraceRuns(TicketStore.inMemory());
    }

    @Test
    void soItIsWhereTheAnswerComesOnTheThreadOfTheStore() throws Exception {
        try (var redis = new Redis();
                var store = RedisTicketStore.builder(redis.uri())
                        .timeout(Duration.ofSeconds(10))
                        .build()) {
            assertThatOneTraceRuns(store);
        }
    }

    private void assertThatOneTraceRuns(TicketStore store) {
        Tickets tickets = tickets(store, tracer);
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

    @Test
    void aRedemptionIsOneSpanWhereEveryObservationIsOne() {
        ObservationRegistry observations = ObservationRegistry.create();
        var redemptions = new TicketSpans(tracer);
        observations
                .observationConfig()
                .observationHandler(new FirstMatchingCompositeObservationHandler(
                        redemptions, new DefaultTracingObservationHandler(tracer)));
        Tickets tickets = tickets(TicketStore.inMemory(), observations, redemptions);
        Ticket ticket = Observation.createNotStarted("issuing", observations).observe(() -> issue(tickets));

        Observation.createNotStarted("connecting", observations).observe(() -> admit(tickets, ticket));

        assertThat(spans.getFinishedSpanItems())
                .extracting(SpanData::getName)
                .containsExactly("issuing", "redeem ticket", "connecting");
        assertThat(span("redeem ticket").getParentSpanId())
                .isEqualTo(span("issuing").getSpanId());
        assertThat(span("redeem ticket").getLinks()).singleElement().satisfies(link -> assertThat(
                        link.getSpanContext().getSpanId())
                .isEqualTo(span("connecting").getSpanId()));
    }

    @Test
    void itIsATimerWhereEveryObservationIsOneAndASpanAllTheSame() {
        var meters = new SimpleMeterRegistry();
        ObservationRegistry observations = ObservationRegistry.create();
        var redemptions = new TicketSpans(tracer);
        observations
                .observationConfig()
                .observationHandler(redemptions)
                .observationHandler(
                        new TracingAwareMeterObservationHandler<>(new DefaultMeterObservationHandler(meters), tracer));
        Tickets tickets = Tickets.builder(TicketStore.inMemory())
                .listener(new MicrometerTicketListener(meters))
                .tracing(new MicrometerTicketTracing(observations, redemptions::current))
                .build();

        assertThat(admit(tickets, issue(tickets))).isTrue();

        assertThat(meters.get("realtime.ticket.redemption")
                        .tag("outcome", "admitted")
                        .timer()
                        .count())
                .isEqualTo(1);
        assertThat(meters.get("realtime.ticket.redemption.active")
                        .longTaskTimer()
                        .activeTasks())
                .isZero();
        assertThat(meters.get("realtime.ticket.redeem").timer().count()).isEqualTo(1);
        assertThat(span("redeem ticket")).isNotNull();
    }

    @Test
    void whatElseIsKnownOfAnObservationIsInItsSpan() {
        ObservationRegistry observations = ObservationRegistry.create();
        var redemptions = new TicketSpans(tracer);
        observations
                .observationConfig()
                .observationHandler(redemptions)
                .observationFilter(context -> context.addLowCardinalityKeyValue(KeyValue.of("region", "north")));
        Tickets tickets = tickets(TicketStore.inMemory(), observations, redemptions);

        assertThat(admit(tickets, issue(tickets))).isTrue();

        assertThat(span("redeem ticket").getAttributes().get(AttributeKey.stringKey("region")))
                .isEqualTo("north");
    }

    @Test
    void withoutATracerItIsAnObservationAllTheSame() {
        TestObservationRegistry observations = TestObservationRegistry.create();
        Tickets tickets = tickets(TicketStore.inMemory(), observations);
        Ticket ticket = issue(tickets);
        Observation connecting = Observation.start("connecting", observations);

        connecting.scoped(() -> assertThat(admit(tickets, ticket)).isTrue());
        connecting.stop();

        assertThat(observations)
                .hasNumberOfObservationsEqualTo(2)
                .hasObservationWithNameEqualTo("realtime.ticket.redemption")
                .that()
                .hasBeenStarted()
                .hasBeenStopped()
                .hasContextualNameEqualTo("redeem ticket")
                .hasParentObservationEqualTo(connecting)
                .hasOnlyKeys("outcome")
                .hasLowCardinalityKeyValue("outcome", "admitted");
    }

    @Test
    void aHandlerOfTheApplicationLearnsTheTraceAndTheOutcomeAndNoSecret() {
        ObservationRegistry observations = ObservationRegistry.create();
        var seen = new Seen();
        observations.observationConfig().observationHandler(seen);
        Tickets tickets = tickets(TicketStore.inMemory(), observations, new TicketSpans(tracer));
        Ticket ticket = in("issuing", () -> issue(tickets));

        assertThat(admit(tickets, ticket)).isTrue();
        assertThat(admit(tickets, ticket)).isFalse();

        assertThat(seen.traces)
                .containsExactly(
                        "00-" + span("issuing").getTraceId() + "-"
                                + span("issuing").getSpanId() + "-01",
                        null);
        assertThat(seen.refusals).containsExactly(null, Refusal.NOTHING);
        assertThat(seen.texts).allSatisfy(text -> assertThat(text)
                .contains("outcome=")
                .doesNotContain(ticket.reveal(), ticket.fingerprint(), "alice"));
    }

    @ParameterizedTest
    @EnumSource(Refusal.class)
    void itsOutcomeIsTheReasonOfARefusal(Refusal reason) {
        TestObservationRegistry observations = TestObservationRegistry.create();

        new MicrometerTicketTracing(observations).redemption().ended(null, reason);

        assertThat(observations)
                .hasSingleObservationThat()
                .hasLowCardinalityKeyValue("outcome", reason.name().toLowerCase(Locale.ROOT));
    }

    @Test
    void whereNothingObservesNothingIsMade() {
        for (ObservationRegistry nobody : List.of(ObservationRegistry.NOOP, ObservationRegistry.create())) {
            var tracing = new MicrometerTicketTracing(nobody);

            assertThat(tracing.redemption()).isSameAs(tracing.redemption());
            assertThat(tracing.current()).isNull();
        }
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
        ObservationRegistry observations = ObservationRegistry.create();
        var redemptions = new TicketSpans(tracer);
        observations.observationConfig().observationHandler(redemptions);
        return tickets(store, observations, redemptions);
    }

    private static Tickets tickets(TicketStore store, ObservationRegistry observations, TicketSpans redemptions) {
        return Tickets.builder(store)
                .tracing(new MicrometerTicketTracing(observations, redemptions::current))
                .build();
    }

    private static Tickets tickets(TicketStore store, ObservationRegistry observations) {
        return Tickets.builder(store)
                .tracing(new MicrometerTicketTracing(observations))
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

    private static final class Seen implements ObservationHandler<RedemptionContext> {

        private final List<String> traces = new ArrayList<>();
        private final List<Refusal> refusals = new ArrayList<>();
        private final List<String> texts = new ArrayList<>();

        @Override
        public boolean supportsContext(Observation.Context context) {
            return context instanceof RedemptionContext;
        }

        @Override
        public void onStop(RedemptionContext context) {
            traces.add(context.trace());
            refusals.add(context.refusal());
            texts.add(context.toString());
        }
    }
}
