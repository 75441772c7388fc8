// SPDX-License-Identifier: Apache-2.0
package io.github.realtimeticket.spring.webflux;

import static io.github.realtimeticket.fixtures.Eventually.eventually;
import static org.assertj.core.api.Assertions.assertThat;

import io.github.realtimeticket.Refusal;
import io.github.realtimeticket.TicketEvent;
import io.github.realtimeticket.TicketHolder;
import io.github.realtimeticket.TicketListener;
import io.github.realtimeticket.fixtures.Application;
import io.github.realtimeticket.fixtures.RemoteStore;
import io.github.realtimeticket.fixtures.Wire;
import java.io.IOException;
import java.security.Principal;
import java.time.Duration;
import java.util.Map;
import java.util.Queue;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.AutoClose;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;
import org.springframework.boot.SpringBootConfiguration;
import org.springframework.boot.test.system.CapturedOutput;
import org.springframework.boot.test.system.OutputCaptureExtension;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Import;
import org.springframework.core.Ordered;
import org.springframework.core.annotation.Order;
import org.springframework.http.MediaType;
import org.springframework.web.bind.annotation.GetMapping;
import org.springframework.web.bind.annotation.RestController;
import org.springframework.web.server.WebFilter;
import reactor.core.publisher.Flux;
import reactor.core.publisher.Mono;
import reactor.core.publisher.SignalType;

/** What clients send that no library does, with Spring Security and without. */
@ExtendWith(OutputCaptureExtension.class)
class WireTest {

    @SpringBootConfiguration
    @Import({SmallApplication.class, Counting.class})
    static class Secured {}

    @SpringBootConfiguration
    @Import({HandshakeApplication.class, Counting.class})
    static class Plain {}

    /** Counts what gets through to a handler, and what was given up. */
    @RestController
    static class Counting {

        final AtomicInteger opened = new AtomicInteger();
        final CountDownLatch givenUp = new CountDownLatch(1);

        @Bean
        @Order(Ordered.HIGHEST_PRECEDENCE)
        WebFilter givingUp() {
            // Behind the cancelling, and not before it as doOnCancel.
            return (exchange, chain) -> chain.filter(exchange).doFinally(signal -> {
                if (signal == SignalType.CANCEL) {
                    givenUp.countDown();
                }
            });
        }

        @GetMapping("/realtime/counted")
        String counted() {
            opened.incrementAndGet();
            return "counted";
        }

        @GetMapping(path = "/realtime/complete", produces = MediaType.TEXT_EVENT_STREAM_VALUE)
        Flux<String> complete(Principal user) {
            return Flux.just(user.getName()).concatWith(Mono.delay(SOON).then(Mono.empty()));
        }

        @GetMapping(path = "/realtime/failing", produces = MediaType.TEXT_EVENT_STREAM_VALUE)
        Flux<String> failing(Principal user) {
            return Flux.just(user.getName())
                    .concatWith(Mono.delay(SOON)
                            .flatMap(unused -> Mono.error(new IllegalStateException("as the test wants it"))));
        }

        @GetMapping(path = "/realtime/late", produces = MediaType.TEXT_EVENT_STREAM_VALUE)
        Flux<String> late(Principal user) {
            return Flux.just(user.getName()).concatWith(Flux.never()).timeout(SOON);
        }
    }

    private static final Duration SOON = Duration.ofMillis(100);

    private static final String SECURED = "secured";

    @AutoClose
    private static Application secured;

    @AutoClose
    private static Application plain;

    private static final RemoteStore STORE = new RemoteStore();
    private static final Queue<TicketEvent> DECISIONS = new ConcurrentLinkedQueue<>();

    @BeforeAll
    static void start() {
        TicketListener listener = event -> {
            if (event instanceof TicketEvent.Redeemed || event instanceof TicketEvent.Refused) {
                DECISIONS.add(event);
            }
        };
        secured =
                Application.start(Secured.class, Map.of("store", STORE, "listener", listener), SmallApplication.PATHS);
        plain = Application.start(Plain.class, Map.of("store", STORE));
    }

    @BeforeEach
    void up() {
        STORE.up();
    }

