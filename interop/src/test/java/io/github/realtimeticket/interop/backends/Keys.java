// SPDX-License-Identifier: Apache-2.0
package io.github.realtimeticket.interop.backends;

import io.github.realtimeticket.Ticket;
import io.github.realtimeticket.redis.TicketKeys;
import java.util.Map;

/** Under which keys tickets are kept, and what Java, a backend and an operator must know of it. */
enum Keys {
    HASHED,
    COMPATIBLE;

    TicketKeys inJava() {
        return this == HASHED ? TicketKeys.hashed() : TicketKeys.plain("");
    }

    /** A backend's environment. */
    Map<String, String> settings() {
        return this == HASHED ? Map.of() : Map.of("COMPATIBLE_PREFIX", "");
    }

    String of(Ticket ticket) {
        return this == HASHED ? "ticket:" + ticket.sha256() : ticket.reveal();
    }
}
