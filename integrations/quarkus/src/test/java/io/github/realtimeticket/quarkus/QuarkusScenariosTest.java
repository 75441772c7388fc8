// SPDX-License-Identifier: Apache-2.0
package io.github.realtimeticket.quarkus;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.github.realtimeticket.Gate;
import io.github.realtimeticket.TicketHolder;
import io.github.realtimeticket.TicketStore;
import io.github.realtimeticket.Tickets;
import io.github.realtimeticket.fixtures.ChatScenarios;
import io.github.realtimeticket.fixtures.Connection;
import io.github.realtimeticket.fixtures.Wire;
import io.quarkus.test.common.http.TestHTTPResource;
import io.quarkus.test.junit.QuarkusTest;
import io.quarkus.test.junit.TestProfile;
import io.quarkus.websockets.next.OpenConnections;
import jakarta.inject.Inject;
import java.io.IOException;
import java.net.URI;
import org.junit.jupiter.api.Test;

@QuarkusTest
@TestProfile(ChosenGate.Profile.class)
class QuarkusScenariosTest extends ChatScenarios {

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

    @Override
    protected int statusOfNoUri() {
        return 400;
    }

    @Override
    protected int statusOfTooLong() {
        return 414;
    }

    @Test
    void afterACheckThatEndsElsewhereTheGateUsesUpNoTicket() throws Exception {
        var tickets = Tickets.of(TicketStore.inMemory());
        URI chat = serve(Gate.of(tickets));
        String ticket = tickets.issue(TicketHolder.of(7, "bob"))
                .toCompletableFuture()
                .join()
                .reveal();
        String target = chat.getRawPath() + "?" + chat.getRawQuery() + "&ticket=" + ticket;

        try (var client = new Wire(chat.getPort());
                var again = new Wire(chat.getPort())) {
            client.handshake(target, ChosenGate.ELSEWHERE + ": 1");
            assertThat(client.answer().status()).isEqualTo(500);

            again.handshake(target);
            assertThat(again.answer().status()).isEqualTo(101);
        }
    }

    @Test
    void aHandshakeThatMeetsItsCheckTwiceUsesUpOneTicket() throws Exception {
        var tickets = Tickets.of(TicketStore.inMemory());
        URI chat = serve(Gate.of(tickets));
        String ticket = tickets.issue(TicketHolder.of(7, "bob"))
                .toCompletableFuture()
                .join()
                .reveal();

        try (var client = new Wire(chat.getPort())) {
            client.handshake(
                    chat.getRawPath() + "?" + chat.getRawQuery() + "&ticket=" + ticket, ChosenGate.TWICE + ": 1");
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

    // @OnOpen greets one that has gone; Vert.x loses one in the moment in which it opens.
    // A check before the gate ends elsewhere.
    @Override
    protected boolean mayLog(Throwable fault) {
        return fault instanceof IOException
                || "Result is already complete".equals(fault.getMessage())
                || "The check before has ended in a foreign thread".equals(fault.getMessage());
    }
}
