// SPDX-License-Identifier: Apache-2.0
package io.github.realtimeticket.spring.boot;

import static org.assertj.core.api.Assertions.assertThat;

import io.github.realtimeticket.BoundedTicketStore;
import io.github.realtimeticket.Gate;
import io.github.realtimeticket.InMemoryTicketStore;
import io.github.realtimeticket.Issuer;
import io.github.realtimeticket.Revocations;
import io.github.realtimeticket.TicketCarrier;
import io.github.realtimeticket.TicketEvent;
import io.github.realtimeticket.TicketListener;
import io.github.realtimeticket.TicketStore;
import io.github.realtimeticket.Tickets;
import io.github.realtimeticket.redis.RedisTicketStore;
import io.github.realtimeticket.spring.metrics.MicrometerTicketListener;
import io.github.realtimeticket.spring.security.TicketAuthenticationConverter;
import io.github.realtimeticket.spring.web.RealtimeTicketInterceptor;
import io.github.realtimeticket.spring.web.TicketEndpointPath;
import io.github.realtimeticket.spring.web.TicketGrants;
import io.github.realtimeticket.spring.websocket.TicketHandshakeInterceptor;
import io.micrometer.core.instrument.simple.SimpleMeterRegistry;
import java.lang.reflect.RecordComponent;
import java.time.Duration;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.springframework.boot.autoconfigure.AutoConfigurations;
import org.springframework.boot.context.properties.bind.DataObjectPropertyName;
import org.springframework.boot.test.context.FilteredClassLoader;
import org.springframework.boot.test.context.runner.AbstractApplicationContextRunner;
import org.springframework.boot.test.context.runner.ApplicationContextRunner;
import org.springframework.boot.test.context.runner.WebApplicationContextRunner;
import org.springframework.boot.test.system.CapturedOutput;
import org.springframework.boot.test.system.OutputCaptureExtension;
import org.springframework.boot.test.util.TestPropertyValues;
import org.springframework.context.annotation.Configuration;
import org.springframework.security.config.annotation.web.builders.HttpSecurity;
import org.springframework.web.servlet.DispatcherServlet;
import org.springframework.web.socket.server.HandshakeInterceptor;

/** Which beans are there, and when they step back. */
@ExtendWith(OutputCaptureExtension.class)
class ConfigurationTest {

    private static final AutoConfigurations OURS = AutoConfigurations.of(
            RealtimeTicketAutoConfiguration.class,
            RealtimeTicketHealthAutoConfiguration.class,
            RealtimeTicketMicrometerAutoConfiguration.class,
            RealtimeTicketRedisAutoConfiguration.class,
            RealtimeTicketSecurityAutoConfiguration.class,
            RealtimeTicketWebAutoConfiguration.class,
            RealtimeTicketWebFluxAutoConfiguration.class,
            RealtimeTicketWebFluxSecurityAutoConfiguration.class,
            RealtimeTicketWebSocketAutoConfiguration.class);

    private final ApplicationContextRunner program = new ApplicationContextRunner().withConfiguration(OURS);
    private final WebApplicationContextRunner web = new WebApplicationContextRunner().withConfiguration(OURS);

    @Configuration(proxyBeanMethods = false)
    static class Nothing {}

    @Test
    void aProgramHasTheStoreTheTicketsAndTheGateAndNothingOfTheWeb(CapturedOutput output) {
        program.run(context -> {
            assertThat(context).hasSingleBean(InMemoryTicketStore.class).hasSingleBean(Tickets.class);
            assertThat(context.getBean(Gate.class).carrier()).isEqualTo(TicketCarrier.query());
            assertThat(context.getBean(Tickets.class).timeToLive()).isEqualTo(Duration.ofSeconds(10));
            assertThat(context).doesNotHaveBean(Issuer.class);
        });

        assertThat(output.getOut().lines().filter(line -> line.contains("Tickets are kept in the memory")))
                .singleElement()
                .satisfies(line -> assertThat(line).contains("INFO").contains("realtime-ticket.store=redis"));
    }

