// SPDX-License-Identifier: Apache-2.0
package io.github.realtimeticket.spring.boot;

import java.time.Duration;
import java.time.temporal.ChronoUnit;
import java.util.List;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;
import org.springframework.boot.context.properties.bind.DefaultValue;
import org.springframework.boot.convert.DurationUnit;

/**
 * The store in Redis. Where no address is set here (url, host, port, Sentinel or Cluster), that of {@code spring.data.redis} is
 * used, and what else is set here still counts.
 *
 * @param url address, such as redis://user:password@host:6379/0; rediss for TLS; instead of host and port
 * @param host host name of the server
 * @param port port of the server; 6379 by default
 * @param database number of the database
 * @param username name to log in with
 * @param password password to log in with
 * @param timeout within which time an operation succeeds or fails, connecting included, 1ms to 10s; a bare number is seconds
 * @param ssl TLS
 * @param sentinel Sentinels, which know the server
 * @param cluster Redis Cluster
 */
record RedisProperties(
        @Nullable String url,
        @Nullable String host,
        @Nullable Integer port,
        @Nullable Integer database,
        @Nullable String username,
        @Nullable String password,

        @DefaultValue("1s") @DurationUnit(ChronoUnit.SECONDS)
        Duration timeout,

        @DefaultValue Ssl ssl,
        @DefaultValue Sentinel sentinel,
        @DefaultValue Cluster cluster) {

    static final int DEFAULT_PORT = 6379;

    private static final Duration LONGEST_TIMEOUT = Duration.ofSeconds(10);
    private static final Pattern NODE = Pattern.compile("([^:\\[\\]\\s]+|\\[[0-9a-fA-F:.]+]):[0-9]{1,5}");

    // A name or an IPv4 address, or an IPv6 address with or without brackets.
    private static final Pattern HOST = Pattern.compile("[^:/\\\\\\s\\[\\]@?#,]+|"
            + "[0-9a-fA-F.]*:[0-9a-fA-F.]*:[0-9a-fA-F:.]*(%[A-Za-z0-9]+)?|\\[[0-9a-fA-F:.]+]");

    RedisProperties {
        AllowedValues.require(host == null || (HOST.matcher(host).matches() && url == null), "redis.host");
        AllowedValues.require(port == null || (port >= 1 && port <= 65535 && url == null), "redis.port");
        AllowedValues.require(database == null || database >= 0, "redis.database");
        AllowedValues.require(username == null || (!username.isEmpty() && password != null), "redis.username");
        AllowedValues.require(
                timeout.compareTo(Duration.ofMillis(1)) >= 0 && timeout.compareTo(LONGEST_TIMEOUT) <= 0,
                "redis.timeout");
        boolean one = Stream.of(
                                url != null,
                                host != null,
                                !sentinel.nodes().isEmpty(),
                                !cluster.nodes().isEmpty())
                        .filter(set -> set)
                        .count()
                <= 1;
        AllowedValues.require(
                sentinel.nodes().stream().allMatch(RedisProperties::isNode)
                        && (sentinel.nodes().isEmpty() || (sentinel.master() != null && one && port == null)),
                "redis.sentinel.nodes");
        AllowedValues.require(sentinel.master() == null || !sentinel.nodes().isEmpty(), "redis.sentinel.master");
        boolean clusterDatabase = database == null || database == 0;
        AllowedValues.require(
                cluster.nodes().stream().allMatch(RedisProperties::isNode)
                        && (cluster.nodes().isEmpty() || (clusterDatabase && one && port == null)),
                "redis.cluster.nodes");
    }

    /** Whether these settings say where Redis is. */
    boolean hasAddress() {
        return url != null
                || host != null
                || port != null
                || !sentinel.nodes().isEmpty()
                || !cluster.nodes().isEmpty();
    }

    private static boolean isNode(String text) {
        return NODE.matcher(text).matches();
    }

    /** All but the secrets. */
    @Override
    public String toString() {
        return "RedisProperties[host=" + host + ", port=" + port + ", database=" + database + ", timeout=" + timeout
                + "]";
    }

    /**
     * TLS.
     *
     * @param enabled whether to use TLS; implied by a bundle
     * @param bundle name of the SSL bundle that says what to trust and which key to show; the platform's trust if not set
     */
    record Ssl(@Nullable Boolean enabled, @Nullable String bundle) {

        boolean isOn() {
            return enabled == null ? bundle != null : enabled;
        }
    }

    /**
     * Sentinels.
     *
     * @param master name of the set of servers
     * @param nodes Sentinels as host:port
     * @param username name to log in with at the Sentinels
     * @param password password to log in with at the Sentinels
     */
    record Sentinel(
            @Nullable String master,
            @DefaultValue List<String> nodes,
            @Nullable String username,
            @Nullable String password) {}

    /**
     * Redis Cluster.
     *
     * @param nodes some servers of the Cluster as host:port
     */
    record Cluster(@DefaultValue List<String> nodes) {}
}
