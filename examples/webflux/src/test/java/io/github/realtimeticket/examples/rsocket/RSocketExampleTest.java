// SPDX-License-Identifier: Apache-2.0
package io.github.realtimeticket.examples.rsocket;

import static io.github.realtimeticket.fixtures.Eventually.eventually;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.github.realtimeticket.Gate;
import io.github.realtimeticket.LiveConnections;
import io.github.realtimeticket.Revocation;
import io.github.realtimeticket.Revocations;
import io.github.realtimeticket.TicketEvent;
import io.github.realtimeticket.TicketGrant;
import io.github.realtimeticket.TicketHolder;
import io.github.realtimeticket.TicketListener;
import io.github.realtimeticket.Tickets;
import io.github.realtimeticket.fixtures.Application;
import io.github.realtimeticket.fixtures.RemoteStore;
import io.rsocket.RSocket;
import java.time.Duration;
import java.time.Instant;
import java.util.Map;
import java.util.Objects;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.springframework.messaging.handler.annotation.MessageMapping;
import org.springframework.messaging.rsocket.RSocketRequester;
import org.springframework.messaging.rsocket.annotation.ConnectMapping;
import org.springframework.stereotype.Controller;
import org.springframework.util.MimeTypeUtils;
import reactor.core.Disposable;
import reactor.core.publisher.Mono;

/** RSocket over WebSocket: a ticket in the setup frame opens one connection, and no other. */
class RSocketExampleTest {

    private static final TicketHolder BOB = TicketHolder.of(7, "bob");
    private static final TicketHolder NOBODY = TicketHolder.of(0, "nobody");
    private static final Duration PATIENCE = Duration.ofSeconds(30);

    private final RemoteStore store = new RemoteStore();
    private final Revocations revocations = Revocations.inMemory();
    private final BlockingQueue<String> seen = new LinkedBlockingQueue<>();
    private Application application;
    private LiveConnections connections;

    /** A handler that says whom it knows. An inner class: the application's scan is to leave it alone. */
    @Controller
    class Watch {

        @ConnectMapping
        Mono<Void> connected() {
            return told();
        }

        @MessageMapping("seen")
        Mono<Void> told() {
            return Mono.deferContextual(context -> {
                TicketHolder holder = context.getOrDefault(TicketHolder.class, NOBODY);
                seen.add(holder.username() + " on "
                        + Thread.currentThread().getName().replaceAll("-.*", ""));
                return Mono.empty();
            });
        }
    }

    @BeforeEach
    void start() {
        TicketListener listener = event -> {
            if (event instanceof TicketEvent.Redeemed) {
                seen.add("redeemed");
            }
        };
        application = Application.start(
                RSocketChat.class,
                Map.of("store", store, "revocations", revocations, "listener", listener, "watch", new Watch()),
                "realtime-ticket.time-to-live=60s");
        connections = application.bean(Gate.class).connections();
    }

    @AfterEach
    void stop() {
        application.close();
    }

    @Test
    void aTicketOpensOneConnection() {
        String ticket = application.issue(BOB);

        assertThat(name(ticket)).isEqualTo("bob");
        assertThatThrownBy(() -> name(ticket)).hasMessageContaining("unauthorized");
        assertThatThrownBy(() -> name("")).hasMessageContaining("unauthorized");
    }

    @Test
    void t16_itEndsWhenItsHolderIsRevoked() {
        assertEnds(TicketGrant.to(BOB), () -> revoke(Revocation.holder(7)));
    }

    @Test
    void t16_itEndsWhenItsSessionIsRevoked() {
        assertEnds(TicketGrant.to(BOB).withSession("of bob"), () -> revoke(Revocation.session("of bob")));
    }

    @Test
    void t17_itEndsAtItsDeadline() {
        Instant until = Instant.now().plusSeconds(20);

        assertEnds(TicketGrant.to(BOB).withUntil(until), () -> {});

        assertThat(Instant.now()).isAfterOrEqualTo(until);
    }

    private void revoke(Revocation revocation) {
        assertThat(revocations.revoke(revocation)).isCompleted();
    }

    private void assertEnds(TicketGrant.Granted grant, Runnable end) {
        String ticket = application
                .bean(Tickets.class)
                .issue(grant, null)
                .toCompletableFuture()
                .join()
                .reveal();
        RSocketRequester client = client(ticket);
        assertThat(client.route("name").retrieveMono(String.class).block(PATIENCE))
                .isEqualTo("bob");
        RSocket open = Objects.requireNonNull(client.rsocketClient())
                .source()
                .blockOptional(PATIENCE)
                .orElseThrow();

        end.run();

        open.onClose().onErrorComplete().block(PATIENCE);
        eventually(() -> connections.count() == 0);
        client.dispose();
    }

    @Test
    void itsHolderIsKnownAtTheSetupAndToMetadataOnNoThreadOfTheStores() throws Exception {
        RSocketRequester client = client(application.issue(BOB));
        CompletableFuture<Void> answers = store.hold();

        Disposable sent = client.route("seen").sendMetadata().subscribe();
        store.awaitTake();
        new Thread(() -> answers.complete(null), "store").start();

        assertThat(next()).isEqualTo("redeemed");
        assertThat(next()).isEqualTo("bob on parallel");
        assertThat(next()).startsWith("bob on ");
        sent.dispose();
        client.dispose();
    }

    @Test
    void aSecondSetupWhileTheFirstIsDecidedOnRedeemsNothing() throws Exception {
        String first = application.issue(TicketHolder.of(1, "alice"));
        String second = application.issue(BOB);
        store.hold();

        try (Peer peer = open()) {
            peer.setup(first);
            store.awaitTake();
            peer.setup(second);
            peer.ask();
            store.up();

            assertThat(peer.next()).startsWith("failed: ");
            assertThat(peer.next()).isEqualTo("alice");
        }
        assertThat(application.isGood(second)).isTrue();
    }

    @Test
    void aClientThatLeavesWhileTheStoreIsAskedLeavesNothingBehind() throws Exception {
        String gone = application.issue(BOB);
        store.hold();

        try (Peer peer = open()) {
            peer.setup(gone);
            store.awaitTake();
        }
        store.up();
        assertThat(next()).isEqualTo("redeemed");
        assertThat(application.isGood(gone)).isFalse();

        // Whoever comes later is all there is.
        try (Peer later = open()) {
            later.setup(application.issue(BOB));
            later.ask();
            assertThat(later.next()).isEqualTo("bob");
            eventually(() -> connections.count() == 1);
        }
        eventually(() -> connections.count() == 0);
    }

    private @Nullable String next() throws InterruptedException {
        return seen.poll(PATIENCE.toSeconds(), TimeUnit.SECONDS);
    }

    private Peer open() {
        return new Peer(application, "/rsocket");
    }

    private String name(String ticket) {
        RSocketRequester client = client(ticket);
        try {
            return client.route("name").retrieveMono(String.class).block(PATIENCE);
        } finally {
            client.dispose();
        }
    }

    private RSocketRequester client(String ticket) {
        return RSocketRequester.builder()
                .dataMimeType(MimeTypeUtils.TEXT_PLAIN)
                .setupData(ticket)
                .websocket(application.uri("ws", "/rsocket"));
    }
}