    @ParameterizedTest
    @CsvSource({
        "memory, redis.url, realtime-ticket.redis.url=redis://:s3cret@redis-1",
        "memory, redis.timeout, REALTIME_TICKET_REDIS_TIMEOUT=2s",
        "memory, key-prefix, realtime-ticket.key-prefix=t:",
        "memory, jdbc.timeout, realtime-ticket.jdbc.timeout=2s",
        "redis, memory.maximum, realtime-ticket.memory.maximum=7",
        "redis, jdbc.initialize-schema, realtime-ticket.jdbc.initialize-schema=never"
    })
    void aSettingWithoutEffectIsWarnedOf(String store, String property, String setting, CapturedOutput output) {
        program.withInitializer(context -> TestPropertyValues.of(setting)
                        .applyTo(context.getEnvironment(), TestPropertyValues.Type.SYSTEM_ENVIRONMENT))
                .withPropertyValues("realtime-ticket.store=" + store)
                .run(context -> assertThat(context).hasSingleBean(TicketStore.class));

        assertThat(output.getOut().lines().filter(line -> line.contains("Without effect")))
                .singleElement()
                .satisfies(line -> assertThat(line)
                        .contains("WARN")
                        .endsWith("realtime-ticket.store is " + store + ": realtime-ticket." + property));
        assertThat(output).doesNotContain("s3cret");
    }

    @Test
    void aServletApplicationHasTheEndpointToo() {
        web.run(context -> {
            assertThat(context).hasSingleBean(Issuer.class).hasBean("realtimeTicketEndpoint");
            assertThat(context).hasSingleBean(RealtimeTicketInterceptor.class);
            assertThat(context).hasSingleBean(TicketHandshakeInterceptor.class);
        });
    }

    @Test
    void settingsAreFoundUnderTheirRelaxedNames() {
        program.withPropertyValues(
                        "REALTIME_TICKET_TIME_TO_LIVE=20",
                        "realtime-ticket.carrier=SubProtocol",
                        "realtimeTicket.carrierName=t.",
                        "realtime-ticket.audience=chat",
                        "realtime_ticket.memory.maximum=1")
                .run(context -> {
                    assertThat(context.getBean(Gate.class).carrier()).isEqualTo(TicketCarrier.subprotocol("t."));
                    assertThat(context.getBean(Tickets.class).binding().audience())
                            .isEqualTo("chat");
                });
        program.withInitializer(context -> context.getEnvironment()
                        .getPropertySources()
                        .addFirst(new org.springframework.core.env.SystemEnvironmentPropertySource(
                                "systemEnvironment", Map.of("REALTIME_TICKET_TIME_TO_LIVE", "20"))))
                .run(context ->
                        assertThat(context.getBean(Tickets.class).timeToLive()).isEqualTo(Duration.ofSeconds(20)));
    }

    @Test
    void everyBeanStepsBackForTheApplications() {
        TicketStore store = TicketStore.inMemory();
        Tickets tickets = Tickets.of(store);
        Gate gate = Gate.of(tickets);
        TicketGrants grants = TicketGrants.byName();
        TicketAuthenticationConverter converter = TicketAuthenticationConverter.toHolder();

        web.withBean(TicketStore.class, () -> store)
                .withBean(Tickets.class, () -> tickets)
                .withBean(Gate.class, () -> gate)
                .withBean(TicketGrants.class, () -> grants)
                .withBean(TicketAuthenticationConverter.class, () -> converter)
                .run(context -> {
                    assertThat(context.getBean(TicketStore.class)).isSameAs(store);
                    assertThat(context.getBean(Tickets.class)).isSameAs(tickets);
                    assertThat(context.getBean(Gate.class)).isSameAs(gate);
                    assertThat(context.getBean(TicketGrants.class)).isSameAs(grants);
                    assertThat(context.getBean(TicketAuthenticationConverter.class))
                            .isSameAs(converter);
                });
        web.withPropertyValues("realtime-ticket.store=redis")
                .withBean(TicketStore.class, () -> store)
                .run(context -> assertThat(context).doesNotHaveBean(RedisTicketStore.class));
    }

    @Test
    void aStoreThatIsChosenInVainIsWarnedOf(CapturedOutput output) {
        program.withPropertyValues("realtime-ticket.store=redis")
                .withBean(TicketStore.class, TicketStore::inMemory)
                .run(context -> assertThat(context).hasNotFailed());

        assertThat(output)
                .contains(
                        "Without effect, because the application has a TicketStore of its own: realtime-ticket.store");
    }

