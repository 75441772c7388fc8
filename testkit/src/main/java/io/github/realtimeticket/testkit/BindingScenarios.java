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

    private final BackendContract backend;

    BindingScenarios(BackendContract backend) {
        this.backend = backend;
    }

    @Test
    void t9_aTicketOpensAConnectionForThePageItWasIssuedTo() throws Exception {
        Ticket ticket = backend.issue(backend.binding().withOrigin(BackendContract.ORIGIN));

        Opening opening = backend.open("ticket=" + ticket.reveal(), "Origin: " + BackendContract.ORIGIN);

        backend.assertAdmitted(opening, "alice");
    }

    @Test
    void t9_aRequestWithoutAnOriginIsNotRefusedForThat() throws Exception {
        Ticket ticket = backend.issue(backend.binding().withOrigin(BackendContract.ORIGIN));

        Opening opening = backend.open("ticket=" + ticket.reveal());

        backend.assertAdmitted(opening, "alice");
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
        Ticket ticket = backend.issue(backend.binding().withOrigin(BackendContract.ORIGIN));

        Opening foreign = backend.open("ticket=" + ticket.reveal(), header);
        Opening own = backend.open("ticket=" + ticket.reveal(), "Origin: " + BackendContract.ORIGIN);

        backend.assertRefused(foreign, Refusal.WRONG_ORIGIN);
        backend.assertRefused(own, Refusal.NOTHING);
    }

    @Test
    void t9_aTicketForAnotherAudienceIsBurntAndRefused() throws Exception {
        Ticket ticket = backend.issue(TicketBinding.none().withAudience("billing"));

        Opening first = backend.open("ticket=" + ticket.reveal());
        Opening second = backend.open("ticket=" + ticket.reveal());

        backend.assertRefused(first, Refusal.WRONG_AUDIENCE);
        backend.assertRefused(second, Refusal.NOTHING);
    }
}
