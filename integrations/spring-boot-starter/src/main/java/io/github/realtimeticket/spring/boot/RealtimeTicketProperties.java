// SPDX-License-Identifier: Apache-2.0
package io.github.realtimeticket.spring.boot;

import java.time.Duration;
import java.time.temporal.ChronoUnit;
import java.util.List;
import org.jspecify.annotations.Nullable;
import org.springframework.boot.context.properties.ConfigurationProperties;
import org.springframework.boot.context.properties.bind.DefaultValue;
import org.springframework.boot.convert.DurationUnit;

/**
 * The settings of tickets.
 *
 * @param path where a ticket is issued for a POST; with and without a slash at its end
 * @param expire how long a ticket lives, 1s to 300s; a bare number is seconds
 * @param carrier where in a connection request the gate looks for the ticket
 * @param carrierName name of the query parameter or the header, or prefix of the subprotocol; "ticket", "Realtime-Ticket" and
 *     "ticket." by default
 * @param audience name of the backend or channel that tickets are bound to; that of this gate, too
 * @param origin origin of this application's pages, such as https://app.example, to which the tickets in pages are bound
 * @param allowedOrigins other origins whose pages may ask for tickets, with credentials
 * @param gate the gate, where tickets are redeemed
 * @param store where tickets are kept until they are redeemed
 * @param memory the store in memory
 * @param authorities whether the user's authorities travel with the ticket and are granted when it is redeemed
 * @param showDetails whether error messages say what is wrong; for development
 */
@ConfigurationProperties("realtime-ticket")
record RealtimeTicketProperties(
        @DefaultValue("/ticket/") String path,

        @DefaultValue("10s") @DurationUnit(ChronoUnit.SECONDS)
        Duration expire,

        @DefaultValue("query") Carrier carrier,
        @Nullable String carrierName,
        @Nullable String audience,
        @Nullable String origin,
        @DefaultValue List<String> allowedOrigins,
        @DefaultValue GateProperties gate,
        @DefaultValue("memory") Store store,
        @DefaultValue Memory memory,
        @DefaultValue("false") boolean authorities,
        @DefaultValue("false") boolean showDetails) {

    /** Where the ticket travels. */
    enum Carrier {
        QUERY,
        SUBPROTOCOL,
        HEADER
    }

    /** Where tickets are kept. */
    enum Store {
        MEMORY,
        REDIS
    }

    /**
     * The gate.
     *
     * @param allowedOrigins the only origins whose pages may connect; any if empty
     */
    record GateProperties(@DefaultValue List<String> allowedOrigins) {}

    /**
     * The store in memory.
     *
     * @param maximum how many tickets may be outstanding
     */
    record Memory(@DefaultValue("100000") int maximum) {}
}
