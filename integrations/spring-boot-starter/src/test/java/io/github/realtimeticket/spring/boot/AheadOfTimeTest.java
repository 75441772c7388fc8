// SPDX-License-Identifier: Apache-2.0
package io.github.realtimeticket.spring.boot;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.github.realtimeticket.TicketStore;
import java.util.concurrent.atomic.AtomicReference;
import org.junit.jupiter.api.Test;
import org.springframework.aot.test.generate.TestGenerationContext;
import org.springframework.boot.autoconfigure.ImportAutoConfiguration;
import org.springframework.boot.test.util.TestPropertyValues;
import org.springframework.context.ApplicationContextInitializer;
import org.springframework.context.annotation.AnnotationConfigApplicationContext;
import org.springframework.context.annotation.Configuration;
import org.springframework.context.aot.ApplicationContextAotGenerator;
import org.springframework.context.support.GenericApplicationContext;
import org.springframework.core.test.tools.CompileWithForkedClassLoader;
import org.springframework.core.test.tools.TestCompiler;

/** An application that is processed ahead of time (AOT) has its store chosen then. */
@CompileWithForkedClassLoader
class AheadOfTimeTest {

    @Configuration(proxyBeanMethods = false)
    @ImportAutoConfiguration({RealtimeTicketAutoConfiguration.class, RealtimeTicketRedisAutoConfiguration.class})
    static class Program {}

    @Test
    void itStartsWithTheStoreItWasProcessedWith() {
        assertThat(startedWith("redis", "redis")).isEqualTo("RedisTicketStore");
    }

    @Test
    void itDoesNotStartWithRedisIfThatWasMemory() {
        assertRefused("memory", "redis");
    }

    @Test
    void itDoesNotStartWithMemoryIfThatWasRedis() {
        assertRefused("redis", "memory");
    }

    private static void assertRefused(String processed, String started) {
        assertThatThrownBy(() -> startedWith(processed, started))
                .hasStackTraceContaining("realtime-ticket.store")
                .hasStackTraceContaining("It must be " + processed + ", with which this application was processed");
    }

    @SuppressWarnings("unchecked")
    private static String startedWith(String processed, String started) {
        var generation = new TestGenerationContext();
        var build = new AnnotationConfigApplicationContext();
        TestPropertyValues.of("realtime-ticket.store=" + processed).applyTo(build);
        build.register(Program.class);
        String initializer = new ApplicationContextAotGenerator()
                .processAheadOfTime(build, generation)
                .toString();
        generation.writeGeneratedContent();
        var store = new AtomicReference<String>();
        TestCompiler.forSystem().with(generation).compile(compiled -> {
            ApplicationContextInitializer<GenericApplicationContext> generated =
                    compiled.getInstance(ApplicationContextInitializer.class, initializer);
            System.setProperty("spring.aot.enabled", "true");
            try (var context = new GenericApplicationContext()) {
                TestPropertyValues.of("realtime-ticket.store=" + started).applyTo(context);
                generated.initialize(context);
                context.refresh();
                store.set(context.getBean(TicketStore.class).getClass().getSimpleName());
            } finally {
                System.clearProperty("spring.aot.enabled");
            }
        });
        return store.get();
    }
}
