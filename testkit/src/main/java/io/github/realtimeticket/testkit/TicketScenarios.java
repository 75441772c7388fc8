// SPDX-License-Identifier: Apache-2.0
package io.github.realtimeticket.testkit;

import static org.assertj.core.api.Assertions.assertThat;

import io.github.realtimeticket.Refusal;
import io.github.realtimeticket.Ticket;
import java.util.List;
import java.util.UUID;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** What becomes of a ticket, good or bad, that a request has. */
abstract class TicketScenarios {

    private final BackendContract backend;

    TicketScenarios(BackendContract backend) {
        this.backend = backend;
    }

    @Test
    void aTicketOpensAConnectionForItsHolder() throws Exception {
        Ticket ticket = backend.issue("alice");

        Opening opening = backend.open("ticket=" + ticket.reveal());

        backend.assertAdmitted(opening, "alice");
    }

    @ParameterizedTest
    @ValueSource(strings = {"名前", "Zoë \"quoted\" <b>", "line\nbreak", "\ud83d\ude00"})
    void t8_anyNameArrivesUnchanged(String username) throws Exception {
        Ticket ticket = backend.issue(username);

        Opening opening = backend.open("ticket=" + ticket.reveal());

        backend.assertAdmitted(opening, username);
    }

    @Test
    void t4_aTicketOpensNothingASecondTime() throws Exception {
        Ticket ticket = backend.issue("alice");
        backend.assertAdmitted(backend.open("ticket=" + ticket.reveal()), "alice");

        Opening second = backend.open("ticket=" + ticket.reveal());

        backend.assertRefused(second, Refusal.NOTHING);
    }

    @Test
    void t4_ofFiftyRacersOneIsAdmitted() throws Exception {
        Ticket ticket = backend.issue("alice");

        List<Opening> openings = Racers.race(50, racer -> backend.open("ticket=" + ticket.reveal()));

        List<Opening> refused =
                openings.stream().filter(opening -> opening.status() >= 300).toList();
        assertThat(refused).hasSize(49).allSatisfy(opening -> backend.assertRefused(opening, Refusal.NOTHING));
    }

    @Test
    void t5_anExpiredTicketIsRefused() throws Exception {
        Ticket ticket = backend.expired();

        Opening opening = backend.open("ticket=" + ticket.reveal());

        backend.assertRefused(opening, Refusal.NOTHING);
    }

    @Test
    void t5_anUnknownTicketIsRefused() throws Exception {
        Opening opening = backend.open("ticket=" + UUID.randomUUID());

        backend.assertRefused(opening, Refusal.NOTHING);
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "short",
                "AAAAAAAAAAAAAAAAAAAAA",
                "AAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA",
                "AAAAAAAAAAAAAAAAAAAAAAAAAA*",
                "AAAAAAAAAAAAAAAAAAAAAAAAAA%00",
                "AAAAAAAAAAAAAAAAAAAAAAAAAA%0d%0aX:1",
                "session:AAAAAAAAAAAAAAAAAAAAAAAAAAA",
                "%zz%zz%zz%zz%zz%zz%zz%zz%zz%zz"
            })
    void t2_garbageIsRefusedBeforeTheStoreIsAsked(String text) throws Exception {
        int asked = backend.asked();

        Opening opening = backend.open("ticket=" + text);

        // A server may refuse a request target that is no URI before we see it (RFC 9112 section 3.2).
        if (opening.status() != 400 || !text.contains("%zz")) {
            backend.assertRefused(opening, Refusal.MALFORMED);
        }
        assertThat(backend.asked()).isEqualTo(asked);
    }

    @Test
    void t5_nobodyIsLetInWhileTheStoreIsDownAndTheNextTicketWorks() throws Exception {
        Ticket ticket = backend.issue("alice");
        backend.outOfReach(true);

        Opening down = backend.open("ticket=" + ticket.reveal());
        backend.outOfReach(false);
        Opening up = backend.open("ticket=" + backend.issue("alice").reveal());

        backend.assertRefused(down, Refusal.FAILED);
        backend.assertAdmitted(up, "alice");
    }
}
