// SPDX-License-Identifier: Apache-2.0
package io.github.realtimeticket.interop.django;

import io.github.realtimeticket.redis.TicketKeys;

/** The form in which a Django site issues, and what a gate or an operator must know of it. */
enum Form {
    ORIGINAL("web.original"),
    HASHED("web.hashed");

    private final String settings;

    Form(String settings) {
        this.settings = settings;
    }

    /** The name of the Django settings module. */
    String settings() {
        return settings;
    }

    TicketKeys keys() {
        return this == ORIGINAL ? TicketKeys.plain("") : TicketKeys.hashed();
    }

    /** The starter's properties for the same keys. */
    String[] properties() {
        return this == ORIGINAL
                ? new String[] {"realtime-ticket.key-mode=plain", "realtime-ticket.key-prefix="}
                : new String[0];
    }
}
