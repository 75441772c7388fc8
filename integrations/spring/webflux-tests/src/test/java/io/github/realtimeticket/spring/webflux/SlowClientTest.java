// SPDX-License-Identifier: Apache-2.0
package io.github.realtimeticket.spring.webflux;

import static io.github.realtimeticket.fixtures.Eventually.eventually;
import static org.assertj.core.api.Assertions.assertThat;

import io.github.realtimeticket.Admission.Admitted;
import io.github.realtimeticket.Gate;
import io.github.realtimeticket.Revocation;
import io.github.realtimeticket.Revocations;
import io.github.realtimeticket.TicketHolder;
import io.github.realtimeticket.TicketStore;
import io.github.realtimeticket.Tickets;
import java.io.IOException;
import java.lang.reflect.Proxy;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;
import org.springframework.mock.http.server.reactive.MockServerHttpRequest;
import org.springframework.mock.web.server.MockServerWebExchange;
import org.springframework.web.reactive.socket.CloseStatus;
import org.springframework.web.reactive.socket.WebSocketSession;
import reactor.core.publisher.Mono;

/** Clients of WebFlux in a servlet container that do not take the end of their session, on which the thread that closes it waits. */
class SlowClientTest {

    private static final TicketHolder ALICE = TicketHolder.of(1, "alice");
    private static final TicketHolder BOB = TicketHolder.of(2, "bob");

    private final Revocations revocations = Revocations.inMemory();
    private final Tickets tickets =
            Tickets.builder(TicketStore.inMemory()).revocations(revocations).build();
    private final Gate gate = Gate.of(tickets);

    /** What a client does when its session is closed. */
    private interface Closing {
        void close(CloseStatus status) throws Exception;
    }

    @Test
    void t16_oneUsersClientsThatReadNothingDelayNobodyElsesClosing() throws Exception {
        var closing = new CountDownLatch(1);
        var gone = new CountDownLatch(1);
        for (int i = 0; i < 300; i++) {
            open(ALICE, status -> {
                closing.countDown();
                gone.await();
            });
        }
        var closed = new CompletableFuture<CloseStatus>();
        open(BOB, closed::complete);
        try {
            assertThat(revocations.revoke(Revocation.holder(1))).isCompleted();
            closing.await();
            assertThat(revocations.revoke(Revocation.holder(2))).isCompleted();

            assertThat(closed.get(60, TimeUnit.SECONDS).getCode()).isEqualTo(Revocation.UNAUTHORIZED);
        } finally {
            gone.countDown();
        }
        eventually(() -> gate.connections().count() == 0);
    }

    @Test
    void t16_whatCouldNotBeClosedIsClosedAgain() throws Exception {
        List<Integer> codes = new CopyOnWriteArrayList<>();
        open(BOB, status -> {
            codes.add(status.getCode());
            if (codes.size() == 1) {
                throw new IOException("not now");
            }
        });

        assertThat(revocations.revoke(Revocation.holder(2))).isCompleted();

        eventually(() -> gate.connections().count() == 0);
        assertThat(codes).containsExactly(Revocation.UNAUTHORIZED, Revocation.UNAUTHORIZED);
    }

    /** Opens one whose handler never comes to an end. */
    private void open(TicketHolder holder, Closing closing) {
        Admitted admitted = tickets.issue(holder)
                .thenCompose(gate::admit)
                .toCompletableFuture()
                .join()
                .fold(admission -> admission, refused -> {
                    throw new AssertionError(refused);
                });
        var exchange = MockServerWebExchange.from(MockServerHttpRequest.get("/socket"));
        var unused = LiveExchange.register(
                        admitted, exchange, ending -> LiveExchange.closing(ending, session -> Mono.never())
                                .handle(session(closing)))
                .subscribe();
    }

    private static WebSocketSession session(Closing closing) {
        return (WebSocketSession) Proxy.newProxyInstance(
                WebSocketSession.class.getClassLoader(),
                new Class<?>[] {WebSocketSession.class},
                (proxy, method, arguments) -> {
                    // As Spring's session in a servlet container.
                    try {
                        closing.close((CloseStatus) arguments[0]);
                        return Mono.empty();
                    } catch (IOException e) {
                        return Mono.error(e);
                    }
                });
    }
}
