// SPDX-License-Identifier: Apache-2.0
package io.github.realtimeticket.docs;

import static org.assertj.core.api.Assertions.assertThat;

import brave.Tracing;
import brave.handler.MutableSpan;
import brave.handler.SpanHandler;
import brave.propagation.TraceContext;
import io.github.realtimeticket.Gate;
import io.github.realtimeticket.Ticket;
import io.github.realtimeticket.TicketHolder;
import io.github.realtimeticket.TicketStore;
import io.github.realtimeticket.Tickets;
import io.github.realtimeticket.fixtures.Connection;
import io.github.realtimeticket.spring.metrics.MicrometerTicketTracing;
import io.github.realtimeticket.spring.metrics.TicketSpans;
import io.github.realtimeticket.vertx.TicketHandshakeHandler;
import io.micrometer.observation.ObservationRegistry;
import io.micrometer.tracing.Span;
import io.micrometer.tracing.Tracer;
import io.micrometer.tracing.brave.bridge.BraveBaggageManager;
import io.micrometer.tracing.brave.bridge.BraveCurrentTraceContext;
import io.micrometer.tracing.brave.bridge.BraveTracer;
import io.vertx.core.Vertx;
import io.vertx.core.http.HttpServer;
import java.net.URI;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;

/** A backend in Vert.x in the trace of the request that its tickets were issued in, without Spring. */
class VertxTracingExampleTest {

    private static final BlockingQueue<MutableSpan> REDEMPTIONS = new LinkedBlockingQueue<>();

    private static final SpanHandler SPANS = new SpanHandler() {
        @Override
        public boolean end(TraceContext context, MutableSpan span, Cause cause) {
            return !"redeem ticket".equals(span.name()) || REDEMPTIONS.add(new MutableSpan(span));
        }
    };

    @Test
    void theRedemptionIsPartOfTheTraceOfTheIssue() throws Exception {
        Vertx vertx = Vertx.vertx();
        try (Tracing brave = Tracing.newBuilder().addSpanHandler(SPANS).build()) {
            Tracer tracer = new BraveTracer(
                    brave.tracer(),
                    new BraveCurrentTraceContext(brave.currentTraceContext()),
                    new BraveBaggageManager());
            TicketStore store = TicketStore.inMemory();
            Span issuing = tracer.nextSpan().name("issuing").start();
            Ticket ticket;
            try (Tracer.SpanInScope unused = tracer.withSpan(issuing)) {
                ticket = tickets(store, tracer)
                        .issue(TicketHolder.of(1, "alice"))
                        .toCompletableFuture()
                        .join();
            }

            HttpServer server = vertx.createHttpServer()
                    .requestHandler(TicketHandshakeHandler.of(
                            gate(store, tracer),
                            (admitted, socket) ->
                                    socket.writeTextMessage(admitted.holder().username())))
                    .listen(0, "127.0.0.1")
                    .await(10, TimeUnit.SECONDS);
            URI uri = URI.create("ws://127.0.0.1:" + server.actualPort() + "/?ticket=" + ticket.reveal());
            assertThat(Connection.greeting(uri, "https://app.example")).isEqualTo("alice");

            MutableSpan redemption = REDEMPTIONS.poll(30, TimeUnit.SECONDS);
            assertThat(redemption.traceId()).isEqualTo(issuing.context().traceId());
            assertThat(redemption.parentId()).isEqualTo(issuing.context().spanId());
        } finally {
            vertx.close().await(10, TimeUnit.SECONDS);
        }
    }

    private static Gate gate(TicketStore store, Tracer tracer) {
        return Gate.of(tickets(store, tracer));
    }

    private static Tickets tickets(TicketStore store, Tracer tracer) {
        var spans = new TicketSpans(tracer);
        ObservationRegistry observations = ObservationRegistry.create();
        observations.observationConfig().observationHandler(spans);
        return Tickets.builder(store)
                .tracing(new MicrometerTicketTracing(observations, spans::current))
                .build();
    }
}
