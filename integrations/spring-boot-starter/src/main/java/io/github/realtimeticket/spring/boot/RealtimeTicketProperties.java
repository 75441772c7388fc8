// SPDX-License-Identifier: Apache-2.0
package io.github.realtimeticket.spring.boot;

import io.github.realtimeticket.InMemoryTicketStore;
import io.github.realtimeticket.ReplayAlarm;
import io.github.realtimeticket.TicketCarrier;
import java.time.Duration;
import java.time.temporal.ChronoUnit;
import java.util.List;
import java.util.Locale;
import org.jspecify.annotations.Nullable;
import org.springframework.aot.AotDetector;
import org.springframework.boot.context.properties.ConfigurationProperties;
import org.springframework.boot.context.properties.NestedConfigurationProperty;
import org.springframework.boot.context.properties.bind.DefaultValue;
import org.springframework.boot.convert.DurationUnit;
import org.springframework.web.util.pattern.PathPattern;
import org.springframework.web.util.pattern.PathPatternParser;

/**
 * The settings of tickets.
 *
 * @param path where a ticket is issued for a POST, spelled as here and no other way
 * @param timeToLive how long a ticket lives, 1s to 300s; a bare number is seconds
 * @param carrier where in a connection request the gate looks for the ticket
 * @param carrierName name of the query parameter or the header, or prefix of the subprotocol; "ticket", "Realtime-Ticket" and
 *     "ticket." by default
 * @param audience name of the backend or channel that tickets are bound to; that of this gate, too
 * @param origin origin of this application's pages, such as https://app.example, to which the tickets in pages are bound; needed
 *     to issue, too, behind a proxy that rewrites Host, unless server.forward-headers-strategy is set
 * @param allowedOrigins other origins whose pages may ask for tickets, with credentials
 * @param limit how many tickets each user gets
 * @param gate the gate, where tickets are redeemed
 * @param connection what tickets open
 * @param replayAlarm what happens when a used ticket is presented again: nothing, a log line and an event, or the end of what it opened, too
 * @param revocations what ends tickets and connections before their time
 * @param store where tickets are kept until they are redeemed
 * @param memory the store in memory
 * @param keyMode whether the store's keys are hashes of tickets, or the tickets themselves for backends that look them up so
 * @param keyPrefix what the store's keys begin with; may be empty
 * @param redis the store in Redis; where no url is set, everything but the timeout is that of spring.data.redis
 * @param jdbc the store in the application's database
 * @param client the browser client
 * @param authorities whether the user's authorities travel with the ticket, for gates that trust them
 */
@ConfigurationProperties("realtime-ticket")
record RealtimeTicketProperties(
        @DefaultValue("/ticket/") String path,

        @DefaultValue("10s") @DurationUnit(ChronoUnit.SECONDS)
        Duration timeToLive,

        @DefaultValue("query") Carrier carrier,
        @Nullable String carrierName,
        @Nullable String audience,
        @Nullable String origin,
        @DefaultValue List<String> allowedOrigins,
        @DefaultValue LimitProperties limit,
        @DefaultValue GateProperties gate,
        @DefaultValue ConnectionProperties connection,
        @DefaultValue("off") ReplayAlarm replayAlarm,
        @DefaultValue RevocationsProperties revocations,
        @DefaultValue("memory") Store store,
        @DefaultValue Memory memory,
        @DefaultValue("hashed") KeyMode keyMode,
        @DefaultValue("ticket:") String keyPrefix,
        @DefaultValue @NestedConfigurationProperty RedisProperties redis,
        @DefaultValue @NestedConfigurationProperty JdbcProperties jdbc,
        @DefaultValue ClientProperties client,
        @DefaultValue("false") boolean authorities) {

    /** The carrier of the gate. */
    TicketCarrier ticketCarrier() {
        return WrongProperty.naming("carrier-name", carrierName, carrier::named);
    }

    /** The patterns of the paths that a ticket opens. */
    List<String> gatePaths() {
        return WrongProperty.naming("gate.paths", gate.paths(), GateProperties::patterns);
    }

    /** Stops the start unless the store that is made is the one that is asked for; with AOT, the build decides which is made. */
    void requireStore(Store made) {
        WrongProperty.require(
                store == made,
                "store",
                store,
                made.name().toLowerCase(Locale.ROOT)
                        + (AotDetector.useGeneratedArtifacts()
                                ? ", with which this application was processed ahead of time (AOT)"
                                : " without io.github.realtimeticket:realtime-ticket-"
                                        + store.name().toLowerCase(Locale.ROOT) + " on the class path"));
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
        REDIS,
        JDBC
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
     * @param stomp whether a ticket in its CONNECT frame opens a STOMP session, and nothing else does
     * @param graphql whether a ticket in its connection_init opens a GraphQL session over a WebSocket, and nothing else does
     * @param allowedOrigins the only origins whose pages may connect; any if empty
     * @param trustAuthorities whether holders are granted the authorities that their issuer has sent
     */
    record GateProperties(
            @DefaultValue List<String> paths,
            @DefaultValue("false") boolean stomp,
            @DefaultValue("false") boolean graphql,
            @DefaultValue List<String> allowedOrigins,
            @DefaultValue("false") boolean trustAuthorities) {

        private static List<String> patterns(List<String> paths) {
            for (String path : paths) {
                if (!path.startsWith("/")) {
                    throw new IllegalArgumentException(
                            "A path must be a pattern such as /realtime/**, not \"" + path + "\"");
                }
                PathPattern unused = PathPatternParser.defaultInstance.parse(path);
            }
            return paths;
        }
    }

    /**
     * What tickets open.
     *
     * @param maximumAge how long a connection may last, 1s or more; a bare number is seconds. For as long as its login lasts by default
     * @param endsWithToken whether it ends with the bearer token (exp) that its ticket was issued for
     */
    record ConnectionProperties(
            @Nullable @DurationUnit(ChronoUnit.SECONDS) Duration maximumAge,
            @DefaultValue("true") boolean endsWithToken) {}

    /**
     * What ends tickets and connections before their time.
     *
     * @param enabled whether tickets are bound to sessions, which end them and what they open. True by default in memory, false in Redis,
     *     where it needs a second connection, and rights to a stream, and in a database, where it needs rights to two more tables
     */
    record RevocationsProperties(@Nullable Boolean enabled) {}

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
    record Memory(@DefaultValue("100000") int maximum) {

        InMemoryTicketStore store() {
            return WrongProperty.naming(
                    "memory.maximum", maximum, most -> new InMemoryTicketStore(most, System::nanoTime));
        }
    }
}