    @Test
    void t20_anUpgradeToSeveralProtocolsIsRefusedAndUsesUpNoTicket() throws Exception {
        String ticket = secured.issue(TicketHolder.of(1, "alice"));

        Wire.Answer answer = send(
                secured,
                "GET /realtime/socket?ticket=" + ticket + " HTTP/1.1\r\nHost: localhost\r\n"
                        + "Upgrade: websocket, h2c\r\nConnection: Upgrade\r\nSec-WebSocket-Version: 13\r\n"
                        + "Sec-WebSocket-Key: dGhlIHNhbXBsZSBub25jZQ==\r\n\r\n");

        assertThat(answer.status()).isEqualTo(400);
        assertThat(answer.body()).isEqualTo(Refusal.UNSUITABLE.body());
        assertThat(handshake(secured, ticket).status()).isEqualTo(101);
    }

    @ParameterizedTest
    @CsvSource({"secured, GET, 12", "secured, POST, 13", "plain, GET, 8", "plain, POST, 13"})
    void t20_aHandshakeThatIsNoneIsRefusedAndUsesUpNoTicket(String where, String method, int version) throws Exception {
        Application application = where.equals(SECURED) ? secured : plain;
        String ticket = application.issue(TicketHolder.of(1, "alice"));

        Wire.Answer answer = send(
                application,
                method + " /realtime/socket?ticket=" + ticket + " HTTP/1.1\r\nHost: localhost\r\n"
                        + "Upgrade: websocket\r\nConnection: Upgrade\r\nSec-WebSocket-Version: " + version + "\r\n"
                        + "Sec-WebSocket-Key: dGhlIHNhbXBsZSBub25jZQ==\r\n\r\n");

        assertThat(answer.status()).isEqualTo(400);
        assertThat(answer.body()).isEqualTo(Refusal.UNSUITABLE.body());
        assertThat(handshake(application, ticket).status()).isEqualTo(101);
    }

    @ParameterizedTest
    @CsvSource({"secured, GET", "secured, POST", "plain, GET"})
    void t20_aRequestThatIsNoHandshakeIsAnsweredAndUsesUpNoTicket(String where, String method) throws Exception {
        Application application = where.equals(SECURED) ? secured : plain;
        String ticket = application.issue(TicketHolder.of(1, "alice"));

        Wire.Answer answer = send(
                application,
                method + " /realtime/socket?ticket=" + ticket
                        + " HTTP/1.1\r\nHost: localhost\r\nContent-Length: 0\r\n\r\n");

        assertThat(answer.status()).isEqualTo(400);
        assertThat(answer.body()).isEqualTo(Refusal.NO_HANDSHAKE.body());
        assertThat(handshake(application, ticket).status()).isEqualTo(101);
    }

    @ParameterizedTest
    @ValueSource(strings = {SECURED, "plain"})
    void t20_aProxyThatSpeaksHttp10IsToldWhatIsMissing(String where) throws Exception {
        Application application = where.equals(SECURED) ? secured : plain;
        String ticket = application.issue(TicketHolder.of(1, "alice"));

        Wire.Answer answer = send(
                application,
                "GET /realtime/socket?ticket=" + ticket + " HTTP/1.0\r\nHost: localhost\r\nConnection: close\r\n\r\n");

        assertThat(answer.status()).isEqualTo(400);
        assertThat(answer.body()).contains("over HTTP/1.1 with the headers Connection and Upgrade");
        assertThat(handshake(application, ticket).status()).isEqualTo(101);
    }

    @ParameterizedTest
    @CsvSource({"secured, d=50%", "secured, d=%zz", "plain, d=50%", "plain, a=[%"})
    void t20_aTargetThatCannotBeReadUsesUpNoTicketAndIsNotLogged(String where, String query, CapturedOutput output)
            throws Exception {
        Application application = where.equals(SECURED) ? secured : plain;
        String ticket = application.issue(TicketHolder.of(1, "alice"));

        Wire.Answer answer = send(
                application,
                "GET /realtime/socket?" + query + "&ticket=" + ticket + " HTTP/1.1\r\nHost: localhost\r\n\r\n");

        assertThat(answer.status()).isEqualTo(400);
        assertThat(handshake(application, ticket).status()).isEqualTo(101);
        assertThat(output.getAll()).doesNotContain("\tat ").doesNotContain(ticket);
    }

