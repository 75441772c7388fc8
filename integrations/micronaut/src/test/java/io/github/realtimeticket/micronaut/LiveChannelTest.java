// SPDX-License-Identifier: Apache-2.0
package io.github.realtimeticket.micronaut;

import static io.github.realtimeticket.fixtures.Eventually.eventually;
import static org.assertj.core.api.Assertions.assertThat;

import io.github.realtimeticket.Gate;
import io.github.realtimeticket.TicketHolder;
import io.github.realtimeticket.Tickets;
import io.github.realtimeticket.fixtures.Leaks;
import io.github.realtimeticket.fixtures.RemoteStore;
import io.github.realtimeticket.fixtures.Requests;
import io.github.realtimeticket.fixtures.Wire;
import java.nio.charset.StandardCharsets;
import org.junit.jupiter.api.Test;
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
    @ValueSource(strings = {"\u0081\u0085\0\0\0\0hello", "\u0089\u0080\0\0\0\0"})
    void aFrameThatComesWithItsHandshakeIsNotHeardAndEndsTheConnection(String frame) throws Exception {
        try (var server = MicronautServer.with(gate);
                var client = new Wire(server.port())) {
            // The server has taken its time to start.
            String target = "/chat?ticket=" + issue();
            store.hold();
            client.send(new String(Requests.handshake(target), StandardCharsets.US_ASCII) + frame);
            store.awaitTake();
            store.up();

            assertThat(client.rest()).startsWith("HTTP/1.1 101");
            assertNothingIsLeft(server);
        }
    }

    @ParameterizedTest
    @ValueSource(strings = {"POST /open HTTP/1.1\r\nContent-Length: 5\r\n\r\nhello", "\u0082\u0085\0\0\0\0he\nlo"})
    void whatLooksLikeARequestAndComesWithItsHandshakeEndsTheConnection(String early) throws Exception {
        try (var server = MicronautServer.with(gate);
                var client = new Wire(server.port())) {
            // The server has taken its time to start.
            String target = "/chat?ticket=" + issue();
            store.hold();
            client.send(new String(Requests.handshake(target), StandardCharsets.US_ASCII) + early);
            assertThat(client.rest()).isEmpty();
            store.up();

            assertNothingIsLeft(server);
        }
    }

    @Test
    void aConnectionWhoseHandshakeWasRefusedGoesOn() throws Exception {
        try (var server = MicronautServer.with(gate);
                var client = new Wire(server.port())) {
            client.post("/nothing", "hello");
            client.handshake("/chat");
            assertThat(client.answer().status()).isEqualTo(404);
            assertThat(client.answer().status()).isEqualTo(401);
            client.post("/nothing", "hello");
            assertThat(client.answer().status()).isEqualTo(404);
            client.handshake("/chat?ticket=" + issue());
            assertThat(client.answer().status()).isEqualTo(101);
            assertThat(client.frame()).isEqualTo("text Hello alice");
        }
    }

    @ParameterizedTest
    @ValueSource(strings = {"POST /open HTTP/1.1\r\nContent-Length: 5\r\n\r\nhello", "\u0082\u0085\0\0\0\0he\nlo"})
    void whatLooksLikeARequestWhileTheGateIsAskedEndsTheConnection(String early) throws Exception {
        try (var server = MicronautServer.with(gate);
                var client = new Wire(server.port())) {
            // The server has taken its time to start.
            String target = "/chat?ticket=" + issue();
            store.hold();
            client.handshake(target);
            store.awaitTake();
            client.send(early);
            assertThat(client.rest()).isEmpty();
            store.up();

            assertNothingIsLeft(server);
        }
    }

    private void assertNothingIsLeft(MicronautServer server) {
        eventually(() -> gate.connections().count() == 0 && server.chat().open() == 0);
        assertThat(server.chat().heard).hasValue(0);
    }

    private String issue() {
        return tickets.issue(TicketHolder.of(1, "alice"))
                .toCompletableFuture()
                .join()
                .reveal();
    }
}
