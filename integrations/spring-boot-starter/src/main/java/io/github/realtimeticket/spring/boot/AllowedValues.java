// SPDX-License-Identifier: Apache-2.0
package io.github.realtimeticket.spring.boot;

import java.util.Map;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/** What each property may be, in the words that a wrong value is answered with. */
final class AllowedValues {

    static final String PREFIX = "realtime-ticket.";

    private static final String ORIGIN = "an origin exactly as browsers send it, such as https://app.example or"
            + " http://localhost:8080: lower case, no path, no default port";
    private static final String TRUTH = "true or false";
    private static final String NODES = "a list of host:port, such as redis-1:6379,redis-2:6379";

    private static final Map<String, String> TEXTS = Map.ofEntries(
            Map.entry("path", "a path such as /ticket/, of letters, digits and . _ ~ -"),
            Map.entry("expire", "a time span of 1s to 300s, such as 10s"),
            Map.entry("carrier", "query, subprotocol or header"),
            Map.entry("carrier-name", "1 to 64 letters, digits or any of . _ ~ -"),
            Map.entry("audience", "a name of 1 to 512 characters"),
            Map.entry("origin", ORIGIN),
            Map.entry("allowed-origins", "a list, of which each is " + ORIGIN),
            Map.entry("limit.enabled", TRUTH),
            Map.entry("limit.burst", "a whole number of at least 1"),
            Map.entry("limit.per-second", "a number of 0.001 to 1000000, such as 2"),
            Map.entry("gate.trust-authorities", TRUTH),
            Map.entry("gate.allowed-origins", "a list, of which each is " + ORIGIN),
            Map.entry("store", "memory or redis"),
            Map.entry("memory.maximum", "a whole number of at least 1"),
            Map.entry("key-mode", "hashed or plain"),
            Map.entry("key-prefix", "at most 256 characters"),
            Map.entry("authorities", TRUTH),
            Map.entry("show-details", TRUTH),
            Map.entry("redis.url", "an address such as redis://user:password@host:6379/0, or rediss:// for TLS"),
            Map.entry(
                    "redis.host",
                    "a host name or an address, without the port (that is redis.port), and no redis.url beside it"),
            Map.entry("redis.port", "a port of 1 to 65535, and no redis.url beside it"),
            Map.entry("redis.database", "a whole number of at least 0"),
            Map.entry("redis.username", "a name of at least one character, with a redis.password"),
            Map.entry("redis.timeout", "a time span of 1ms to 10s, such as 1s"),
            Map.entry("redis.ssl.enabled", TRUTH),
            Map.entry("redis.ssl.bundle", "the name of a bundle of spring.ssl.bundle"),
            Map.entry("redis.sentinel.master", "a name, together with redis.sentinel.nodes"),
            Map.entry("redis.sentinel.nodes", NODES + ", together with redis.sentinel.master, and no other address"),
            Map.entry("redis.cluster.nodes", NODES + ", no other address, and no database but 0"));

    private AllowedValues() {}

    /** What this property, named without its prefix, may be. */
    static Optional<String> of(String property) {
        return Optional.ofNullable(TEXTS.get(property));
    }

    /** Stops the start unless the value of this property is right. */
    static void require(boolean right, String property) {
        if (!right) {
            throw wrong(property, null);
        }
    }

    static WrongPropertyException wrong(String property, @Nullable Throwable cause) {
        return new WrongPropertyException(PREFIX + property + " must be " + TEXTS.get(property), cause);
    }
}
