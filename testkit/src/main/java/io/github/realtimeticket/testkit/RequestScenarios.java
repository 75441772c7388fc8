// SPDX-License-Identifier: Apache-2.0
package io.github.realtimeticket.testkit;

import static org.assertj.core.api.Assertions.assertThat;

import io.github.realtimeticket.Refusal;
import io.github.realtimeticket.Ticket;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Which requests have a ticket, and which is one for a connection. */
abstract class RequestScenarios {

    private final BackendContract backend;

    RequestScenarios(BackendContract backend) {
        this.backend = backend;
    }

    @Test
    void otherParametersStandBesideTheTicket() throws Exception {
        Ticket ticket = backend.issue("alice");

        Opening opening = backend.open("room=1&ticket=" + ticket.reveal() + "&empty&x=%26ticket%3D");

        backend.assertAdmitted(opening, "alice");
    }

    @ParameterizedTest
    @ValueSource(strings = {"", "ticket", "tickets=AAAAAAAAAAAAAAAAAAAAAAAAAAA", "TICKET=AAAAAAAAAAAAAAAAAAAAAAAAAAA"})
    void t11_aRequestWithoutATicketIsRefused(String query) throws Exception {
        int asked = backend.asked();

        Opening opening = backend.open(query);

        backend.assertRefused(opening, Refusal.MISSING);
        assertThat(backend.asked()).isEqualTo(asked);
    }

    @Test
    void t10_twoTicketsAreRefusedAndStayRedeemable() throws Exception {
        Ticket one = backend.issue("alice");
        Ticket two = backend.issue("alice");

        Opening plain = backend.open("ticket=" + one.reveal() + "&ticket=" + two.reveal());
        Opening hidden = backend.open("ticket=" + one.reveal() + "&%74icket=" + two.reveal());
        Opening same = backend.open("ticket=" + one.reveal() + "&ticket=" + one.reveal());

        assertThat(List.of(plain, hidden, same))
                .allSatisfy(opening -> backend.assertRefused(opening, Refusal.AMBIGUOUS));
        backend.assertAdmitted(backend.open("ticket=" + one.reveal()), "alice");
    }

    @Test
    void t10_aTicketInAnotherCarrierIsNotSeen() throws Exception {
        Ticket ticket = backend.issue("alice");

        Opening inHeader = backend.open(
                "", "Realtime-Ticket: " + ticket.reveal(), "Sec-WebSocket-Protocol: chat, ticket." + ticket.reveal());

        backend.assertRefused(inHeader, Refusal.MISSING);
        backend.assertAdmitted(backend.open("ticket=" + ticket.reveal()), "alice");
    }

    @Test
    void aPreflightBurnsNothing() throws Exception {
        Ticket ticket = backend.issue("alice");

        Opening preflight = Opening.preflight(backend.uri(), "ticket=" + ticket.reveal(), BackendContract.ORIGIN);
        Opening opening = backend.open("ticket=" + ticket.reveal(), "Origin: " + BackendContract.ORIGIN);

        assertThat(preflight.status()).isNotEqualTo(101);
        assertThat(preflight.text()).doesNotContain("alice");
        backend.assertAdmitted(opening, "alice");
    }
}
