// SPDX-License-Identifier: Apache-2.0
package io.github.realtimeticket.spring.boot;

import io.github.realtimeticket.TicketTracing;
import io.github.realtimeticket.spring.metrics.MicrometerTicketTracing;
import io.micrometer.tracing.Tracer;
import org.springframework.boot.autoconfigure.AutoConfiguration;
import org.springframework.boot.autoconfigure.condition.ConditionalOnBean;
import org.springframework.boot.autoconfigure.condition.ConditionalOnClass;
import org.springframework.boot.autoconfigure.condition.ConditionalOnMissingBean;
import org.springframework.context.annotation.Bean;

/** One trace of issue and redemption, where Micrometer has a tracer. */
@AutoConfiguration(
        before = RealtimeTicketAutoConfiguration.class,
        afterName = {
            "org.springframework.boot.micrometer.tracing.autoconfigure.NoopTracerAutoConfiguration",
            "org.springframework.boot.micrometer.tracing.brave.autoconfigure.BraveAutoConfiguration",
            "org.springframework.boot.micrometer.tracing.opentelemetry.autoconfigure.OpenTelemetryTracingAutoConfiguration",
            // Boot 3.5.
            "org.springframework.boot.actuate.autoconfigure.tracing.NoopTracerAutoConfiguration",
            "org.springframework.boot.actuate.autoconfigure.tracing.BraveAutoConfiguration",
            "org.springframework.boot.actuate.autoconfigure.tracing.OpenTelemetryTracingAutoConfiguration"
        })
@ConditionalOnClass(Tracer.class)
@ConditionalOnBean(Tracer.class)
public final class RealtimeTicketTracingAutoConfiguration {

    RealtimeTicketTracingAutoConfiguration() {}

    @Bean
    @ConditionalOnMissingBean(TicketTracing.class)
    MicrometerTicketTracing realtimeTicketTracing(Tracer tracer) {
        return new MicrometerTicketTracing(tracer);
    }
}
