// SPDX-License-Identifier: Apache-2.0
package io.github.realtimeticket.testkit;

import io.github.realtimeticket.Ticket;
import java.security.SecureRandom;
import java.util.Base64;

/** Tickets for tests that need one before any store has seen it. */
final class TicketTexts {

    private static final SecureRandom RANDOM = new SecureRandom();

    private TicketTexts() {}

    static Ticket ticket() {
        byte[] bits = new byte[20];
        RANDOM.nextBytes(bits);
        return ticket(Base64.getUrlEncoder().withoutPadding().encodeToString(bits));
    }

    static Ticket ticket(String text) {
        return Ticket.parse(text).orElseThrow();
    }
}