    @ParameterizedTest
    @CsvSource({
        "TicketStore, redis.url, x",
        "TicketStore, redis.timeout, 2s",
        "TicketStore, key-prefix, t:",
        "TicketStore, memory.maximum, 7",
        "TicketStore, jdbc.initialize-schema, never",
        "TicketStore, revocations.enabled, true",
        "Tickets, time-to-live, 20s",
        "Tickets, audience, chat",
        "Gate, carrier, header",
        "Gate, gate.allowed-origins[0], https://app.example",
        "Issuer, origin, https://app.example",
        "Issuer, allowed-origins, https://app.example",
        "Issuer, limit.burst, 7",
        "Revocations, revocations.enabled, false",
        "TicketEndpointPath, path, /tickets/",
        "TicketAuthenticationConverter, gate.trust-authorities, true",
        "nothing, limit.burst, 7"
    })
    void aSettingOfWhatTheApplicationMakesItselfIsWarnedOf(
            String own, String property, String value, CapturedOutput output) {
        TicketStore store = new BoundedTicketStore(TicketStore.inMemory());
        Tickets tickets = Tickets.of(store);
        WebApplicationContextRunner application =
                switch (own) {
                    case "TicketStore" -> web.withBean(TicketStore.class, () -> store);
                    case "Tickets" -> web.withBean(Tickets.class, () -> tickets);
                    case "Gate" -> web.withBean(Gate.class, () -> Gate.of(tickets));
                    case "Issuer" -> web.withBean(Issuer.class, () -> Issuer.of(tickets));
                    case "Revocations" -> web.withBean(Revocations.class, Revocations::inMemory);
                    case "TicketEndpointPath" ->
                        web.withBean(TicketEndpointPath.class, () -> new TicketEndpointPath("/own/"));
                    case "TicketAuthenticationConverter" ->
                        web.withBean(TicketAuthenticationConverter.class, TicketAuthenticationConverter::toHolder);
                    default -> web.withPropertyValues("realtime-ticket.limit.enabled=false");
                };

        application
                .withPropertyValues("realtime-ticket." + property + "=" + value)
                .run(context -> assertThat(context).hasNotFailed());

        assertThat(output.getOut().lines().filter(line -> line.contains("Without effect")))
                .singleElement()
                .satisfies(line -> assertThat(line)
                        .contains("WARN", own.equals("nothing") ? "limit.enabled is false" : own)
                        .endsWith(": realtime-ticket." + property.replace("[0]", "")));
    }

    @ParameterizedTest
    @CsvSource({
        "program, limit.burst, 7",
        "program, origin, https://app.example",
        "program, allowed-origins, https://app.example",
        "program, path, /tickets/",
        "program, client.enabled, false",
        "program, authorities, true",
        "program, connection.ends-with-token, false",
        "program, gate.trust-authorities, true",
        "program, gate.stomp, true",
        "insecure, authorities, true",
        "insecure, connection.ends-with-token, false",
        "insecure, gate.trust-authorities, true",
        "without messaging, gate.stomp, true",
        "redis, redis.revocations.key, news"
    })
    void aSettingOfWhatIsNotThereIsWarnedOf(String where, String property, String value, CapturedOutput output) {
        AbstractApplicationContextRunner<?, ?, ?> application =
                switch (where) {
                    case "program" -> program;
                    case "insecure" -> web.withClassLoader(new FilteredClassLoader("org.springframework.security"));
                    case "without messaging" ->
                        web.withClassLoader(new FilteredClassLoader(
                                "org.springframework.messaging", "org.springframework.security"));
                    default -> program.withPropertyValues("realtime-ticket.store=redis");
                };

        application
                .withPropertyValues("realtime-ticket." + property + "=" + value)
                .run(context -> assertThat(context).hasNotFailed());

        assertThat(output.getOut().lines().filter(line -> line.contains("Without effect")))
                .singleElement()
                .satisfies(line -> assertThat(line).contains("WARN").endsWith(": realtime-ticket." + property));
    }

    @Test
    void noSettingIsWithoutEffectInSilence(CapturedOutput output) {
        Map<String, String> settings = settings("realtime-ticket.", RealtimeTicketProperties.class);
        // These stop the start of a program.
        settings.keySet().removeAll(Set.of("realtime-ticket.gate.paths", "realtime-ticket.gate.graphql"));
        Tickets tickets = Tickets.of(TicketStore.inMemory());

        program.withBean(TicketStore.class, TicketStore::inMemory)
                .withBean(Tickets.class, () -> tickets)
                .withBean(Gate.class, () -> Gate.of(tickets))
                .withPropertyValues(
                        settings.entrySet().stream().map(Object::toString).toArray(String[]::new))
                .run(context -> assertThat(context).hasNotFailed());

        assertThat(output.getOut()
                        .lines()
                        .filter(line -> line.contains("Without effect"))
                        .flatMap(line -> Stream.of(
                                line.substring(line.lastIndexOf(": ") + 2).split(", "))))
                .containsExactlyInAnyOrderElementsOf(settings.keySet());
    }

