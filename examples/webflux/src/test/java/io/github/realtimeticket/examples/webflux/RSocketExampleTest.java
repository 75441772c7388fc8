// SPDX-License-Identifier: Apache-2.0
package io.github.realtimeticket.examples.webflux;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.github.realtimeticket.Admission;
import io.github.realtimeticket.Gate;
import io.github.realtimeticket.LiveConnection;
import io.github.realtimeticket.Revocation;
import io.github.realtimeticket.Revocations;
import io.github.realtimeticket.Ticket;
import io.github.realtimeticket.TicketEvent;
import io.github.realtimeticket.TicketHolder;
import io.github.realtimeticket.Tickets;
import io.github.realtimeticket.fixtures.RemoteStore;
import io.rsocket.ConnectionSetupPayload;
import io.rsocket.RSocket;
import io.rsocket.SocketAcceptor;
import io.rsocket.core.RSocketServer;
import io.rsocket.exceptions.RejectedSetupException;
import io.rsocket.plugins.SocketAcceptorInterceptor;
import io.rsocket.transport.netty.server.CloseableChannel;
import io.rsocket.transport.netty.server.WebsocketServerTransport;
import java.net.URI;
import java.time.Duration;
import java.util.List;
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
import org.springframework.messaging.rsocket.RSocketStrategies;
import org.springframework.messaging.rsocket.annotation.ConnectMapping;
import org.springframework.messaging.rsocket.annotation.support.RSocketMessageHandler;
import org.springframework.util.MimeTypeUtils;
import reactor.core.Disposable;
import reactor.core.publisher.Mono;
import reactor.core.scheduler.Schedulers;
import reactor.util.context.Context;

/** RSocket over WebSocket: a ticket in the setup frame opens one connection. */
class RSocketExampleTest {

    private static final TicketHolder NOBODY = TicketHolder.of(0, "nobody");
    private static final Duration PATIENCE = Duration.ofSeconds(30);

    private final RemoteStore store = new RemoteStore();
    private final BlockingQueue<String> seen = new LinkedBlockingQueue<>();
    private final Revocations revocations = Revocations.inMemory();
    private final Tickets tickets = Tickets.builder(store)
            .revocations(revocations)
            .listener(event -> {
                if (event instanceof TicketEvent.Issued || event instanceof TicketEvent.Redeemed) {
                    seen.add(event.getClass().getSimpleName());
                }
            })
            .build();
    private Gate gate;
    private CloseableChannel server;

    private static SocketAcceptor byTicket(Gate gate, SocketAcceptor next) {
        return (setup, client) -> admit(gate, setup)
                .flatMap(admission -> admission.fold(
                        admitted -> next.accept(setup, client)
                                .contextWrite(Context.of(TicketHolder.class, admitted.holder()))
                                .<RSocket>map(served -> new OfHolder(served, admitted.holder()))
                                .doOnNext(served -> endWithTheLogin(admitted, client)),
                        refused -> Mono.error(
                                new RejectedSetupException(refused.reason().message()))));
    }

    private static void endWithTheLogin(Admission.Admitted admitted, RSocket client) {
        LiveConnection open = admitted.opened((code, reason) -> client.dispose());
        Disposable unused = client.onClose().doFinally(end -> open.ended()).subscribe(none -> {}, fault -> {});
    }

    private static Mono<Admission> admit(Gate gate, ConnectionSetupPayload setup) {
        return Ticket.parse(setup.getDataUtf8())
                .map(ticket -> Mono.fromFuture(gate.admit(ticket).toCompletableFuture(), true)
                        .publishOn(Schedulers.parallel()))
                .orElseGet(() -> Mono.error(new RejectedSetupException("unauthorized")));
    }

    class Chat {

        @ConnectMapping
        Mono<Void> connected() {
            return Mono.deferContextual(context -> {
                TicketHolder holder = context.getOrDefault(TicketHolder.class, NOBODY);
                seen.add(holder.username() + " on "
                        + Thread.currentThread().getName().replaceAll("-.*", ""));
                return Mono.empty();
            });
        }

        @MessageMapping("name")
        Mono<String> name() {
            return Mono.deferContextual(
                    context -> Mono.just(context.get(TicketHolder.class).username()));
        }
    }

    // As Spring Boot does it.
    @BeforeEach
    void start() {
        gate = Gate.of(tickets);
        var handler = new RSocketMessageHandler();
        handler.setRSocketStrategies(RSocketStrategies.create());
        handler.setHandlers(List.of(new Chat()));
        handler.afterPropertiesSet();
        server = RSocketServer.create(handler.responder())
                .interceptors(registry ->
                        registry.forSocketAcceptor((SocketAcceptorInterceptor) next -> byTicket(gate, next)))
                .bindNow(WebsocketServerTransport.create("127.0.0.1", 0));
    }

    @AfterEach
    void stop() {
        server.dispose();
    }

    @Test
    void aTicketOpensOneConnection() {
        String ticket = issue();

        assertThat(name(ticket)).isEqualTo("bob");
        assertThatThrownBy(() -> name(ticket)).hasMessageContaining("unauthorized");
        assertThatThrownBy(() -> name("")).hasMessageContaining("unauthorized");
    }

    @Test
    void itEndsWithTheLogin() throws Exception {
        RSocketRequester client = client(issue());
        assertThat(client.route("name").retrieveMono(String.class).block(PATIENCE))
                .isEqualTo("bob");
        RSocket open = Objects.requireNonNull(client.rsocketClient())
                .source()
                .blockOptional(PATIENCE)
                .orElseThrow();

        revocations.revoke(Revocation.holder(7)).toCompletableFuture().join();

        open.onClose().onErrorComplete().block(PATIENCE);
        for (int i = 0; i < 3_000 && gate.connections().count() > 0; i++) {
            TimeUnit.MILLISECONDS.sleep(10);
        }
        assertThat(gate.connections().count()).isZero();
        client.dispose();
    }

    @Test
    void itsHolderIsKnownAtTheSetupAndToMetadataOnNoThreadOfTheStores() throws Exception {
        RSocketRequester client = client(issue());
        CompletableFuture<Void> answers = store.hold();

        Disposable sent = client.route("seen").sendMetadata().subscribe();
        store.awaitTake();
        new Thread(() -> answers.complete(null), "store").start();

        assertThat(next()).isEqualTo("Issued");
        assertThat(next()).isEqualTo("Redeemed");
        assertThat(next()).isEqualTo("bob on parallel");
        assertThat(next()).startsWith("bob on ");
        sent.dispose();
        client.dispose();
    }

    @Test
    void aClientThatLeavesWhileTheStoreIsAskedHasUsedItsTicketUpAndTheListenerHearsOfIt() throws Exception {
        RSocketRequester client = client(issue());
        CompletableFuture<Void> answers = store.hold();

        Disposable asked = client.route("name").retrieveMono(String.class).subscribe(name -> {}, fault -> {});
        store.awaitTake();
        asked.dispose();
        client.dispose();
        server.dispose();
        server.onClose().block(PATIENCE);
        answers.complete(null);

        assertThat(next()).isEqualTo("Issued");
        assertThat(next()).isEqualTo("Redeemed");
    }

    private @Nullable String next() throws InterruptedException {
        return seen.poll(30, TimeUnit.SECONDS);
    }

    private String issue() {
        return tickets.issue(TicketHolder.of(7, "bob"))
                .toCompletableFuture()
                .join()
                .reveal();
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
                .websocket(URI.create("ws://127.0.0.1:" + server.address().getPort()));
    }
}
