// SPDX-License-Identifier: Apache-2.0
package io.github.realtimeticket.spring.boot;

import io.lettuce.core.RedisCredentials;
import io.lettuce.core.RedisCredentialsProvider;
import io.lettuce.core.RedisURI;
import java.net.URI;
import java.util.List;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;
import org.springframework.boot.ssl.SslBundle;
import org.springframework.util.StringUtils;

/**
 * Where Redis is: the address of a server or of Sentinels, or the nodes of a Cluster.
 *
 * @param uris one address, or those of a Cluster's nodes
 * @param cluster whether it is a Cluster
 * @param bundle what TLS trusts and shows; the platform's trust if {@code null}
 */
record RedisAddress(
        List<RedisURI> uris, boolean cluster, @Nullable SslBundle bundle) {

    /** A name or an address, IPv6 with its colons; no port, no login, no path. */
    private static final Pattern HOST = Pattern.compile("[^\\s:/?#@]+|\\[?[0-9A-Fa-f]*:[0-9A-Fa-f:.]*:[^\\s/?#@]*");

    RedisAddress(RedisURI server, @Nullable SslBundle bundle) {
        this(List.of(server), false, bundle);
    }

    /** What a URL says, which is not shown if it is wrong, since it may hold a password. */
    static RedisURI parse(String property, String url) {
        try {
            if (namesOneServer(URI.create(url))) {
                return RedisURI.create(url);
            }
        } catch (IllegalArgumentException e) {
            // Not a cause: its message shows the URL.
        }
        throw WrongProperty.secret(
                property,
                "It must be an address such as redis://user:password@host:6379/0, or rediss:// for TLS,"
                        + " with user and password percent-encoded.");
    }

    /** A server of {@code spring.data.redis}, whose host and port are two settings. */
    static RedisURI server(String host, int port) {
        if (!HOST.matcher(host).matches()) {
            throw WrongProperty.secret(
                    "spring.data.redis.host",
                    "It must be a host alone, such as redis-1. Its port is spring.data.redis.port, and an address with"
                            + " everything is spring.data.redis.url.");
        }
        return RedisURI.create(host, port);
    }

    // Lettuce takes what stands before a #, ? or @ in a password for the host, and hosts are logged.
    private static boolean namesOneServer(URI url) {
        return ("redis".equals(url.getScheme()) || "rediss".equals(url.getScheme()))
                && url.getHost() != null
                && url.getRawFragment() == null
                && (url.getRawQuery() == null || !url.getRawQuery().contains("@"));
    }

    /** As in Boot: a password that is empty is none, and without one there is no login. */
    static void login(RedisURI uri, @Nullable String username, @Nullable String password) {
        if (StringUtils.hasText(password)) {
            String name = StringUtils.hasText(username) ? username : null;
            uri.setCredentialsProvider(RedisCredentialsProvider.from(() -> RedisCredentials.just(name, password)));
        }
    }

    /** Hosts and ports, or the name that Sentinels know; no credentials. */
    String places() {
        return uris.stream()
                .map(uri -> uri.getSentinelMasterId() != null
                        ? "the master that Sentinels call " + uri.getSentinelMasterId()
                        : uri.getHost() + ":" + uri.getPort())
                .collect(Collectors.joining(", "));
    }
}
