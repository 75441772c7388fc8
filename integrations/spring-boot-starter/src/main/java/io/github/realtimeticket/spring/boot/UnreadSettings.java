// SPDX-License-Identifier: Apache-2.0
package io.github.realtimeticket.spring.boot;

import com.google.errorprone.annotations.CanIgnoreReturnValue;
import io.github.realtimeticket.Gate;
import io.github.realtimeticket.Issuer;
import io.github.realtimeticket.Revocations;
import io.github.realtimeticket.TicketStore;
import io.github.realtimeticket.Tickets;
import io.github.realtimeticket.spring.boot.RealtimeTicketProperties.Store;
import io.github.realtimeticket.spring.security.TicketAuthenticationConverter;
import io.github.realtimeticket.spring.web.TicketEndpointPath;
import io.github.realtimeticket.spring.webflux.ReactiveTicketAuthenticationConverter;
import java.util.EnumSet;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
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

    private static final String NO_WEB = "nothing answers requests for tickets here";

    private static final String NO_SECURITY = "this is no web application with Spring Security";

    private static final List<Reader> READERS = List.of(
            new Reader(
                    "realtimeTickets", List.of(Tickets.class), "", List.of("time-to-live", "audience", "replay-alarm")),
            new Reader(
                    "realtimeTicketGate",
                    List.of(Gate.class),
                    "",
                    List.of("carrier", "carrier-name", "gate.allowed-origins", "connection.maximum-age")),
            new Reader(
                    "realtimeTicketIssuer",
                    List.of(Issuer.class),
                    NO_WEB,
                    List.of("origin", "allowed-origins", "limit.enabled", "limit.burst", "limit.per-second")),
            new Reader("realtimeTicketEndpointPath", List.of(TicketEndpointPath.class), NO_WEB, List.of("path")),
            new Reader("realtimeTicketEndpoint", List.of(), NO_WEB, List.of("client.enabled")),
            new Reader(
                    "realtimeTicketEndpointSecurity",
                    List.of(),
                    NO_SECURITY,
                    List.of("authorities", "connection.ends-with-token")),
            new Reader(
                    "realtimeTicketAuthenticationConverter",
                    List.of(TicketAuthenticationConverter.class, ReactiveTicketAuthenticationConverter.class),
                    NO_SECURITY,
                    List.of("gate.trust-authorities")));

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
        names.removeIf(name -> REDIS.contains(name.replace("-", "").toLowerCase(Locale.ROOT)));
        if (environment.getProperty("realtime-ticket.redis.port", "").matches("(?s)(tcp|udp|sctp)://.*")) {
            // Nobody's settings: what Kubernetes tells of a service that is called so.
            names.removeAll(Set.of("port", "service"));
        }
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
                var first = unknown.getUnboundProperties().iterator().next();
                throw WrongProperty.secret(first.getName().toString(), NONE);
            }
        }
    }

    /** Warns of settings of what the application has made itself, or has switched off. */
    static void warn(ApplicationContext context) {
        Environment environment = context.getEnvironment();
        List<String> ofStores = Stream.concat(Stream.of("store"), settings(EnumSet.allOf(Store.class)))
                .filter(name -> !name.equals(SCHEMA) || !context.containsBean("realtimeTicketSchema"))
                .toList();
        boolean ownStore = new Reader("realtimeTicketStore", List.of(TicketStore.class), "", ofStores).warn(context);
        RealtimeTicketProperties properties = context.getBean(RealtimeTicketProperties.class);
        boolean revoked = context.getBeanNamesForType(Revocations.class).length > 0;
        if (revoked && !context.containsBean("realtimeTicketRevocations")) {
            warn(environment, "the application has a Revocations of its own", List.of("revocations.enabled"));
        }
        if (ownStore
                && !revoked
                && environment.getProperty("realtime-ticket.revocations.enabled", Boolean.class, false)) {
            warn(
                    environment,
                    "there is no Revocations bean beside the application's own TicketStore",
                    List.of("revocations.enabled"));
        }
        if (!ownStore && !revoked && properties.store() == Store.REDIS) {
            warn(environment, "realtime-ticket.revocations.enabled is false", List.of("redis.revocations.key"));
        }
        READERS.forEach(reader -> reader.warn(context));
        if (properties.gate().stomp() && !context.containsBean("realtimeTicketStompCheck")) {
            warn(
                    environment,
                    "this is no servlet application with spring-websocket and spring-messaging",
                    List.of("gate.stomp"));
        }
        if (context.containsBean("realtimeTicketIssuer")
                && !environment.getProperty("realtime-ticket.limit.enabled", Boolean.class, true)) {
            warn(environment, "realtime-ticket.limit.enabled is false", List.of("limit.burst", "limit.per-second"));
        }
    }

    /** Warns of settings of other stores than this one. */
    static void warn(Environment environment, Store made) {
        List<String> others = settings(EnumSet.complementOf(EnumSet.of(made))).toList();
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
    private static void warn(Environment environment, String why, List<String> names) {
        String unread = names.stream()
                .map(name -> "realtime-ticket." + name)
                .filter(name -> environment.containsProperty(name) || environment.containsProperty(name + "[0]"))
                .collect(Collectors.joining(", "));
        if (!unread.isEmpty()) {
            LOG.warn("Without effect, because {}: {}", why, unread);
        }
    }

    /**
     * What reads settings.
     *
     * @param bean that of the starter
     * @param types of which the application may have one of its own instead
     * @param missing why there may be neither
     * @param settings named without {@code realtime-ticket.}
     */
    private record Reader(String bean, List<Class<?>> types, String missing, List<String> settings) {

        /** Warns of the settings unless they are read; true if the application has a reader of its own. */
        @CanIgnoreReturnValue
        boolean warn(ApplicationContext context) {
            boolean ours = context.containsBean(bean);
            Optional<String> own = types.stream()
                    .filter(type ->
                            !(ours && context.isTypeMatch(bean, type)) && context.getBeanNamesForType(type).length > 0)
                    .map(type -> "the application has a " + type.getSimpleName() + " of its own")
                    .findFirst();
            if (own.isPresent() || !ours) {
                UnreadSettings.warn(context.getEnvironment(), own.orElse(missing), settings);
            }
            return own.isPresent();
        }
    }
}
