// SPDX-License-Identifier: Apache-2.0
package io.github.realtimeticket.examples.micronaut;

import io.github.realtimeticket.Gate;
import io.github.realtimeticket.redis.RedisTicketStore;
import io.github.realtimeticket.testkit.GateContract;
import io.micronaut.context.ApplicationContext;
import io.micronaut.context.ApplicationContextBuilder;
import io.micronaut.context.RuntimeBeanDefinition;
import io.micronaut.context.event.ApplicationEventListener;
import io.micronaut.runtime.server.EmbeddedServer;
import io.micronaut.websocket.event.WebSocketEvent;
import io.micronaut.websocket.event.WebSocketSessionClosedEvent;
import io.micronaut.websocket.event.WebSocketSessionOpenEvent;
import jakarta.inject.Singleton;
import java.net.URI;
import java.util.Map;
import java.util.concurrent.atomic.AtomicInteger;

/** The application on a free port. */
record ChatServer(EmbeddedServer server) implements GateContract.RunningServer {

    /** One with this gate, and no store of its own. */
    static ChatServer with(Gate gate) {
        return with(gate, Map.of());
    }

    /** One with this gate and these settings, and no store of its own. */
    static ChatServer with(Gate gate, Map<String, Object> settings) {
        return start(replacing(Gate.class, gate).properties(settings));
    }

    /** One with its own gate, and tickets in this store. */
    static ChatServer on(RedisTicketStore store) {
        return start(replacing(RedisTicketStore.class, store));
    }

    private static <T> ApplicationContextBuilder replacing(Class<T> type, T bean) {
        return ApplicationContext.builder()
                .beanDefinitions(RuntimeBeanDefinition.builder(type, () -> bean)
                        .replaces(type)
                        .build());
    }

    private static ChatServer start(ApplicationContextBuilder application) {
        ApplicationContext context =
                application.properties(Map.of("micronaut.server.port", -1)).start();
        EmbeddedServer server = context.getBean(EmbeddedServer.class);
        server.start();
        return new ChatServer(server);
    }

    @Override
    public URI uri() {
        return URI.create("ws://127.0.0.1:" + server.getPort() + "/chat");
    }

    int open() {
        return server.getApplicationContext().getBean(Sessions.class).open.get();
    }

    @Override
    public void close() {
        server.getApplicationContext().close();
    }

    @Singleton
    static class Sessions implements ApplicationEventListener<WebSocketEvent> {

        private final AtomicInteger open = new AtomicInteger();

        @Override
        public void onApplicationEvent(WebSocketEvent event) {
            if (event instanceof WebSocketSessionOpenEvent) {
                open.incrementAndGet();
            } else if (event instanceof WebSocketSessionClosedEvent) {
                open.decrementAndGet();
            }
        }
    }
}
