// SPDX-License-Identifier: Apache-2.0
package io.github.realtimeticket.spring.boot;

import static io.github.realtimeticket.spring.boot.WrongProperty.require;

import io.github.realtimeticket.Origin;
import io.github.realtimeticket.TicketStore;
import io.github.realtimeticket.Tickets;
import java.time.Duration;
import java.util.List;
import java.util.regex.Pattern;

/** What each property may be, beyond what its type says. */
final class AllowedValues {

    private static final Pattern PATH = Pattern.compile("(/[A-Za-z0-9._~-]+)+/?");
    private static final String AN_ORIGIN =
            "an origin as browsers send it, such as https://app.example or http://localhost:8080, without a path";

    private AllowedValues() {}

    static void requireIn(RealtimeTicketProperties properties) {
        String path = properties.path();
        require(PATH.matcher(path).matches(), "path", path, "a path such as /ticket/, of letters, digits and . _ ~ -");
        Duration timeToLive = properties.timeToLive();
        require(
                isWithin(timeToLive, Tickets.SHORTEST_TIME_TO_LIVE, TicketStore.LONGEST_TIME_TO_LIVE),
                "time-to-live",
                timeToLive,
                "a time span of 1s to 300s, such as 10s");
        require(
                isCarrierName(properties),
                "carrier-name",
                properties.carrierName(),
                "1 to 64 letters, digits or any of . _ ~ -");
        String audience = properties.audience();
        require(
                audience == null || (!audience.isEmpty() && audience.length() <= 512),
                "audience",
                audience,
                "a name of 1 to 512 characters");
        String origin = properties.origin();
        require(origin == null || isOrigin(origin), "origin", origin, AN_ORIGIN);
        requireOrigins("allowed-origins", properties.allowedOrigins());
        requireOrigins("gate.allowed-origins", properties.gate().allowedOrigins());
        int burst = properties.limit().burst();
        require(burst >= 1 && burst <= 1_000_000, "limit.burst", burst, "1 to 1000000");
        double perSecond = properties.limit().perSecond();
        require(
                perSecond >= 0.001 && perSecond <= 1_000_000,
                "limit.per-second",
                perSecond,
                "a number of 0.001 to 1000000, such as 2");
        int maximum = properties.memory().maximum();
        require(maximum >= 1, "memory.maximum", maximum, "at least 1");
        String keyPrefix = properties.keyPrefix();
        require(keyPrefix.length() <= 256, "key-prefix", keyPrefix, "at most 256 characters long");
        requireTimeout("redis.timeout", properties.redis().timeout());
        requireTimeout("jdbc.timeout", properties.jdbc().timeout());
    }

    private static void requireTimeout(String property, Duration timeout) {
        require(
                isWithin(timeout, Duration.ofMillis(1), Duration.ofSeconds(10)),
                property,
                timeout,
                "a time span of 1ms to 10s, such as 1s");
    }

    private static boolean isWithin(Duration span, Duration shortest, Duration longest) {
        return span.compareTo(shortest) >= 0 && span.compareTo(longest) <= 0;
    }

    private static boolean isCarrierName(RealtimeTicketProperties properties) {
        try {
            var unused = properties.ticketCarrier();
            return true;
        } catch (IllegalArgumentException e) {
            return false;
        }
    }

    private static void requireOrigins(String property, List<String> origins) {
        require(
                origins.stream().allMatch(AllowedValues::isOrigin),
                property,
                origins,
                "a list, of which each is " + AN_ORIGIN);
    }

    private static boolean isOrigin(String text) {
        return Origin.parse(text).isPresent();
    }
}
