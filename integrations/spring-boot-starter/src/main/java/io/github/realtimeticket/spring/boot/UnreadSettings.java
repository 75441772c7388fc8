// SPDX-License-Identifier: Apache-2.0
package io.github.realtimeticket.spring.boot;

import com.google.errorprone.annotations.CanIgnoreReturnValue;
import io.github.realtimeticket.Gate;
import io.github.realtimeticket.Issuer;
import io.github.realtimeticket.Revocations;
import io.github.realtimeticket.TicketStore;
import io.github.realtimeticket.Tickets;
import io.github.realtimeticket.spring.boot.RealtimeTicketProperties.Store;
import java.util.EnumSet;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.springframework.boot.context.properties.bind.BindException;
import org.springframework.boot.context.properties.bind.BindHandler;
import org.springframework.boot.context.properties.bind.Bindable;
import org.springframework.boot.context.properties.bind.Binder;
import org.springframework.boot.context.properties.bind.UnboundConfigurationPropertiesException;
import org.springframework.boot.context.properties.bind.handler.NoUnboundElementsBindHandler;
import org.springframework.boot.context.properties.source.UnboundElementsSourceFilter;
import org.springframework.context.ApplicationContext;
import org.springframework.core.env.Environment;

/** Settings that somebody has made and that nothing reads. */
final class UnreadSettings {

    private static final Logger LOG = LoggerFactory.getLogger(UnreadSettings.class);

    /** Every setting below {@code realtime-ticket.redis} that something reads. */
    private static final Set<String> REDIS = Set.of("url", "timeout", "history", "revocations");

    /** Those that an environment variable may name as REALTIME_TICKET_REDIS_…, which no map of them all shows. */
    private static final List<String> USUAL =
            List.of("host", "port", "db", "database", "username", "password", "socket-timeout");

    /** Of the tables, which may be made for a store of the application's own, too. */
    private static final String SCHEMA = "jdbc.initialize-schema";

    /** What Boot has beside these, each with settings below it or with none. */
    private static final Set<String> BOOTS = Set.of(
            "client-name",
            "client-type",
            "cluster",
            "connect-timeout",
            "jedis",
            "lettuce",
            "masterreplica",
            "read-from",
            "sentinel",
            "ssl");

    private static final String NONE = "There is no such setting.";

    private static final String OWN = "the application has a %s of its own";

    private UnreadSettings() {}

    /** Stops the start if a setting is looked for here that Boot has, the original had by another name, or nobody has. */
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
                    USUAL.contains(name) || BOOTS.contains(name)
                            ? "It is not read. Set " + place + ", or all of the address in realtime-ticket.redis.url."
                            : NONE);
        }
        refuseUnknown(environment);
    }

    /** A wrong value is not told of here. Nor is a name in the environment or among the system's properties, as Boot has it. */
    private static void refuseUnknown(Environment environment) {
        try {
            Binder.get(environment)
                    .bind(
                            "realtime-ticket",
                            Bindable.of(RealtimeTicketProperties.class),
                            new NoUnboundElementsBindHandler(BindHandler.DEFAULT, new UnboundElementsSourceFilter()));
        } catch (BindException e) {
            if (e.getCause() instanceof UnboundConfigurationPropertiesException unknown) {
                throw WrongProperty.secret(
                        unknown.getUnboundProperties()
                                .iterator()
                                .next()
                                .getName()
                                .toString(),
                        NONE);
            }
        }
    }

    /** Warns of settings of what the application has made itself, or has switched off. */
    static void warn(ApplicationContext context) {
        Environment environment = context.getEnvironment();
        Stream<String> ofStores = Stream.concat(Stream.of("store"), settings(EnumSet.allOf(Store.class)))
                .filter(name -> !name.equals(SCHEMA) || !context.containsBean("realtimeTicketSchema"));
        boolean ownStore = warn(context, TicketStore.class, "realtimeTicketStore", ofStores.toArray(String[]::new));
        if (ownStore
                && environment.getProperty("realtime-ticket.revocations.enabled", Boolean.class, false)
                && context.getBeanNamesForType(Revocations.class).length == 0) {
            warn(
                    environment,
                    "there is no Revocations bean beside the application's own TicketStore",
                    "revocations.enabled");
        }
        warn(context, Tickets.class, "realtimeTickets", "time-to-live", "audience", "replay-alarm");
        warn(
                context,
                Gate.class,
                "realtimeTicketGate",
                "carrier",
                "carrier-name",
                "gate.allowed-origins",
                "connection.maximum-age");
        boolean ownIssuer = warn(
                context,
                Issuer.class,
                "realtimeTicketIssuer",
                "origin",
                "allowed-origins",
                "limit.enabled",
                "limit.burst",
                "limit.per-second");
        if (!ownIssuer && !environment.getProperty("realtime-ticket.limit.enabled", Boolean.class, true)) {
            warn(environment, "realtime-ticket.limit.enabled is false", "limit.burst", "limit.per-second");
        }
    }

    @CanIgnoreReturnValue
    private static boolean warn(ApplicationContext context, Class<?> type, String ours, String... names) {
        boolean own = !context.containsBean(ours) && context.getBeanNamesForType(type).length > 0;
        if (own) {
            warn(context.getEnvironment(), OWN.formatted(type.getSimpleName()), names);
        }
        return own;
    }

    /** Warns of settings of other stores than this one. */
    static void warn(Environment environment, Store made) {
        String[] others = settings(EnumSet.complementOf(EnumSet.of(made))).toArray(String[]::new);
        warn(environment, "realtime-ticket.store is " + made.name().toLowerCase(Locale.ROOT), others);
    }

    /** What is read for these stores alone, without {@code realtime-ticket.}. */
    private static Stream<String> settings(Set<Store> stores) {
        return stores.stream().flatMap(store -> switch (store) {
            case MEMORY -> Stream.of("memory.maximum");
            case REDIS ->
                Stream.of(
                        "redis.url",
                        "redis.timeout",
                        "redis.history",
                        "redis.revocations.key",
                        "key-mode",
                        "key-prefix");
            case JDBC -> Stream.of("jdbc.timeout", SCHEMA);
        });
    }

    /** Warns of those of these settings, named without {@code realtime-ticket.}, that have been made and have no effect. */
    private static void warn(Environment environment, String why, String... names) {
        String unread = Stream.of(names)
                .map(name -> "realtime-ticket." + name)
                .filter(name -> environment.containsProperty(name) || environment.containsProperty(name + "[0]"))
                .collect(Collectors.joining(", "));
        if (!unread.isEmpty()) {
            LOG.warn("Without effect, because {}: {}", why, unread);
        }
    }
}
