// SPDX-License-Identifier: Apache-2.0
package io.github.realtimeticket.testkit;

import static org.assertj.core.api.Assertions.assertThat;

import io.github.realtimeticket.Revocation;
import io.github.realtimeticket.TicketGrant;
import org.junit.jupiter.api.Test;

/** What every integration must pass that opens WebSockets: the close code is the last that is said, and nothing is heard behind it. */
public abstract class WebSocketConnectionContract extends ConnectionContract {

    /**
     * Sends this text to every WebSocket that the server has greeted, as an application does that does not know who has to go. What cannot be
     * sent any more is dropped.
     */
    protected abstract void broadcast(String text) throws Exception;

    /** How many text messages of clients the server's application has been handed by now, and has taken. */
    protected abstract long heard() throws Exception;

    // A browser takes a message behind a close frame for a fault (RFC 6455 section 5.5.1): its page learns 1006, and
    // comes back.
    @Test
    void t16_nothingFollowsTheCloseCodeWhateverTheApplicationSends() throws Exception {
        try (Held bob = open(issue(TicketGrant.to(BOB)), "bob");
                Held alice = open(issue(TicketGrant.to(ALICE)), "alice")) {
            eventuallyKnown(2);
            revoke(Revocation.holder(2).forbidden());
            for (int i = 0; i < 20; i++) {
                broadcast("news");
            }

            assertThat(bob.closeCode()).isEqualTo(3003);
            broadcast("the latest");
            assertThat(bob.isOver(3003)).as("nothing follows the close code").isTrue();
            alice.hear("the latest");
            assertIsOpen(alice);
        }
    }

    @Test
    void t16_whoeverIsToldToGoIsHeardNoMore() throws Exception {
        try (Held bob = open(issue(TicketGrant.to(BOB)), "bob");
                Held alice = open(issue(TicketGrant.to(ALICE)), "alice")) {
            eventuallyKnown(2);
            long before = heard();
            revoke(Revocation.holder(2).forbidden());
            assertThat(bob.closeCode()).isEqualTo(3003);

            bob.insist(bye());
            // The answer to the close comes last, so that all of it has been read when the server is done.
            assertThat(bob.isOver(3003)).isTrue();
            eventuallyKnown(1);
            assertThat(heard()).as("what is heard of whoever was told to go").isEqualTo(before);

            assertIsOpen(alice);
            assertThat(heard()).as("what is heard of anybody else").isEqualTo(before + 1);
        }
    }
}