    @ParameterizedTest
    @CsvSource({
        "secured, Content-Length: 100000000",
        "secured, Transfer-Encoding: chunked",
        "plain, Content-Length: 100000000",
        "plain, Transfer-Encoding: chunked"
    })
    void aStrangersFormIsNotReadForATicket(String where, String length) throws Exception {
        // The body never comes.
        Wire.Answer answer = send(
                where.equals(SECURED) ? secured : plain,
                "POST /ticket/ HTTP/1.1\r\nHost: localhost\r\nContent-Type: application/x-www-form-urlencoded\r\n"
                        + length + "\r\n\r\n");

        assertThat(answer.status()).isEqualTo(401);
    }

    @Test
    void aFrameThatComesBeforeTheAnswerDoesNoHarm() throws Exception {
        String ticket = secured.issue(TicketHolder.of(1, "alice"));
        CompletableFuture<Void> answer = STORE.hold();

        try (var client = new Wire(secured.port())) {
            client.handshake("/realtime/socket?ticket=" + ticket);
            awaitAsked(answer);
            client.text("early");
            STORE.up();

            assertThat(client.answer().status()).isEqualTo(101);
            assertThat(client.frame()).isEqualTo("text alice");
        }
    }

    @Test
    void aClientThatLeavesWhileTheStoreIsAskedLeavesNothingBehind(CapturedOutput output) throws Exception {
        Counting counting = secured.bean(Counting.class);
        String ticket = secured.issue(TicketHolder.of(1, "alice"));
        String later = secured.issue(TicketHolder.of(1, "alice"));
        CompletableFuture<Void> answer = STORE.hold();

        try (var client = new Wire(secured.port())) {
            client.send("GET /realtime/counted?ticket=" + ticket + " HTTP/1.1\r\nHost: localhost\r\n\r\n");
            awaitAsked(answer);
        }
        assertThat(counting.givenUp.await(20, TimeUnit.SECONDS)).isTrue();
        STORE.up();

        assertThat(secured.user().get("/realtime/counted?ticket=" + later).body())
                .isEqualTo("counted");
        assertThat(counting.opened).hasValue(1);
        assertThat(secured.user().get("/realtime/counted?ticket=" + ticket).statusCode())
                .isEqualTo(401);
        assertThat(output.getAll()).doesNotContain("\tat ").doesNotContain(ticket);
    }

    @Test
    void aClientOfAWebSocketThatLeavesWhileTheStoreIsAskedLeavesNothingBehind(CapturedOutput output) throws Exception {
        String ticket = plain.issue(TicketHolder.of(1, "alice"));
        CompletableFuture<Void> answer = STORE.hold();

        try (var client = new Wire(plain.port())) {
            client.handshake("/realtime/socket?ticket=" + ticket);
            awaitAsked(answer);
        }
        assertThat(plain.bean(Counting.class).givenUp.await(20, TimeUnit.SECONDS))
                .isTrue();
        STORE.up();

        assertThat(handshake(plain, ticket).status()).isEqualTo(401);
        assertThat(output.getAll()).doesNotContain("\tat ").doesNotContain(ticket);
    }

    @ParameterizedTest
    @ValueSource(strings = {"complete", "failing", "late"})
    void aStreamAsksTheGateOnceHoweverItEndsAndSaysNothingOfIt(String path) throws Exception {
        String ticket = secured.issue(TicketHolder.of(1, "alice"));
        DECISIONS.clear();

        try (var client = new Wire(secured.port())) {
            client.send("GET /realtime/" + path + "?ticket=" + ticket
                    + " HTTP/1.1\r\nHost: localhost\r\nConnection: close\r\n\r\n");

            assertThat(client.rest())
                    .startsWith("HTTP/1.1 200")
                    .contains("data:alice")
                    .doesNotContain("status", "message", "\tat ");
        }
        assertThat(DECISIONS).singleElement().isInstanceOf(TicketEvent.Redeemed.class);
    }

    private static void awaitAsked(CompletableFuture<Void> answer) {
        eventually(() -> answer.getNumberOfDependents() == 1);
    }

    private static Wire.Answer send(Application application, String request) throws IOException {
        try (var wire = new Wire(application.port())) {
            wire.send(request);
            return wire.answer();
        }
    }

    private static Wire.Answer handshake(Application application, String ticket) throws IOException {
        try (var wire = new Wire(application.port())) {
            wire.handshake("/realtime/socket?ticket=" + ticket);
            return wire.answer();
        }
    }
}
