// SPDX-License-Identifier: Apache-2.0
package io.github.realtimeticket.spring.boot;

import java.util.List;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.springframework.core.env.Environment;

/** Settings that somebody has made and that nothing reads. */
final class UnreadSettings {

    private static final Logger LOG = LoggerFactory.getLogger(UnreadSettings.class);

    private static final List<String> ELSEWHERE = List.of(
            "expire",
            "redis.host",
            "redis.port",
            "redis.db",
            "redis.database",
            "redis.username",
            "redis.password",
            "redis.socket-timeout",
            "redis.ssl.enabled",
            "redis.ssl.bundle",
            "redis.sentinel.master",
            "redis.sentinel.nodes",
            "redis.cluster.nodes");

    private UnreadSettings() {}

    /** Stops the start if a setting is looked for here that Boot has, or the original had by another name. */
    static void refuse(Environment environment) {
        for (String name : ELSEWHERE) {
            String property = "realtime-ticket." + name;
            if (environment.containsProperty(property) || environment.containsProperty(property + "[0]")) {
                String place =
                        switch (name) {
                            case "expire" -> "realtime-ticket.time-to-live";
                            case "redis.socket-timeout" -> "realtime-ticket.redis.timeout";
                            case "redis.db" -> "spring.data.redis.database";
                            default -> "spring.data." + name;
                        };
                String other =
                        place.startsWith("spring.") ? ", or all of the address in realtime-ticket.redis.url." : ".";
                throw WrongProperty.secret(property, "It is not read. Set " + place + other);
            }
        }
    }

    /** Warns of those of these settings, named without {@code realtime-ticket.}, that have no effect with this store. */
    static void warn(Environment environment, String store, String... names) {
        String unread = Stream.of(names)
                .map(name -> "realtime-ticket." + name)
                .filter(environment::containsProperty)
                .collect(Collectors.joining(", "));
        if (!unread.isEmpty()) {
            LOG.warn("Without effect, because realtime-ticket.store is {}: {}", store, unread);
        }
    }
}
