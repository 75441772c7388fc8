// SPDX-License-Identifier: Apache-2.0
package io.github.realtimeticket.spring.webflux;

import static io.github.realtimeticket.fixtures.Eventually.eventually;
import static org.assertj.core.api.Assertions.assertThat;

import io.github.realtimeticket.Admission;
import io.github.realtimeticket.Gate;
import io.github.realtimeticket.Issuer;
import io.github.realtimeticket.TicketStore;
import io.github.realtimeticket.Tickets;
import io.github.realtimeticket.fixtures.WebUser;
import io.github.realtimeticket.spring.metrics.MicrometerTicketTracing;
import io.github.realtimeticket.spring.metrics.RedemptionContext;
import io.github.realtimeticket.spring.metrics.TicketSpans;
import io.github.realtimeticket.spring.web.TicketEndpointPath;
import io.micrometer.observation.Observation;
import io.micrometer.observation.ObservationHandler;
import io.micrometer.observation.ObservationHandler.FirstMatchingCompositeObservationHandler;
import io.micrometer.observation.ObservationRegistry;
import io.micrometer.tracing.Tracer;
import io.micrometer.tracing.handler.DefaultTracingObservationHandler;
import io.micrometer.tracing.otel.bridge.OtelCurrentTraceContext;
import io.micrometer.tracing.otel.bridge.OtelTracer;
import io.opentelemetry.sdk.testing.exporter.InMemorySpanExporter;
import io.opentelemetry.sdk.trace.SdkTracerProvider;
import io.opentelemetry.sdk.trace.data.SpanData;
import io.opentelemetry.sdk.trace.export.SimpleSpanProcessor;
import java.util.Optional;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.LinkedBlockingQueue;
import org.junit.jupiter.api.Test;
import org.springframework.http.server.reactive.ReactorHttpHandlerAdapter;
import org.springframework.web.reactive.function.server.RequestPredicates;
import org.springframework.web.reactive.function.server.RouterFunctions;
import org.springframework.web.reactive.function.server.ServerResponse;
import org.springframework.web.server.adapter.WebHttpHandlerBuilder;
import reactor.core.publisher.Mono;
import reactor.netty.DisposableServer;
import reactor.netty.http.server.HttpServer;

/** One trace where Spring observes requests and has each one's trace in Reactor's context, as in an application of Spring Boot's. */
class TraceTest {

    private final InMemorySpanExporter spans = InMemorySpanExporter.create();
    private final Tracer tracer = new OtelTracer(
            SdkTracerProvider.builder()
                    .addSpanProcessor(SimpleSpanProcessor.create(spans))
                    .build()
                    .get("test"),
            new OtelCurrentTraceContext(),
            event -> {});
    private final BlockingQueue<String> parents = new LinkedBlockingQueue<>();

    @Test
    void theRedemptionIsPartOfTheTraceOfTheRequestForItsTicket() throws Exception {
        DisposableServer server = serve();
        try {
            var alice = new WebUser("http://127.0.0.1:" + server.port());
            String ticket = alice.ticket("Sec-Fetch-Site", "same-origin");
            assertThat(alice.get("/realtime?ticket=" + ticket).statusCode()).isEqualTo(200);
        } finally {
            server.disposeNow();
        }

        SpanData redemption = await("redeem ticket");
        SpanData issue = await("http post");
        SpanData connecting = await("http get");
        assertThat(redemption.getTraceId()).isEqualTo(issue.getTraceId()).isNotEqualTo(connecting.getTraceId());
        assertThat(redemption.getParentSpanId()).isEqualTo(issue.getSpanId());
        assertThat(redemption.getLinks())
                .singleElement()
                .satisfies(link -> assertThat(link.getSpanContext().getSpanId()).isEqualTo(connecting.getSpanId()));
        assertThat(spans.getFinishedSpanItems()).hasSize(3);
        assertThat(parents).containsExactly("http.server.requests");
    }

    private DisposableServer serve() {
        ObservationRegistry observations = ObservationRegistry.create();
        var redemptions = new TicketSpans(tracer);
        observations
                .observationConfig()
                .observationHandler(new FirstMatchingCompositeObservationHandler(
                        redemptions, new DefaultTracingObservationHandler(tracer)))
                .observationHandler(new Parents());
        Tickets tickets = Tickets.builder(TicketStore.inMemory())
                .tracing(new MicrometerTicketTracing(observations, redemptions::current))
                .build();
        var gate = new ExchangeGate(Gate.of(tickets));
        var routes = TicketEndpoint.at(
                        new TicketEndpointPath("/ticket/"), Issuer.of(tickets), ReactiveTicketGrants.byName())
                .andRoute(RequestPredicates.GET("/realtime"), request -> gate.admit(request.exchange())
                        .flatMap(admission -> ServerResponse.status(admission instanceof Admission.Admitted ? 200 : 401)
                                .build()));
        var handler = WebHttpHandlerBuilder.webHandler(RouterFunctions.toWebHandler(routes))
                .filter((exchange, chain) -> chain.filter(
                        exchange.mutate().principal(Mono.just(() -> "alice")).build()))
                .observationRegistry(observations)
                .build();
        return HttpServer.create()
                .host("127.0.0.1")
                .handle(new ReactorHttpHandlerAdapter(handler))
                .bindNow();
    }

    /** A request's own ends when its answer has been sent. */
    private SpanData await(String name) {
        eventually(() -> found(name).isPresent());
        return found(name).orElseThrow();
    }

    private Optional<SpanData> found(String name) {
        return spans.getFinishedSpanItems().stream()
                .filter(span -> span.getName().startsWith(name))
                .findFirst();
    }

    private final class Parents implements ObservationHandler<RedemptionContext> {

        @Override
        public boolean supportsContext(Observation.Context context) {
            return context instanceof RedemptionContext;
        }

        @Override
        public void onStart(RedemptionContext context) {
            parents.add(context.getParentObservation().getContextView().getName());
        }
    }
}
