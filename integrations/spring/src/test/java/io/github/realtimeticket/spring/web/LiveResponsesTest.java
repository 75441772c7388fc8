// SPDX-License-Identifier: Apache-2.0
package io.github.realtimeticket.spring.web;

import static io.github.realtimeticket.fixtures.Eventually.eventually;
import static org.assertj.core.api.Assertions.assertThat;

import io.github.realtimeticket.Admission;
import io.github.realtimeticket.Gate;
import io.github.realtimeticket.Revocation;
import io.github.realtimeticket.Revocations;
import io.github.realtimeticket.Ticket;
import io.github.realtimeticket.TicketGrant;
import io.github.realtimeticket.TicketHolder;
import io.github.realtimeticket.TicketStore;
import io.github.realtimeticket.Tickets;
import io.github.realtimeticket.fixtures.Application;
import io.github.realtimeticket.fixtures.Connection;
import io.github.realtimeticket.fixtures.Log;
import io.github.realtimeticket.fixtures.Wire;
import io.github.realtimeticket.spring.GreetingHandler;
import io.github.realtimeticket.spring.SecuredApplication;
import io.github.realtimeticket.spring.websocket.LiveWebSockets;
import jakarta.servlet.AsyncEvent;
import jakarta.servlet.AsyncListener;
import jakarta.servlet.DispatcherType;
import jakarta.servlet.http.HttpServletRequest;
import jakarta.servlet.http.HttpServletResponse;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.logging.Level;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Configuration;
import org.springframework.context.annotation.Import;
import org.springframework.core.Ordered;
import org.springframework.http.server.ServerHttpRequest;
import org.springframework.http.server.ServerHttpResponse;
import org.springframework.mock.web.MockAsyncContext;
import org.springframework.mock.web.MockHttpServletRequest;
import org.springframework.mock.web.MockHttpServletResponse;
import org.springframework.web.bind.annotation.GetMapping;
import org.springframework.web.bind.annotation.RestController;
import org.springframework.web.servlet.HandlerInterceptor;
import org.springframework.web.servlet.config.annotation.InterceptorRegistry;
import org.springframework.web.servlet.config.annotation.WebMvcConfigurer;
import org.springframework.web.servlet.mvc.method.annotation.SseEmitter;
import org.springframework.web.socket.WebSocketHandler;
import org.springframework.web.socket.config.annotation.WebSocketConfigurer;
import org.springframework.web.socket.config.annotation.WebSocketHandlerRegistry;
import org.springframework.web.socket.server.HandshakeInterceptor;
import org.springframework.web.socket.server.support.DefaultHandshakeHandler;
import org.springframework.web.socket.server.support.WebSocketHandlerMapping;
import org.springframework.web.socket.server.support.WebSocketHttpRequestHandler;

/** What a filter has admitted is registered whatever becomes of it. */
class LiveResponsesTest {

    private static final TicketHolder ALICE = TicketHolder.of(1, "alice");

    private static final Revocations REVOCATIONS = Revocations.inMemory();
    private static final Tickets TICKETS =
            Tickets.builder(TicketStore.inMemory()).revocations(REVOCATIONS).build();
    private static final Gate GATE = Gate.of(TICKETS);

    private static Application application;
    private static List<String> warnings;

    @Configuration(proxyBeanMethods = false)
    @Import(SecuredApplication.class)
    @RestController
    static class Site implements WebSocketConfigurer, WebMvcConfigurer {

        @Override
        public void registerWebSocketHandlers(WebSocketHandlerRegistry registry) {
            registry.addHandler(new GreetingHandler(), "/realtime/sockjs")
                    .setAllowedOriginPatterns("*")
                    .withSockJS();
            registry.addHandler(new GreetingHandler(), "/realtime/revoked-on-the-way")
                    .setAllowedOriginPatterns("*")
                    .addInterceptors(new RevokingOnTheWay());
            registry.addHandler(new GreetingHandler(), "/realtime/refusing")
                    .setAllowedOriginPatterns("*")
                    .addInterceptors(new Refusing());
        }

        @Bean
        WebSocketHandlerMapping ofASubclass() {
            var mapping = new WebSocketHandlerMapping();
            mapping.setOrder(Ordered.HIGHEST_PRECEDENCE);
            mapping.setUrlMap(Map.of(
                    "/realtime/subclass",
                    new WebSocketHttpRequestHandler(new GreetingHandler(), new DefaultHandshakeHandler()) {}));
            return mapping;
        }

