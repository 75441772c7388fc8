// SPDX-License-Identifier: Apache-2.0
package io.github.realtimeticket.testkit;

import static org.assertj.core.api.Assertions.assertThat;

import io.github.realtimeticket.Refusal;
import io.github.realtimeticket.Ticket;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/**
 * What every backend must pass, in whatever language: a server that redeems tickets in the query, tried from outside over bare
 * sockets.
 *
 * <p>To an admitted WebSocket it sends the holder's username as the first text message. A server for plain requests, whose address
 * starts with {@code http:}, answers 200 with the username as the body. Its name as an audience is {@value #AUDIENCE}.
 */
public abstract class BackendContract extends BindingScenarios {

    @Test
    void otherParametersStandBesideTheTicket() throws Exception {
        Ticket ticket = issue("alice");

        Opening opening = open("room=1&ticket=" + ticket.reveal() + "&empty&x=%26ticket%3D");

        assertAdmitted(opening, "alice");
    }

    @ParameterizedTest
    @ValueSource(strings = {"", "ticket", "tickets=AAAAAAAAAAAAAAAAAAAAAAAAAAA", "TICKET=AAAAAAAAAAAAAAAAAAAAAAAAAAA"})
    void t11_aRequestWithoutATicketIsRefused(String query) throws Exception {
        int asked = asked();

        Opening opening = open(query);

        assertRefused(opening, Refusal.MISSING);
        assertThat(asked()).isEqualTo(asked);
    }

    @Test
    void t10_twoTicketsAreRefusedAndStayRedeemable() throws Exception {
        Ticket one = issue("alice");
        Ticket two = issue("alice");

        Opening plain = open("ticket=" + one.reveal() + "&ticket=" + two.reveal());
        Opening hidden = open("ticket=" + one.reveal() + "&%74icket=" + two.reveal());
        Opening same = open("ticket=" + one.reveal() + "&ticket=" + one.reveal());

        assertThat(List.of(plain, hidden, same)).allSatisfy(opening -> assertRefused(opening, Refusal.AMBIGUOUS));
        assertAdmitted(open("ticket=" + one.reveal()), "alice");
    }

    @Test
    void t10_aTicketInAnotherCarrierIsNotSeen() throws Exception {
        Ticket ticket = issue("alice");

        Opening inHeader = open(
                "", "Realtime-Ticket: " + ticket.reveal(), "Sec-WebSocket-Protocol: chat, ticket." + ticket.reveal());

        assertRefused(inHeader, Refusal.MISSING);
        assertAdmitted(open("ticket=" + ticket.reveal()), "alice");
    }

    @Test
    void aPreflightBurnsNothing() throws Exception {
        Ticket ticket = issue("alice");

        Opening preflight = Opening.preflight(uri(), "ticket=" + ticket.reveal(), ORIGIN);
        Opening opening = open("ticket=" + ticket.reveal(), "Origin: " + ORIGIN);

        assertThat(preflight.status()).isNotEqualTo(101);
        assertThat(preflight.text()).doesNotContain("alice");
        assertAdmitted(opening, "alice");
    }
}
