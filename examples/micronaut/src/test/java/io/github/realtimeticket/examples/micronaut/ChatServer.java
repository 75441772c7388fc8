// SPDX-License-Identifier: Apache-2.0
package io.github.realtimeticket.examples.micronaut;

import io.micronaut.context.ApplicationContext;
import io.micronaut.context.RuntimeBeanDefinition;
import io.micronaut.runtime.server.EmbeddedServer;
import java.net.URI;
import java.util.Map;

/** The application on a free port, with one of its beans replaced. */
record ChatServer(EmbeddedServer server) implements AutoCloseable {

    static <T> ChatServer with(Class<T> type, T bean, Map<String, Object> settings) {
        ApplicationContext context = ApplicationContext.builder()
                .beanDefinitions(RuntimeBeanDefinition.builder(type, () -> bean)
                        .replaces(type)
                        .build())
                .properties(Map.of("micronaut.server.host", "127.0.0.1", "micronaut.server.port", -1))
                .properties(settings)
                .start();
        return new ChatServer(context.getBean(EmbeddedServer.class).start());
    }

    URI uri() {
        return URI.create("ws://127.0.0.1:" + server.getPort() + "/chat");
    }

    @Override
    public void close() {
        server.getApplicationContext().close();
    }
}
