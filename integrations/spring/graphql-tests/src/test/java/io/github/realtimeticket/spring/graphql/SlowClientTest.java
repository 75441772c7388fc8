// SPDX-License-Identifier: Apache-2.0
package io.github.realtimeticket.spring.graphql;

import static io.github.realtimeticket.fixtures.Eventually.eventually;
import static io.github.realtimeticket.spring.graphql.Messages.init;
import static io.github.realtimeticket.spring.graphql.Messages.initWith;
import static io.github.realtimeticket.spring.graphql.Messages.subscribe;
import static org.assertj.core.api.Assertions.assertThat;

import io.github.realtimeticket.Gate;
import io.github.realtimeticket.Revocation;
import io.github.realtimeticket.Revocations;
import io.github.realtimeticket.Ticket;
import io.github.realtimeticket.TicketHolder;
import io.github.realtimeticket.TicketStore;
import io.github.realtimeticket.Tickets;
import io.micrometer.context.ContextSnapshot;
import io.micrometer.context.ContextSnapshotFactory;
import java.io.IOException;
import java.lang.reflect.Proxy;
import java.net.URI;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.springframework.graphql.server.WebGraphQlHandler;
import org.springframework.http.HttpHeaders;
import org.springframework.http.converter.json.JacksonJsonHttpMessageConverter;
import org.springframework.web.cors.CorsConfiguration;
import org.springframework.web.socket.CloseStatus;
import org.springframework.web.socket.TextMessage;
import org.springframework.web.socket.WebSocketSession;
import reactor.core.publisher.Mono;
import reactor.core.scheduler.Schedulers;

/** Clients in a servlet container that do not take the end of their session, on which a thread of the container's or ours then waits. */
class SlowClientTest {

    // More than Reactor has threads for everybody.
    private static final int CLIENTS = Schedulers.DEFAULT_POOL_SIZE + 1;

    private static final TicketHolder ALICE = TicketHolder.of(1, "alice");
    private static final TicketHolder BOB = TicketHolder.of(2, "bob");

    private final Revocations revocations = Revocations.inMemory();
    private final Tickets tickets =
            Tickets.builder(TicketStore.inMemory()).revocations(revocations).build();
    private final CountDownLatch closing = new CountDownLatch(CLIENTS);
    private final CountDownLatch gone = new CountDownLatch(1);
    private final AtomicInteger operations = new AtomicInteger();

    /** What a client does when its session is closed. */
    private interface Closing {
        void close(CloseStatus status) throws Exception;
    }

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

    @Test
    @Timeout(60)
    void theOneWhoSendsNoMessageOfTheProtocolHoldsUpNoThreadOfTheContainers() throws Exception {
        TicketWebMvcHandler handler = handler(Duration.ofMinutes(1));
        WebSocketSession session = session("garbage");
        handler.afterConnectionEstablished(session);
        try {
            handler.handleMessage(session, new TextMessage("{"));
            handler.handleMessage(session, new TextMessage("{"));
        } finally {
            gone.countDown();
        }
    }

    @Test
    void t16_oneUsersClientsThatReadNothingDelayNobodyElsesClosing() throws Exception {
        TicketWebMvcHandler handler = handler(Duration.ofMinutes(1));
        for (int i = 0; i < 300; i++) {
            admit(handler, session("alice-" + i), ALICE);
        }
        var closed = new CompletableFuture<CloseStatus>();
        admit(handler, session("bob", closed::complete), BOB);
        try {
            assertThat(revocations.revoke(Revocation.holder(1))).isCompleted();
            closing.await();
            assertThat(revocations.revoke(Revocation.holder(2))).isCompleted();

            assertThat(closed.get(60, TimeUnit.SECONDS).getCode()).isEqualTo(Revocation.UNAUTHORIZED);
        } finally {
            gone.countDown();
        }
    }

    @Test
    void t16_whatCouldNotBeClosedIsClosedAgain() throws Exception {
        TicketWebMvcHandler handler = handler(Duration.ofMinutes(1));
        List<Integer> codes = new CopyOnWriteArrayList<>();
        WebSocketSession session = session("bob", status -> {
            codes.add(status.getCode());
            if (codes.size() == 1) {
                throw new IOException("not now");
            }
        });
        admit(handler, session, BOB);

        assertThat(revocations.revoke(Revocation.holder(2))).isCompleted();

        eventually(() -> codes.equals(List.of(Revocation.UNAUTHORIZED, Revocation.UNAUTHORIZED)));
    }

    @Test
    void t16_whoeverIsBeingToldToGoIsHeardNoMore() throws Exception {
        TicketWebMvcHandler handler = handler(Duration.ofMinutes(1));
        var telling = new CountDownLatch(1);
        WebSocketSession session = session("bob", status -> {
            telling.countDown();
            gone.await();
        });
        admit(handler, session, BOB);
        handler.handleMessage(session, new TextMessage(subscribe("1", "{ me }")));
        eventually(() -> operations.get() == 1);
        try {
            assertThat(revocations.revoke(Revocation.holder(2))).isCompleted();
            telling.await();
            handler.handleMessage(session, new TextMessage(subscribe("2", "{ me }")));
        } finally {
            gone.countDown();
        }
        assertThat(operations).hasValue(1);
    }

    private void admit(TicketWebMvcHandler handler, WebSocketSession session, TicketHolder holder) throws Exception {
        Ticket ticket = tickets.issue(holder).toCompletableFuture().join();
        handler.afterConnectionEstablished(session);
        handler.handleMessage(session, new TextMessage(init(ticket.reveal())));
        GraphQlOpening opening = GraphQlOpening.of(session.getAttributes());
        assertThat(opening).isNotNull();
        assertThat(opening.user()).isNotNull();
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

    private TicketWebMvcHandler handler(Duration timeToInit) {
        WebGraphQlHandler handler = WebGraphQlHandler.builder(request -> {
                    operations.incrementAndGet();
                    return Mono.empty();
                })
                .interceptor(new TicketGraphQlInterceptor(Gate.of(tickets)))
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
        return session(id, status -> {
            closing.countDown();
            gone.await();
        });
    }

    private WebSocketSession session(String id, Closing taking) {
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
                            taking.close((CloseStatus) arguments[0]);
                            yield null;
                        }
                        default -> null;
                    };
                });
    }
}
