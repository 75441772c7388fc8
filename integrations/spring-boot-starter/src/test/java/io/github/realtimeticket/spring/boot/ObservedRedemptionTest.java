// SPDX-License-Identifier: Apache-2.0
package io.github.realtimeticket.spring.boot;

import static org.assertj.core.api.Assertions.assertThat;

import io.github.realtimeticket.Gate;
import io.github.realtimeticket.Ticket;
import io.github.realtimeticket.TicketHolder;
import io.github.realtimeticket.TicketTracing;
import io.github.realtimeticket.Tickets;
import io.github.realtimeticket.spring.metrics.MicrometerTicketTracing;
import io.github.realtimeticket.spring.metrics.RedemptionContext;
import io.github.realtimeticket.spring.metrics.TicketSpans;
import io.micrometer.core.instrument.MeterRegistry;
import io.micrometer.core.instrument.simple.SimpleMeterRegistry;
import io.micrometer.observation.Observation;
import io.micrometer.observation.ObservationHandler;
import io.micrometer.observation.ObservationRegistry;
import io.micrometer.tracing.Tracer;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.springframework.beans.factory.BeanFactory;
import org.springframework.boot.autoconfigure.AutoConfigurations;
import org.springframework.boot.micrometer.metrics.autoconfigure.MetricsAutoConfiguration;
import org.springframework.boot.micrometer.observation.autoconfigure.ObservationAutoConfiguration;
import org.springframework.boot.test.context.FilteredClassLoader;
import org.springframework.boot.test.context.runner.ApplicationContextRunner;

/** What observes a redemption in an application; the generations' own test has traces. */
class ObservedRedemptionTest {

    private final Seen seen = new Seen();
    private final ApplicationContextRunner program = new ApplicationContextRunner()
            .withConfiguration(AutoConfigurations.of(
                    RealtimeTicketAutoConfiguration.class,
                    RealtimeTicketMicrometerAutoConfiguration.class,
                    MetricsAutoConfiguration.class,
                    ObservationAutoConfiguration.class))
            .withBean(MeterRegistry.class, SimpleMeterRegistry::new)
            .withBean(Seen.class, () -> seen);

    @Test
    void aHandlerOfTheApplicationSeesItWithoutTracing() {
        program.withClassLoader(new FilteredClassLoader("io.micrometer.tracing"))
                .run(context -> {
                    redeem(context);

                    assertThat(seen.outcomes).containsExactly("admitted");
                    assertThat(context).hasSingleBean(MicrometerTicketTracing.class);
                });
    }

    @Test
    void aHandlerOfTheApplicationSeesItWithATracerToo() {
        program.withBean(Tracer.class, () -> Tracer.NOOP).run(context -> {
            redeem(context);

            assertThat(seen.outcomes).containsExactly("admitted");
            assertThat(context).hasSingleBean(MicrometerTicketTracing.class).hasSingleBean(TicketSpans.class);
        });
    }

    @Test
    void itIsCountedOnce() {
        program.run(context -> {
            redeem(context);

            MeterRegistry meters = context.getBean(MeterRegistry.class);
            assertThat(meters.get("realtime.ticket.redeemed").counter().count()).isEqualTo(1);
            assertThat(meters.getMeters())
                    .noneMatch(meter -> meter.getId().getName().startsWith(RedemptionContext.NAME));
        });
    }

    @Test
    void itCanBeSwitchedOff() {
        program.withPropertyValues("management.observations.enable.realtime.ticket.redemption=false")
                .run(context -> {
                    redeem(context);

                    assertThat(seen.outcomes).isEmpty();
                });
    }

    @Test
    void itStepsBackForTheTracingOfTheApplication() {
        var own = new MicrometerTicketTracing(ObservationRegistry.NOOP);

        program.withBean(TicketTracing.class, () -> own)
                .run(context -> assertThat(context).getBean(TicketTracing.class).isSameAs(own));
    }

    private static void redeem(BeanFactory beans) {
        Ticket ticket = beans.getBean(Tickets.class)
                .issue(TicketHolder.of(1, "alice"))
                .toCompletableFuture()
                .join();
        assertThat(beans.getBean(Gate.class).admit(ticket)).isCompleted();
    }

    private static final class Seen implements ObservationHandler<RedemptionContext> {

        private final List<String> outcomes = new ArrayList<>();

        @Override
        public boolean supportsContext(Observation.Context context) {
            return context instanceof RedemptionContext;
        }

        @Override
        public void onStop(RedemptionContext context) {
            outcomes.add(context.getLowCardinalityKeyValue("outcome").getValue());
        }
    }
}
