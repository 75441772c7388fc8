// SPDX-License-Identifier: Apache-2.0
package io.github.realtimeticket.micronaut;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.github.realtimeticket.Gate;
import io.github.realtimeticket.TicketHolder;
import io.github.realtimeticket.Tickets;
import io.github.realtimeticket.fixtures.Leaks;
import io.github.realtimeticket.fixtures.RemoteStore;
import io.github.realtimeticket.fixtures.Requests;
import io.github.realtimeticket.fixtures.Wire;
import java.nio.charset.StandardCharsets;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class LiveChannelTest {

    @RegisterExtension
    static final Leaks LEAKS = new Leaks();

    private final RemoteStore store = new RemoteStore();
    private final Tickets tickets = Tickets.of(store);
    private final Gate gate = Gate.of(tickets);

    @ParameterizedTest
    @ValueSource(
            strings = {
                "GET /open HTTP/1.1\r\nHost: localhost\r\n\r\n",
                "\u0081\u0085\0\0\0\0hello",
                "\u0082\u0085\0\0\0\0he\nlo",
                "\u0089\u0080\0\0\0\0"
            })
    void whatComesBehindAHandshakeBeforeItIsAnsweredEndsIt(String early) throws Exception {
        String ticket = tickets.issue(TicketHolder.of(1, "alice"))
                .toCompletableFuture()
                .join()
                .reveal();
        store.hold();

        try (var server = MicronautServer.with(gate);
                var client = new Wire(server.port())) {
            client.send(new String(Requests.handshake("/chat?ticket=" + ticket), StandardCharsets.US_ASCII) + early);
            store.awaitTake();
            store.up();

            assertThat(client.rest()).doesNotContain("Hello");
            assertThat(server.chat().heard).hasValue(0);
            await().until(() -> gate.connections().count() == 0 && server.chat().open() == 0);
        }
    }
}
