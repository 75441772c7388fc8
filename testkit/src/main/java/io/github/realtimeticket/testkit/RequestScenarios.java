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

    private final Door door;

    RequestScenarios(Door door) {
        this.door = door;
    }

    @Test
    void otherParametersStandBesideTheTicket() throws Exception {
        Ticket ticket = door.issue("alice");

        Opening opening = door.open("room=1&ticket=" + ticket.reveal() + "&empty&x=%26ticket%3D");

        door.assertAdmitted(opening, "alice");
    }

    @ParameterizedTest
    @ValueSource(strings = {"", "ticket", "tickets=AAAAAAAAAAAAAAAAAAAAAAAAAAA", "TICKET=AAAAAAAAAAAAAAAAAAAAAAAAAAA"})
    void t11_aRequestWithoutATicketIsRefused(String query) throws Exception {
        int asked = door.asked();

        Opening opening = door.open(query);

        door.assertRefused(opening, Refusal.MISSING);
        assertThat(door.asked()).isEqualTo(asked);
    }

    @Test
    void t10_twoTicketsAreRefusedAndStayRedeemable() throws Exception {
        Ticket one = door.issue("alice");
        Ticket two = door.issue("alice");

        Opening plain = door.open("ticket=" + one.reveal() + "&ticket=" + two.reveal());
        Opening hidden = door.open("ticket=" + one.reveal() + "&%74icket=" + two.reveal());
        Opening same = door.open("ticket=" + one.reveal() + "&ticket=" + one.reveal());

        assertThat(List.of(plain, hidden, same)).allSatisfy(opening -> door.assertRefused(opening, Refusal.AMBIGUOUS));
        door.assertAdmitted(door.open("ticket=" + one.reveal()), "alice");
    }

    @Test
    void t10_aTicketInAnotherCarrierIsNotSeen() throws Exception {
        Ticket ticket = door.issue("alice");

        Opening inHeader = door.open(
                "", "Realtime-Ticket: " + ticket.reveal(), "Sec-WebSocket-Protocol: chat, ticket." + ticket.reveal());

        door.assertRefused(inHeader, Refusal.MISSING);
        door.assertAdmitted(door.open("ticket=" + ticket.reveal()), "alice");
    }

    @Test
    void aPreflightBurnsNothing() throws Exception {
        Ticket ticket = door.issue("alice");

        Opening preflight = Opening.preflight(door.uri(), "ticket=" + ticket.reveal(), BackendContract.ORIGIN);
        Opening opening = door.open("ticket=" + ticket.reveal(), "Origin: " + BackendContract.ORIGIN);

        assertThat(preflight.status()).isNotEqualTo(101);
        assertThat(preflight.text()).doesNotContain("alice");
        door.assertAdmitted(opening, "alice");
    }
}
