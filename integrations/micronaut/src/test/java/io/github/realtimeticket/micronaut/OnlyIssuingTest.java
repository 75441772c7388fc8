// SPDX-License-Identifier: Apache-2.0
package io.github.realtimeticket.micronaut;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.github.realtimeticket.Issuer;
import io.github.realtimeticket.TicketStore;
import io.github.realtimeticket.Tickets;
import io.micronaut.context.ApplicationContext;
import io.micronaut.context.RuntimeBeanDefinition;
import io.micronaut.context.exceptions.BeanContextException;
import java.io.File;
import java.net.URL;
import java.net.URLClassLoader;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;

/** An application without WebSockets, with no more on its class path than it needs to issue. */
class OnlyIssuingTest {

    @Test
    void withoutWebSocketsTicketsAreIssued() throws Exception {
        runWithout("micronaut-websocket", Issues.class);
    }

    @Test
    void onAnotherServerThanNettyItStartsUnlessItHasAWebSocket() throws Exception {
        runWithout("micronaut-http-server-netty", Starts.class);
    }

    private static void runWithout(String artifact, Class<? extends Runnable> application) throws Exception {
        List<URL> path = new ArrayList<>();
        int left = 0;
        String all = System.getProperty("surefire.test.class.path", System.getProperty("java.class.path"));
        for (String entry : all.split(File.pathSeparator, -1)) {
            if (Path.of(entry).getFileName().toString().startsWith(artifact)) {
                left++;
            } else {
                path.add(Path.of(entry).toUri().toURL());
            }
        }
        assertThat(left).isEqualTo(1);

        Thread thread = Thread.currentThread();
        ClassLoader before = thread.getContextClassLoader();
        try (var loader = new URLClassLoader(path.toArray(URL[]::new), ClassLoader.getPlatformClassLoader())) {
            thread.setContextClassLoader(loader);
            ((Runnable) loader.loadClass(application.getName())
                            .getDeclaredConstructor()
                            .newInstance())
                    .run();
        } finally {
            thread.setContextClassLoader(before);
        }
    }

    public static final class Issues implements Runnable {

        @Override
        public void run() {
            try (var server = MicronautServer.set(Map.of("site", true, "sockets", "none"), issuer())) {
                assertThat(server.login("alice").ticket()).isNotEmpty();
            } catch (Exception e) {
                throw new AssertionError(e);
            }
        }
    }

    public static final class Starts implements Runnable {

        @Override
        public void run() {
            try (var context = start(Map.of("sockets", "none"))) {
                assertThat(context.containsBean(TicketEndpoint.class)).isTrue();
                assertThat(context.containsBean(TicketFilter.class)).isFalse();
            }
            start(Map.of("realtime-ticket.gate.except", "/chat,/any")).close();
            assertThatThrownBy(() -> start(Map.of()))
                    .isInstanceOf(BeanContextException.class)
                    .hasMessageContaining("Netty only");
        }

        private static ApplicationContext start(Map<String, Object> settings) {
            return ApplicationContext.builder()
                    .beanDefinitions(RuntimeBeanDefinition.of(issuer()))
                    .properties(settings)
                    .start();
        }
    }

    private static Issuer issuer() {
        return Issuer.of(Tickets.of(TicketStore.inMemory()));
    }
}