    /** All that there are, each with a value of its type. */
    private static Map<String, String> settings(String above, Class<?> properties) {
        var settings = new TreeMap<String, String>();
        for (RecordComponent property : properties.getRecordComponents()) {
            String name = above + DataObjectPropertyName.toDashedForm(property.getName());
            Class<?> type = property.getType();
            if (type.isRecord()) {
                settings.putAll(settings(name + ".", type));
            } else {
                settings.put(name, type.isEnum() ? type.getEnumConstants()[0].toString() : "1");
            }
        }
        return settings;
    }

    @Test
    void redisIsNeverReplacedByMemoryBecauseItsLibraryIsMissing() {
        program.withPropertyValues("realtime-ticket.store=redis")
                .withClassLoader(new FilteredClassLoader(RedisTicketStore.class))
                .run(context -> assertThat(context.getStartupFailure())
                        .rootCause()
                        .hasMessageContaining("realtime-ticket.store")
                        .hasMessageContaining("realtime-ticket-redis on the class path"));
    }

    @Test
    void itStartsWithoutSpringSecurityWebMvcWebSocketMicrometerOrActuator(CapturedOutput output) {
        web.withClassLoader(new FilteredClassLoader(
                        HttpSecurity.class.getPackageName(),
                        DispatcherServlet.class.getPackageName(),
                        HandshakeInterceptor.class.getPackageName(),
                        "org.springframework.security",
                        "org.springframework.boot.health",
                        "org.springframework.boot.data.redis",
                        "io.micrometer"))
                .run(context -> {
                    assertThat(context).hasNotFailed().hasSingleBean(Issuer.class);
                    assertThat(context).doesNotHaveBean(RealtimeTicketInterceptor.class);
                });

        assertThat(output).contains("WARN", "POST /ticket/ is not served", "servlet application without Spring MVC");
    }

    @Test
    void aBackendThatHasGatesOnlyIsNotToldThatItLacksSpringMvc(CapturedOutput output) {
        new WebApplicationContextRunner()
                .withConfiguration(AutoConfigurations.of(RealtimeTicketAutoConfiguration.class))
                .run(context -> assertThat(context).hasNotFailed());

        assertThat(output)
                .contains("POST /ticket/ is not served", "RealtimeTicketWebAutoConfiguration is not among")
                .doesNotContain("without Spring MVC");
    }

    @Test
    void whereThereIsNoWebItSaysWhatIsMissing(CapturedOutput output) {
        program.run(context -> assertThat(context).hasNotFailed());

        assertThat(output).contains("WARN", "POST /ticket/ is not served", "no web application");
    }

    @Test
    void pathsThatNothingWouldGuardStopTheStart() {
        program.withPropertyValues("realtime-ticket.gate.paths=/realtime/**").run(context -> assertThat(context)
                .getFailure()
                .hasStackTraceContaining("realtime-ticket.gate.paths needs a web application"));
        web.withPropertyValues("realtime-ticket.gate.paths[0]=/realtime/**")
                .withClassLoader(new FilteredClassLoader("org.springframework.security"))
                .run(context -> assertThat(context)
                        .getFailure()
                        .hasStackTraceContaining("realtime-ticket.gate.paths needs a web application"));
    }

    @Test
    void allListenersWatchBesideTheMeters() {
        var first = new Seen();
        var second = new Seen();

        program.withBean("meters", SimpleMeterRegistry.class)
                .withBean("first", TicketListener.class, () -> first)
                .withBean("second", TicketListener.class, () -> second)
                .run(context -> {
                    context.getBean(Tickets.class)
                            .issue(io.github.realtimeticket.TicketHolder.of(1, "alice"))
                            .toCompletableFuture()
                            .join();

                    assertThat(context).hasSingleBean(MicrometerTicketListener.class);
                    assertThat(first.issued).isEqualTo(1);
                    assertThat(second.issued).isEqualTo(1);
                    assertThat(context.getBean(SimpleMeterRegistry.class)
                                    .get("realtime.ticket.issued")
                                    .counter()
                                    .count())
                            .isEqualTo(1);
                });
    }

    private static final class Seen implements TicketListener {
        int issued;

        @Override
        public void on(TicketEvent event) {
            issued++;
        }
    }
}
