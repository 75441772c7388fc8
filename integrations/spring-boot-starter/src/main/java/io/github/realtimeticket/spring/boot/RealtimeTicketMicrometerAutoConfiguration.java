// SPDX-License-Identifier: Apache-2.0
package io.github.realtimeticket.spring.boot;

import io.github.realtimeticket.TicketTracing;
import io.github.realtimeticket.spring.metrics.MicrometerTicketListener;
import io.github.realtimeticket.spring.metrics.MicrometerTicketTracing;
import io.github.realtimeticket.spring.metrics.RedemptionContext;
import io.github.realtimeticket.spring.metrics.TicketSpans;
import io.micrometer.core.instrument.MeterRegistry;
import io.micrometer.core.instrument.config.MeterFilter;
import io.micrometer.observation.ObservationRegistry;
import io.micrometer.tracing.Tracer;
import java.util.Set;
import org.springframework.boot.autoconfigure.AutoConfiguration;
import org.springframework.boot.autoconfigure.condition.ConditionalOnBean;
import org.springframework.boot.autoconfigure.condition.ConditionalOnClass;
import org.springframework.boot.autoconfigure.condition.ConditionalOnMissingBean;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Configuration;
import org.springframework.core.annotation.Order;

/**
 * The meters of tickets and the observation of redemptions, where Micrometer has a registry of them, and one trace of issue and redemption, where it has
 * a tracer.
 */
@AutoConfiguration(
        before = RealtimeTicketAutoConfiguration.class,
        afterName = {
            "org.springframework.boot.micrometer.metrics.autoconfigure.MetricsAutoConfiguration",
            "org.springframework.boot.micrometer.metrics.autoconfigure.CompositeMeterRegistryAutoConfiguration",
            "org.springframework.boot.micrometer.observation.autoconfigure.ObservationAutoConfiguration",
            "org.springframework.boot.micrometer.tracing.autoconfigure.NoopTracerAutoConfiguration",
            "org.springframework.boot.micrometer.tracing.brave.autoconfigure.BraveAutoConfiguration",
            "org.springframework.boot.micrometer.tracing.opentelemetry.autoconfigure.OpenTelemetryTracingAutoConfiguration",
            // Boot 3.5.
            "org.springframework.boot.actuate.autoconfigure.metrics.CompositeMeterRegistryAutoConfiguration",
            "org.springframework.boot.actuate.autoconfigure.observation.ObservationAutoConfiguration",
            "org.springframework.boot.actuate.autoconfigure.tracing.NoopTracerAutoConfiguration",
            "org.springframework.boot.actuate.autoconfigure.tracing.BraveAutoConfiguration",
            "org.springframework.boot.actuate.autoconfigure.tracing.OpenTelemetryTracingAutoConfiguration"
        })
public final class RealtimeTicketMicrometerAutoConfiguration {

    RealtimeTicketMicrometerAutoConfiguration() {}

    @Configuration(proxyBeanMethods = false)
    @ConditionalOnClass(MeterRegistry.class)
    @ConditionalOnBean(MeterRegistry.class)
    static class Metrics {

        @Bean
        @ConditionalOnMissingBean
        MicrometerTicketListener realtimeTicketMeters(MeterRegistry meters) {
            return new MicrometerTicketListener(meters);
        }

        /** The listener has counted and timed a redemption already. */
        @Bean
        MeterFilter realtimeTicketRedemptionMeters() {
            var made = Set.of(RedemptionContext.NAME, RedemptionContext.NAME + ".active");
            return MeterFilter.deny(meter -> made.contains(meter.getName()));
        }
    }

    @Configuration(proxyBeanMethods = false)
    @ConditionalOnClass(ObservationRegistry.class)
    @ConditionalOnBean(ObservationRegistry.class)
    @ConditionalOnMissingBean(type = "io.micrometer.tracing.Tracer")
    static class Observing {

        @Bean
        @ConditionalOnMissingBean(TicketTracing.class)
        MicrometerTicketTracing realtimeTicketTracing(ObservationRegistry observations) {
            return new MicrometerTicketTracing(observations);
        }
    }

    @Configuration(proxyBeanMethods = false)
    @ConditionalOnClass(Tracer.class)
    @ConditionalOnBean({Tracer.class, ObservationRegistry.class})
    static class Tracing {

        /** Before Boot's own handlers of traces, of which the first that takes an observation gets it, and one takes all. */
        @Bean
        @Order(0)
        @ConditionalOnMissingBean
        TicketSpans realtimeTicketSpans(Tracer tracer) {
            return new TicketSpans(tracer);
        }

        @Bean
        @ConditionalOnMissingBean(TicketTracing.class)
        MicrometerTicketTracing realtimeTicketTracing(ObservationRegistry observations, TicketSpans spans) {
            return new MicrometerTicketTracing(observations, spans::current);
        }
    }
}
