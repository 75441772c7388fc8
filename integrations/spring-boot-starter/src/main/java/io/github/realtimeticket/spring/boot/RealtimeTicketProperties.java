// SPDX-License-Identifier: Apache-2.0
package io.github.realtimeticket.spring.boot;

import io.github.realtimeticket.TicketCarrier;
import io.github.realtimeticket.TicketStore;
import io.github.realtimeticket.Tickets;
import java.time.Duration;
import java.time.temporal.ChronoUnit;
import java.util.List;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;
import org.springframework.boot.context.properties.ConfigurationProperties;
import org.springframework.boot.context.properties.NestedConfigurationProperty;
import org.springframework.boot.context.properties.bind.DefaultValue;
import org.springframework.boot.convert.DurationUnit;

/**
 * The settings of tickets.
 *
 * @param path where a ticket is issued for a POST, spelled as here and no other way
 * @param expire how long a ticket lives, 1s to 300s; a bare number is seconds
 * @param carrier where in a connection request the gate looks for the ticket
 * @param carrierName name of the query parameter or the header, or prefix of the subprotocol; "ticket", "Realtime-Ticket" and
 *     "ticket." by default
 * @param audience name of the backend or channel that tickets are bound to; that of this gate, too
 * @param origin origin of this application's pages, such as https://app.example, to which the tickets in pages are bound; needed
 *     to issue, too, behind a proxy that rewrites Host, unless server.forward-headers-strategy is set
 * @param allowedOrigins other origins whose pages may ask for tickets, with credentials
 * @param limit how many tickets each user gets
 * @param gate the gate, where tickets are redeemed
 * @param store where tickets are kept until they are redeemed
 * @param memory the store in memory
 * @param keyMode whether the store's keys are hashes of tickets, or the tickets themselves for backends that look them up so
 * @param keyPrefix what the store's keys begin with; may be empty
 * @param redis the store in Redis; where no address is set, that of spring.data.redis
 * @param client the browser client
 * @param authorities whether the user's authorities travel with the ticket, for gates that trust them
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
        @DefaultValue LimitProperties limit,
        @DefaultValue GateProperties gate,
        @DefaultValue("memory") Store store,
        @DefaultValue Memory memory,
        @DefaultValue("hashed") KeyMode keyMode,
        @DefaultValue("ticket:") String keyPrefix,
        @DefaultValue @NestedConfigurationProperty RedisProperties redis,
        @DefaultValue ClientProperties client,
        @DefaultValue("false") boolean authorities,
        @DefaultValue("false") boolean showDetails) {

    private static final Pattern PATH = Pattern.compile("(/[A-Za-z0-9._~-]+)+/?");
    private static final Pattern ORIGIN =
            Pattern.compile("[a-z][a-z0-9+.-]*://([a-z0-9._-]+|\\[[0-9a-f:.]+])(:[1-9][0-9]{0,4})?");

    RealtimeTicketProperties {
        AllowedValues.require(PATH.matcher(path).matches(), "path");
        AllowedValues.require(
                expire.compareTo(Tickets.SHORTEST_TIME_TO_LIVE) >= 0
                        && expire.compareTo(TicketStore.LONGEST_TIME_TO_LIVE) <= 0,
                "expire");
        AllowedValues.require(audience == null || (!audience.isEmpty() && audience.length() <= 512), "audience");
        AllowedValues.require(origin == null || isOrigin(origin), "origin");
        AllowedValues.require(allowedOrigins.stream().allMatch(RealtimeTicketProperties::isOrigin), "allowed-origins");
        AllowedValues.require(
                gate.allowedOrigins().stream().allMatch(RealtimeTicketProperties::isOrigin), "gate.allowed-origins");
        AllowedValues.require(limit.burst() >= 1, "limit.burst");
        AllowedValues.require(limit.perSecond() >= 0.001 && limit.perSecond() <= 1_000_000, "limit.per-second");
        AllowedValues.require(memory.maximum() >= 1, "memory.maximum");
        AllowedValues.require(keyPrefix.length() <= 256, "key-prefix");
        requireCarrier(carrier, carrierName);
    }

    /** The carrier of the gate. */
    TicketCarrier ticketCarrier() {
        return carrier.named(carrierName);
    }

    private static void requireCarrier(Carrier carrier, @Nullable String name) {
        try {
            TicketCarrier unused = carrier.named(name);
        } catch (IllegalArgumentException e) {
            throw AllowedValues.wrong("carrier-name", e);
        }
    }

    private static boolean isOrigin(String text) {
        boolean usualPort = (text.startsWith("http://") && text.endsWith(":80"))
                || (text.startsWith("https://") && text.endsWith(":443"));
        return ORIGIN.matcher(text).matches() && !usualPort;
    }

    /** Where the ticket travels. */
    enum Carrier {
        QUERY,
        SUBPROTOCOL,
        HEADER;

        TicketCarrier named(@Nullable String name) {
            return switch (this) {
                case QUERY -> name == null ? TicketCarrier.query() : TicketCarrier.query(name);
                case SUBPROTOCOL -> name == null ? TicketCarrier.subprotocol() : TicketCarrier.subprotocol(name);
                case HEADER -> name == null ? TicketCarrier.header() : TicketCarrier.header(name);
            };
        }
    }

    /** Where tickets are kept. */
    enum Store {
        MEMORY,
        REDIS
    }

    /** What the store's keys are. */
    enum KeyMode {
        HASHED,
        PLAIN
    }

    /**
     * The gate.
     *
     * @param paths the paths that a ticket opens, and nothing else, with Spring Security: patterns such as /realtime/**
     * @param allowedOrigins the only origins whose pages may connect; any if empty
     * @param trustAuthorities whether holders are granted the authorities that their issuer has sent
     */
    record GateProperties(
            @DefaultValue List<String> paths,
            @DefaultValue List<String> allowedOrigins,
            @DefaultValue("false") boolean trustAuthorities) {}

    /**
     * How many tickets each user gets.
     *
     * @param enabled whether there is a limit
     * @param burst how many at once
     * @param perSecond how many a second after that
     */
    record LimitProperties(
            @DefaultValue("true") boolean enabled,
            @DefaultValue("30") int burst,
            @DefaultValue("2") double perSecond) {}

    /**
     * The browser client.
     *
     * @param enabled whether its scripts are served below /realtime-ticket/
     */
    record ClientProperties(@DefaultValue("true") boolean enabled) {}

    /**
     * The store in memory.
     *
     * @param maximum how many tickets may be outstanding
     */
    record Memory(@DefaultValue("100000") int maximum) {}
}