        @GetMapping("/realtime/dispatched")
        CompletableFuture<SseEmitter> dispatched() {
            return CompletableFuture.supplyAsync(
                    () -> new SseEmitter(0L), CompletableFuture.delayedExecutor(1, TimeUnit.MILLISECONDS));
        }

        @GetMapping("/realtime/own-thread")
        void ownThread(HttpServletResponse response) throws IOException {
            response.getWriter().write(GATE.connections().count() + " known");
        }

        @Override
        public void addInterceptors(InterceptorRegistry registry) {
            registry.addInterceptor(new HandlerInterceptor() {
                        @Override
                        public boolean preHandle(
                                HttpServletRequest request, HttpServletResponse response, Object handler) {
                            if (request.getDispatcherType() == DispatcherType.ASYNC) {
                                closeAll();
                            }
                            return true;
                        }
                    })
                    .addPathPatterns("/realtime/dispatched");
        }
    }

    private static class RevokingOnTheWay implements HandshakeInterceptor {
        @Override
        public boolean beforeHandshake(
                ServerHttpRequest request,
                ServerHttpResponse response,
                WebSocketHandler handler,
                Map<String, Object> attributes) {
            closeAll();
            return true;
        }

        @Override
        public void afterHandshake(
                ServerHttpRequest request, ServerHttpResponse response, WebSocketHandler handler, Exception fault) {}
    }

    private static final class Refusing extends RevokingOnTheWay {
        @Override
        public boolean beforeHandshake(
                ServerHttpRequest request,
                ServerHttpResponse response,
                WebSocketHandler handler,
                Map<String, Object> attributes) {
            return false;
        }
    }

    @BeforeAll
    static void start() {
        try (Log log = new Log(LiveWebSockets.class)) {
            application = Application.start(Site.class, Map.of("gate", GATE));
            warnings = log.said(Level.WARNING);
        }
    }

    @AfterAll
    static void stop() {
        application.close();
    }

