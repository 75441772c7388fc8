// SPDX-License-Identifier: Apache-2.0
package io.github.realtimeticket.micronaut;

import io.github.realtimeticket.fixtures.WebUser;
import io.github.realtimeticket.testkit.GateContract;
import io.micronaut.context.ApplicationContext;
import io.micronaut.context.RuntimeBeanDefinition;
import io.micronaut.runtime.server.EmbeddedServer;
import java.net.URI;
import java.util.Map;
import java.util.stream.Stream;

/** An application on a free port, with the beans of this package, as far as its settings want them, and further ones. */
record MicronautServer(EmbeddedServer server) implements GateContract.RunningServer {

    private static final Map<String, Object> SETTINGS = Map.of(
            "micronaut.server.host",
            "127.0.0.1",
            "micronaut.server.port",
            -1,
            "micronaut.server.cors.localhost-pass-through",
            true,
            "micronaut.security.enabled",
            false);

    static MicronautServer with(Object... beans) {
        return set(Map.of(), beans);
    }

    static MicronautServer set(Map<String, Object> settings, Object... beans) {
        RuntimeBeanDefinition<?>[] definitions =
                Stream.of(beans).map(RuntimeBeanDefinition::of).toArray(RuntimeBeanDefinition<?>[]::new);
        ApplicationContext context = ApplicationContext.builder()
                .beanDefinitions(definitions)
                .properties(SETTINGS)
                .properties(settings)
                .start();
        return new MicronautServer(context.getBean(EmbeddedServer.class).start());
    }

    @Override
    public URI uri() {
        return uri("ws", "/chat");
    }

    URI uri(String scheme, String path) {
        return URI.create(scheme + "://127.0.0.1:" + port() + path);
    }

    int port() {
        return server.getPort();
    }

    Chat chat() {
        return bean(Chat.class);
    }

    <T> T bean(Class<T> type) {
        return server.getApplicationContext().getBean(type);
    }

    /** A user of a {@link Site}. */
    WebUser login(String username) throws Exception {
        return new WebUser("http://127.0.0.1:" + port()).logsIn(username, "none");
    }

    @Override
    public void close() {
        server.getApplicationContext().close();
    }
}
