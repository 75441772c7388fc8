// SPDX-License-Identifier: Apache-2.0
package io.github.realtimeticket.quarkus;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.github.realtimeticket.Gate;
import io.github.realtimeticket.Refusal;
import io.github.realtimeticket.TicketHolder;
import io.github.realtimeticket.TicketStore;
import io.github.realtimeticket.Tickets;
import io.github.realtimeticket.fixtures.ChatScenarios;
import io.github.realtimeticket.fixtures.Connection;
import io.github.realtimeticket.fixtures.Requests;
import io.github.realtimeticket.fixtures.Wire;
import io.quarkus.test.common.http.TestHTTPResource;
import io.quarkus.test.junit.QuarkusTest;
import io.quarkus.test.junit.TestProfile;
import io.quarkus.websockets.next.OpenConnections;
import jakarta.inject.Inject;
import java.io.IOException;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

@QuarkusTest
@TestProfile(ChosenGate.Profile.class)
class QuarkusScenariosTest extends ChatScenarios {

    private static final String UPGRADE = "Connection: Upgrade\r\nUpgrade: websocket";

    @TestHTTPResource("/chat")
    URI address;

    @Inject
    OpenConnections connections;

    @Override
    protected URI serve(Gate gate) {
        return ChosenGate.addressOf(gate, address);
    }

    @Override
    protected int open() {
        return connections.listAll().size();
    }

    @ParameterizedTest
    @ValueSource(strings = {"Content-Length: 9000", "Transfer-Encoding: chunked"})
    void t20_aHandshakeWithABodyUsesUpNoTicket(String body) throws Exception {
        var tickets = Tickets.of(TicketStore.inMemory());
        URI chat = serve(Gate.of(tickets));
        String target = target(chat, tickets, "bob");

        try (var client = new Wire(chat.getPort());
                var again = new Wire(chat.getPort())) {
            client.handshake(target, body);
            assertThat(client.answer().status()).isEqualTo(400);

            again.handshake(target);
            assertThat(again.answer().status()).isEqualTo(101);
            assertThat(again.frame()).isEqualTo("text Hello bob");
        }
    }

    @ParameterizedTest
    @ValueSource(
            strings = {"Connection: Upgraded\r\nUpgrade: websocket", "Connection: Upgrade\r\nUpgrade: websocket, h2c"})
    void t20_aHandshakeThatVertxWouldRefuseUsesUpNoTicket(String lines) throws Exception {
        var tickets = Tickets.of(TicketStore.inMemory());
        URI chat = serve(Gate.of(tickets));
        String target = target(chat, tickets, "bob");

        try (var client = new Wire(chat.getPort());
                var again = new Wire(chat.getPort())) {
            client.send(handshake(target).replace(UPGRADE, lines));
            Wire.Answer answer = client.answer();
            assertThat(answer.status()).isEqualTo(400);
            assertThat(answer.body()).isEqualTo(Refusal.UNSUITABLE.body());

            again.handshake(target);
            assertThat(again.answer().status()).isEqualTo(101);
            assertThat(again.frame()).isEqualTo("text Hello bob");
        }
    }

    @ParameterizedTest
    @ValueSource(strings = {"keep-alive, Upgrade", "keep-alive,upgrade", "Upgrade\r\nConnection: keep-alive"})
    void aTicketOpensWhateverElseIsSaidOfTheConnection(String connection) throws Exception {
        var tickets = Tickets.of(TicketStore.inMemory());
        URI chat = serve(Gate.of(tickets));

        try (var client = new Wire(chat.getPort())) {
            client.send(handshake(target(chat, tickets, "bob"))
                    .replace(UPGRADE, "Connection: " + connection + "\r\nUpgrade: websocket"));
            assertThat(client.answer().status()).isEqualTo(101);
            assertThat(client.frame()).isEqualTo("text Hello bob");
        }
    }

    @Test
    void aCheckBeforeTheGateMayEndInAThreadOfItsOwn() throws Exception {
        var tickets = Tickets.of(TicketStore.inMemory());
        URI chat = serve(Gate.of(tickets));

        try (var client = new Wire(chat.getPort())) {
            client.handshake(target(chat, tickets, "bob"), ChosenGate.ELSEWHERE + ": 1");
            assertThat(client.answer().status()).isEqualTo(101);
            assertThat(client.frame()).isEqualTo("text Hello bob");
        }
    }

    @Test
    void aHandshakeThatMeetsItsCheckTwiceUsesUpOneTicket() throws Exception {
        var tickets = Tickets.of(TicketStore.inMemory());
        URI chat = serve(Gate.of(tickets));

        try (var client = new Wire(chat.getPort())) {
            client.handshake(target(chat, tickets, "bob"), ChosenGate.TWICE + ": 1");
            assertThat(client.answer().status()).isEqualTo(101);
            assertThat(client.frame()).isEqualTo("text Hello bob");
        }
    }

    @ParameterizedTest
    @ValueSource(booleans = {true, false})
    void whatAnotherCheckHasAnsweredStaysAnswered(boolean withTicket) throws Exception {
        var tickets = Tickets.of(TicketStore.inMemory());
        URI chat = serve(Gate.of(tickets));
        String target = target(chat, tickets, "bob");

        try (var client = new Wire(chat.getPort())) {
            client.handshake(withTicket ? target(chat, tickets, "bob") : target + "x", ChosenGate.ANSWERED + ": 1");
            assertThat(client.answer().status()).isEqualTo(429);

            client.handshake(target);
            assertThat(client.answer().status()).isEqualTo(101);
            assertThat(client.frame()).isEqualTo("text Hello bob");
        }
    }

    @Test
    void aConnectionThatPassedNoGateHasNoAdmission() throws Exception {
        try (Connection open = Connection.open(URI.create("ws://127.0.0.1:" + address.getPort() + ChosenGate.OPEN))) {
            assertThat(open.next()).isEqualTo("Hello all");

            assertThat(connections.listAll()).singleElement().satisfies(connection -> assertThatThrownBy(
                            () -> TicketUpgradeCheck.admitted(connection))
                    .isInstanceOf(IllegalStateException.class));
        }
    }

    private static String handshake(String target) {
        return new String(Requests.handshake(target), StandardCharsets.US_ASCII);
    }

    private static String target(URI chat, Tickets tickets, String username) {
        String ticket = tickets.issue(TicketHolder.of(username, username))
                .toCompletableFuture()
                .join()
                .reveal();
        return chat.getRawPath() + "?" + chat.getRawQuery() + "&ticket=" + ticket;
    }

    // @OnOpen greets one that has gone; Vert.x loses one in the moment in which it opens.
    @Override
    protected boolean mayLog(Throwable fault) {
        return fault instanceof IOException || "Result is already complete".equals(fault.getMessage());
    }
}