    @AfterEach
    void nothingIsLeft() throws Exception {
        awaitConnections(0);
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "Upgrade: x\r\n",
                "Connection: Upgrade\r\nUpgrade: h2c\r\n",
                "Connection: Upgrade\r\nUpgrade: websocket\r\nSec-WebSocket-Version: 13\r\nSec-WebSocket-Key: dGhlIHNhbXBsZSBub25jZQ==\r\n"
            })
    void whoeverAsksAnEventStreamForAnUpgradeIsKnownAllTheSame(String headers) throws Exception {
        try (Wire wire = asked("/realtime/stream", headers)) {
            assertThat(wire.answer().status()).isEqualTo(200);
            awaitConnections(1);

            revoke();

            assertThat(wire.rest()).contains("alice");
        }
    }

    @Test
    void whatItsThreadWritesIsKnownUntilThatReturns() throws Exception {
        try (Wire wire = asked("/realtime/own-thread", "Upgrade: x\r\n")) {
            assertThat(wire.rest()).contains("1 known");
        }
    }

    @Test
    void aStreamWhoseLoginEndsDuringADispatchIsCompletedWhenItBeginsAnew() throws Exception {
        try (Wire wire = asked("/realtime/dispatched", "")) {
            assertThat(wire.rest()).startsWith("HTTP/1.1 200");
        }
    }

    @Test
    void aWebSocketWhoseLoginEndsBeforeItIsOpenIsClosedAsItOpens() throws Exception {
        try (Connection connection = open("/realtime/revoked-on-the-way")) {
            assertThat(connection.closeCode()).isEqualTo(3003);
        }
    }

    @Test
    void aHandshakeThatIsRefusedIsForgotten() throws Exception {
        try (Connection connection = open("/realtime/refusing")) {
            assertThat(connection.status()).isNotEqualTo(101);
        }
    }

    @ParameterizedTest
    @ValueSource(strings = {"/realtime/sockjs/websocket", "/realtime/sockjs/000/abc/websocket"})
    void aWebSocketOfSockJsEndsWithTheLogin(String path) throws Exception {
        try (Connection connection = open(path)) {
            assertThat(connection.status()).isEqualTo(101);
            connection.next();
            awaitConnections(1);

            revoke();

            assertThat(connection.closeCode()).isEqualTo(3000);
        }
    }

    @Test
    void anOperatorIsToldWhatIsNotClosed() throws Exception {
        assertThat(warnings).singleElement().asString().contains("/realtime/subclass");

        try (Log log = new Log(LiveResponses.class);
                Connection connection = open("/realtime/subclass")) {
            assertThat(connection.next()).isEqualTo("alice");
            awaitConnections(0);
            assertThat(log.said(Level.WARNING)).singleElement().asString().contains("/realtime/subclass");
        }
    }

    /** As Tomcat's: it tells its listeners with a lock of its own, which another thread that completes it waits for. */
    private static final class Locked extends MockAsyncContext {

        private final CountDownLatch held = new CountDownLatch(1);
        private final CountDownLatch completing = new CountDownLatch(1);

        Locked(MockHttpServletRequest request) {
            super(request, new MockHttpServletResponse());
        }

        @Override
        public void complete() {
            completing.countDown();
            synchronized (this) {
                throw new IllegalStateException("It has completed already");
            }
        }

        void isCompletedBesides() {
            synchronized (this) {
                held.countDown();
                awaitOf(completing);
                for (AsyncListener listener : getListeners()) {
                    try {
                        listener.onComplete(new AsyncEvent(this));
                    } catch (IOException e) {
                        throw new UncheckedIOException(e);
                    }
                }
            }
        }
    }

    @Test
    void aStreamThatCompletesWhileItsLoginEndsHoldsNoThreadUp() throws Exception {
        var request = new MockHttpServletRequest();
        var context = new Locked(request);
        request.setAsyncContext(context);
        request.setAsyncStarted(true);
        LiveResponses.register(admitted(), request, new MockHttpServletResponse(), (asked, answer) -> {});

        var container = CompletableFuture.runAsync(context::isCompletedBesides);
        var closing = CompletableFuture.runAsync(() -> {
            awaitOf(context.held);
            closeAll();
        });

        assertThat(container).succeedsWithin(Duration.ofSeconds(30));
        assertThat(closing).succeedsWithin(Duration.ofSeconds(30));
    }

    @Test
    void whatAnotherApplicationHasLeftInARequestIsNotTakenForItsOwn() throws Exception {
        var request = new MockHttpServletRequest();
        request.setAttribute(LiveResponses.class.getName(), "of another class loader");

        LiveResponses.register(
                admitted(), request, new MockHttpServletResponse(), (asked, answer) -> awaitConnections(1));

        assertThat(LiveResponses.handover(request)).isPresent();
        awaitConnections(0);
    }

    private static Admission.Admitted admitted() throws Exception {
        return (Admission.Admitted) GATE.admit(Ticket.parse(ticket()).orElseThrow())
                .toCompletableFuture()
                .get(30, TimeUnit.SECONDS);
    }

    private static void awaitOf(CountDownLatch latch) {
        try {
            if (!latch.await(30, TimeUnit.SECONDS)) {
                throw new AssertionError("Nobody came");
            }
        } catch (InterruptedException e) {
            throw new IllegalStateException(e);
        }
    }

    /** A plain request with a ticket and these header lines, on a connection of its own. */
    private static Wire asked(String path, String headers) throws IOException {
        var wire = new Wire(application.port());
        wire.send("GET " + path + "?ticket=" + ticket() + " HTTP/1.1\r\nHost: localhost\r\n" + headers
                + "Connection: close\r\n\r\n");
        return wire;
    }

    private static Connection open(String path) throws Exception {
        return Connection.open(application.uri("ws", path + "?ticket=" + ticket()));
    }

    private static String ticket() {
        return TICKETS.issue(TicketGrant.to(ALICE).withSession("s"), null)
                .toCompletableFuture()
                .join()
                .reveal();
    }

    private static void revoke() {
        assertThat(REVOCATIONS.revoke(Revocation.holder(1))).isCompleted();
    }

    private static void closeAll() {
        GATE.connections().stream().forEach(connection -> connection.close(3003, "locked"));
    }

    private static void awaitConnections(int count) {
        eventually(() -> GATE.connections().count() == count);
    }
}
