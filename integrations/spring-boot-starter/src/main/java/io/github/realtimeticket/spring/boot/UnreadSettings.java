// SPDX-License-Identifier: Apache-2.0
package io.github.realtimeticket.spring.boot;

import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.springframework.boot.context.properties.bind.Bindable;
import org.springframework.boot.context.properties.bind.Binder;
import org.springframework.core.env.Environment;

/** Settings that somebody has made and that nothing reads. */
final class UnreadSettings {

    private static final Logger LOG = LoggerFactory.getLogger(UnreadSettings.class);

    /** Every setting below {@code realtime-ticket.redis} that something reads. */
    private static final Set<String> REDIS = Set.of("url", "timeout", "history", "revocations");

    /** Those that an environment variable may name as REALTIME_TICKET_REDIS_…, which no map of them all shows. */
    private static final List<String> USUAL =
            List.of("host", "port", "db", "database", "username", "password", "socket-timeout");

    private UnreadSettings() {}

    /** Stops the start if a setting is looked for here that Boot has, or the original had by another name. */
    static void refuse(Environment environment) {
        if (environment.containsProperty("realtime-ticket.expire")) {
            throw WrongProperty.secret("realtime-ticket.expire", "It is not read. Set realtime-ticket.time-to-live.");
        }
        Set<String> names = new TreeSet<>(Binder.get(environment)
                .bind("realtime-ticket.redis", Bindable.mapOf(String.class, Object.class))
                .orElse(Map.of())
                .keySet());
        USUAL.stream()
                .filter(name -> environment.containsProperty("realtime-ticket.redis." + name))
                .forEach(names::add);
        names.removeAll(REDIS);
        for (String name : names) {
            String place =
                    switch (name) {
                        case "socket-timeout" -> "realtime-ticket.redis.timeout";
                        case "db" -> "spring.data.redis.database";
                        default -> "spring.data.redis." + name;
                    };
            throw WrongProperty.secret(
                    "realtime-ticket.redis." + name,
                    "It is not read. Set " + place + ", or all of the address in realtime-ticket.redis.url.");
        }
    }

    /** Warns of those of these settings, named without {@code realtime-ticket.}, that have been made and have no effect. */
    static void warn(Environment environment, String why, String... names) {
        String unread = Stream.of(names)
                .map(name -> "realtime-ticket." + name)
                .filter(environment::containsProperty)
                .collect(Collectors.joining(", "));
        if (!unread.isEmpty()) {
            LOG.warn("Without effect, because {}: {}", why, unread);
        }
    }
}
