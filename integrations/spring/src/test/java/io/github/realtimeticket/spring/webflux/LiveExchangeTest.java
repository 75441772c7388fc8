// SPDX-License-Identifier: Apache-2.0
package io.github.realtimeticket.spring.webflux;

import static org.assertj.core.api.Assertions.assertThat;

import io.github.realtimeticket.Gate;
import io.github.realtimeticket.Revocation;
import io.github.realtimeticket.Revocations;
import io.github.realtimeticket.TicketGrant;
import io.github.realtimeticket.TicketHolder;
import io.github.realtimeticket.TicketStore;
import io.github.realtimeticket.Tickets;
import io.github.realtimeticket.fixtures.Wire;
import java.time.Duration;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;
import org.springframework.http.server.reactive.ReactorHttpHandlerAdapter;
import org.springframework.web.server.adapter.WebHttpHandlerBuilder;
import reactor.core.publisher.Mono;
import reactor.netty.DisposableServer;
import reactor.netty.http.server.HttpServer;

/** On a bare Reactor Netty, with another patience than the ten seconds of everybody. */
class LiveExchangeTest {

    private final Revocations revocations = Revocations.inMemory();
    private final Tickets tickets =
            Tickets.builder(TicketStore.inMemory()).revocations(revocations).build();
    private final Gate gate = Gate.of(tickets);
    private final CountDownLatch upgraded = new CountDownLatch(1);
    private final CompletableFuture<Integer> told = new CompletableFuture<>();

    @Test
    void whoeverTakesNoEndIsCutOff() throws Exception {
        TicketGrant.Granted grant = TicketGrant.to(TicketHolder.of(1, "alice")).withSession("s");
        String ticket = tickets.issue(grant, null).toCompletableFuture().join().reveal();
        DisposableServer server = serve(Duration.ofMillis(100));
        try (var client = new Wire(server.port())) {
            client.post("/?ticket=" + ticket, "");
            assertThat(upgraded.await(30, TimeUnit.SECONDS)).isTrue();

            assertThat(revocations.revoke(Revocation.session("s"))).isCompleted();

            assertThat(told.get(30, TimeUnit.SECONDS)).isEqualTo(3000);
            assertThat(client.rest()).isEmpty();
        } finally {
            server.disposeNow();
        }
    }

    /** What it has become hears of its end, and does nothing. */
    private DisposableServer serve(Duration patience) {
        var handler = WebHttpHandlerBuilder.webHandler(exchange -> new ExchangeGate(gate)
                        .admit(exchange)
                        .flatMap(admission -> LiveExchange.register(
                                admission.fold(admitted -> admitted, refused -> {
                                    throw new AssertionError(refused);
                                }),
                                exchange,
                                patience,
                                live -> Mono.fromCallable(() -> {
                                            LiveExchange.of(live)
                                                    .orElseThrow()
                                                    .upgradedTo((code, reason) -> told.complete(code));
                                            upgraded.countDown();
                                            return true;
                                        })
                                        .then(Mono.never()))))
                .build();
        return HttpServer.create()
                .host("127.0.0.1")
                .handle(new ReactorHttpHandlerAdapter(handler))
                .bindNow();
    }
}
