// SPDX-License-Identifier: Apache-2.0
package io.github.realtimeticket.examples.webflux;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.github.realtimeticket.Admission;
import io.github.realtimeticket.Gate;
import io.github.realtimeticket.Ticket;
import io.github.realtimeticket.TicketHolder;
import io.github.realtimeticket.TicketStore;
import io.github.realtimeticket.Tickets;
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
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.springframework.messaging.handler.annotation.MessageMapping;
import org.springframework.messaging.rsocket.RSocketRequester;
import org.springframework.messaging.rsocket.RSocketStrategies;
import org.springframework.messaging.rsocket.annotation.support.RSocketMessageHandler;
import org.springframework.util.MimeTypeUtils;
import reactor.core.publisher.Mono;

/** RSocket over WebSocket: a ticket in the setup frame opens one connection. */
class RSocketExampleTest {

    private final TicketStore store = TicketStore.inMemory();
    private CloseableChannel server;

    private static SocketAcceptor byTicket(Gate gate, SocketAcceptor next) {
        return (setup, client) -> admit(gate, setup)
                .flatMap(admission -> admission.fold(
                        admitted -> next.accept(setup, client)
                                .<RSocket>map(served -> new OfHolder(served, admitted.holder())),
                        refused -> Mono.error(
                                new RejectedSetupException(refused.reason().message()))));
    }

    private static Mono<Admission> admit(Gate gate, ConnectionSetupPayload setup) {
        return Ticket.parse(setup.getDataUtf8())
                .map(ticket -> Mono.fromCompletionStage(gate.admit(ticket)))
                .orElseGet(() -> Mono.error(new RejectedSetupException("unauthorized")));
    }

    static class Chat {

        @MessageMapping("name")
        Mono<String> name() {
            return Mono.deferContextual(
                    context -> Mono.just(context.get(TicketHolder.class).username()));
        }
    }

    // As Spring Boot does it.
    @BeforeEach
    void start() {
        Gate gate = Gate.of(store);
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
        Ticket ticket = Tickets.of(store)
                .issue(TicketHolder.of(7, "bob"))
                .toCompletableFuture()
                .join();

        assertThat(name(ticket.reveal())).isEqualTo("bob");
        assertThatThrownBy(() -> name(ticket.reveal())).hasMessageContaining("unauthorized");
        assertThatThrownBy(() -> name("")).hasMessageContaining("unauthorized");
    }

    private String name(String ticket) {
        RSocketRequester client = RSocketRequester.builder()
                .dataMimeType(MimeTypeUtils.TEXT_PLAIN)
                .setupData(ticket)
                .websocket(URI.create("ws://127.0.0.1:" + server.address().getPort()));
        try {
            return client.route("name").retrieveMono(String.class).block(Duration.ofSeconds(30));
        } finally {
            client.dispose();
        }
    }
}
