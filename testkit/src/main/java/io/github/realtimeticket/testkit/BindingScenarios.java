// SPDX-License-Identifier: Apache-2.0
package io.github.realtimeticket.testkit;

import io.github.realtimeticket.Refusal;
import io.github.realtimeticket.Ticket;
import io.github.realtimeticket.TicketBinding;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** What a ticket is bound to. */
abstract class BindingScenarios extends TicketScenarios {

    @Test
    void t9_aTicketOpensAConnectionForThePageItWasIssuedTo() throws Exception {
        Ticket ticket = issue(binding().withOrigin(ORIGIN));

        Opening opening = open("ticket=" + ticket.reveal(), "Origin: " + ORIGIN);

        assertAdmitted(opening, "alice");
    }

    @Test
    void t9_aRequestWithoutAnOriginIsNotRefusedForThat() throws Exception {
        Ticket ticket = issue(binding().withOrigin(ORIGIN));

        Opening opening = open("ticket=" + ticket.reveal());

        assertAdmitted(opening, "alice");
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "Origin: https://evil.example",
                "origin: https://evil.example",
                "ORIGIN: http://app.example",
                "Origin: https://app.example.evil.example",
                "Origin: https://app.example:8443",
                "Origin: null"
            })
    void t9_aTicketFromAnotherOriginIsBurntAndRefused(String header) throws Exception {
        Ticket ticket = issue(binding().withOrigin(ORIGIN));

        Opening foreign = open("ticket=" + ticket.reveal(), header);
        Opening own = open("ticket=" + ticket.reveal(), "Origin: " + ORIGIN);

        assertRefused(foreign, Refusal.WRONG_ORIGIN);
        assertRefused(own, Refusal.NOTHING);
    }

    @Test
    void t9_aTicketForAnotherAudienceIsBurntAndRefused() throws Exception {
        Ticket ticket = issue(TicketBinding.none().withAudience("billing"));

        Opening first = open("ticket=" + ticket.reveal());
        Opening second = open("ticket=" + ticket.reveal());

        assertRefused(first, Refusal.WRONG_AUDIENCE);
        assertRefused(second, Refusal.NOTHING);
    }
}
