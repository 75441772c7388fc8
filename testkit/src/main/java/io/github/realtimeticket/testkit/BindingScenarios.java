// SPDX-License-Identifier: Apache-2.0
package io.github.realtimeticket.testkit;

import io.github.realtimeticket.Refusal;
import io.github.realtimeticket.Ticket;
import io.github.realtimeticket.TicketBinding;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** What a ticket is bound to. */
abstract class BindingScenarios {

    private final Door door;

    BindingScenarios(Door door) {
        this.door = door;
    }

    @Test
    void t9_aTicketOpensAConnectionForThePageItWasIssuedTo() throws Exception {
        Ticket ticket = door.issue(door.binding().withOrigin(BackendContract.ORIGIN));

        Opening opening = door.open("ticket=" + ticket.reveal(), "Origin: " + BackendContract.ORIGIN);

        door.assertAdmitted(opening, "alice");
    }

    @Test
    void t9_aRequestWithoutAnOriginIsNotRefusedForThat() throws Exception {
        Ticket ticket = door.issue(door.binding().withOrigin(BackendContract.ORIGIN));

        Opening opening = door.open("ticket=" + ticket.reveal());

        door.assertAdmitted(opening, "alice");
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
        Ticket ticket = door.issue(door.binding().withOrigin(BackendContract.ORIGIN));

        Opening foreign = door.open("ticket=" + ticket.reveal(), header);
        Opening own = door.open("ticket=" + ticket.reveal(), "Origin: " + BackendContract.ORIGIN);

        door.assertRefused(foreign, Refusal.WRONG_ORIGIN);
        door.assertRefused(own, Refusal.NOTHING);
    }

    @Test
    void t9_aTicketForAnotherAudienceIsBurntAndRefused() throws Exception {
        Ticket ticket = door.issue(TicketBinding.none().withAudience("billing"));

        Opening first = door.open("ticket=" + ticket.reveal());
        Opening second = door.open("ticket=" + ticket.reveal());

        door.assertRefused(first, Refusal.WRONG_AUDIENCE);
        door.assertRefused(second, Refusal.NOTHING);
    }
}
