// SPDX-License-Identifier: Apache-2.0
package io.github.realtimeticket.spring.graphql;

import static io.github.realtimeticket.spring.graphql.Messages.initWith;
import static org.assertj.core.api.Assertions.assertThat;

import io.github.realtimeticket.Gate;
import io.github.realtimeticket.TicketStore;
import io.micrometer.context.ContextSnapshot;
import io.micrometer.context.ContextSnapshotFactory;
import java.lang.reflect.Proxy;
import java.net.URI;
import java.time.Duration;
import java.util.Map;
import java.util.UUID;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.CountDownLatch;
import org.junit.jupiter.api.Test;
import org.springframework.graphql.server.WebGraphQlHandler;
import org.springframework.http.HttpHeaders;
import org.springframework.http.converter.json.JacksonJsonHttpMessageConverter;
import org.springframework.web.cors.CorsConfiguration;
import org.springframework.web.socket.TextMessage;
import org.springframework.web.socket.WebSocketSession;
import reactor.core.publisher.Mono;
import reactor.core.scheduler.Schedulers;

/** Clients in a servlet container that do not take the end of their session, on which a thread of the container's or ours then waits. */
class SlowClientTest {

    // More than Reactor has threads for everybody.
    private static final int CLIENTS = Schedulers.DEFAULT_POOL_SIZE + 1;

    private final CountDownLatch closing = new CountDownLatch(CLIENTS);
    private final CountDownLatch gone = new CountDownLatch(1);

    @Test
    void theOnesThatAreRefusedHoldUpNobodyElse() throws Exception {
        TicketWebMvcHandler handler = handler(Duration.ofMinutes(1));
        for (int i = 0; i < CLIENTS; i++) {
            WebSocketSession session = session("refused-" + i);
            handler.afterConnectionEstablished(session);
            CompletableFuture<Void> unused =
                    CompletableFuture.runAsync(() -> show(handler, session), task -> new Thread(task).start());
        }

        assertOthersGoOn();
    }

    @Test
    void theOnesThatSayNothingHoldUpNobodyElse() throws Exception {
        TicketWebMvcHandler handler = handler(Duration.ofMillis(1));
        for (int i = 0; i < CLIENTS; i++) {
            handler.afterConnectionEstablished(session("silent-" + i));
        }

        assertOthersGoOn();
    }

    private void assertOthersGoOn() throws InterruptedException {
        try {
            closing.await();
            for (int i = 0; i < CLIENTS; i++) {
                assertThat(Mono.just("on").publishOn(Schedulers.parallel()).block(Duration.ofSeconds(30)))
                        .isEqualTo("on");
            }
        } finally {
            gone.countDown();
        }
    }

    private static TicketWebMvcHandler handler(Duration timeToInit) {
        WebGraphQlHandler handler = WebGraphQlHandler.builder(request -> Mono.empty())
                .interceptor(new TicketGraphQlInterceptor(Gate.of(TicketStore.inMemory())))
                .build();
        return new TicketWebMvcHandler(
                handler, objects(new JacksonJsonHttpMessageConverter()), timeToInit, null, new CorsConfiguration());
    }

    @SuppressWarnings("unchecked")
    private static org.springframework.http.converter.HttpMessageConverter<Object> objects(
            org.springframework.http.converter.HttpMessageConverter<?> json) {
        return (org.springframework.http.converter.HttpMessageConverter<Object>) json;
    }

    private static void show(TicketWebMvcHandler handler, WebSocketSession session) {
        try {
            handler.handleMessage(session, new TextMessage(initWith("{\"ticket\":\"" + UUID.randomUUID() + "\"}")));
        } catch (Exception e) {
            throw new IllegalStateException(e);
        }
    }

    /** One whose client does not read. */
    private WebSocketSession session(String id) {
        Map<String, Object> attributes = new ConcurrentHashMap<>(Map.of(
                ContextSnapshot.class.getName(),
                ContextSnapshotFactory.builder().build().captureAll()));
        return (WebSocketSession) Proxy.newProxyInstance(
                getClass().getClassLoader(), new Class<?>[] {WebSocketSession.class}, (proxy, method, arguments) -> {
                    return switch (method.getName()) {
                        case "getId", "toString" -> id;
                        case "getAttributes" -> attributes;
                        case "getUri" -> URI.create("ws://localhost/graphql");
                        case "getHandshakeHeaders" -> new HttpHeaders();
                        case "close" -> {
                            closing.countDown();
                            gone.await();
                            yield null;
                        }
                        default -> null;
                    };
                });
    }
}
