// SPDX-License-Identifier: Apache-2.0
package io.github.realtimeticket.spring.boot;

import io.github.realtimeticket.BoundedTicketStore;
import io.github.realtimeticket.Gate;
import io.github.realtimeticket.InMemoryTicketStore;
import io.github.realtimeticket.Revocations;
import io.github.realtimeticket.TicketListener;
import io.github.realtimeticket.TicketStore;
import io.github.realtimeticket.TicketTracing;
import io.github.realtimeticket.Tickets;
import java.util.List;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.springframework.beans.factory.ObjectProvider;
import org.springframework.beans.factory.SmartInitializingSingleton;
import org.springframework.boot.autoconfigure.AutoConfiguration;
import org.springframework.boot.autoconfigure.condition.ConditionalOnBean;
import org.springframework.boot.autoconfigure.condition.ConditionalOnBooleanProperty;
import org.springframework.boot.autoconfigure.condition.ConditionalOnMissingBean;
import org.springframework.boot.autoconfigure.condition.ConditionalOnWebApplication;
import org.springframework.boot.context.properties.EnableConfigurationProperties;
import org.springframework.context.ApplicationContext;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Configuration;
import org.springframework.core.env.Environment;
import org.springframework.util.ClassUtils;

/** The store in memory, the tickets and the gate. */
@AutoConfiguration
@EnableConfigurationProperties(RealtimeTicketProperties.class)
public final class RealtimeTicketAutoConfiguration {

    private static final Logger LOG = LoggerFactory.getLogger(RealtimeTicketAutoConfiguration.class);

    RealtimeTicketAutoConfiguration(Environment environment) {
        UnreadSettings.refuse(environment);
    }

    @Bean
    @ConditionalOnMissingBean(TicketStore.class)
    InMemoryTicketStore realtimeTicketStore(RealtimeTicketProperties properties, Environment environment) {
        properties.requireStore(RealtimeTicketProperties.Store.MEMORY);
        UnreadSettings.warn(environment, RealtimeTicketProperties.Store.MEMORY);
        LOG.info(
                "Tickets are kept in the memory of this process: only this process can redeem them, and they are gone when it"
                        + " ends. Set realtime-ticket.store=redis, or jdbc, to share them between processes.");
        return properties.memory().store();
    }

    /** Beside the store in memory: what admits here is all there is to be told. */
    @Bean
    @ConditionalOnMissingBean
    @ConditionalOnBean(InMemoryTicketStore.class)
    @ConditionalOnBooleanProperty(name = "realtime-ticket.revocations.enabled", matchIfMissing = true)
    Revocations realtimeTicketRevocations() {
        return Revocations.inMemory();
    }

    @Bean
    @ConditionalOnMissingBean
    Tickets realtimeTickets(
            RealtimeTicketProperties properties,
            TicketStore store,
            WebStack web,
            ObjectProvider<Revocations> revocations,
            ObjectProvider<TicketListener> listeners,
            ObjectProvider<TicketTracing> tracing,
            Environment environment) {
        TicketStore bounded = web.waits()
                ? new BoundedTicketStore(store, WaitingPlaces.of(environment))
                : BoundedTicketStore.inTime(store);
        Tickets.Builder tickets = Tickets.builder(bounded)
                .revocations(revocations.getIfAvailable())
                .tracing(tracing.getIfAvailable())
                .listener(TicketListener.all(listeners.orderedStream().toList()));
        WrongProperty.naming("time-to-live", properties.timeToLive(), tickets::timeToLive);
        WrongProperty.naming("audience", properties.audience(), tickets::audience);
        // What an alarm needs is known when all is set.
        return WrongProperty.naming("replay-alarm", properties.replayAlarm(), alarm -> tickets.replayAlarm(alarm)
                .build());
    }

    @Bean
    @ConditionalOnMissingBean
    Gate realtimeTicketGate(Tickets tickets, RealtimeTicketProperties properties) {
        Gate.Builder gate = Gate.builder(tickets).carrier(properties.ticketCarrier());
        WrongProperty.naming("gate.allowed-origins", properties.gate().allowedOrigins(), gate::allowedOrigins);
        WrongProperty.naming("connection.maximum-age", properties.connection().maximumAge(), gate::maximumAge);
        return gate.build();
    }

    @Bean
    @ConditionalOnMissingBean
    WebStack realtimeTicketWebStack() {
        return new WebStack("this is no web application", true);
    }

    @Configuration(proxyBeanMethods = false)
    @ConditionalOnWebApplication(type = ConditionalOnWebApplication.Type.REACTIVE)
    static class Reactive {

        @Bean
        WebStack realtimeTicketWebStack() {
            return new WebStack("this is a reactive application without Spring WebFlux of Spring Boot 4", false);
        }
    }

    /** A servlet application may have another framework, such as Jersey. */
    @Configuration(proxyBeanMethods = false)
    @ConditionalOnWebApplication(type = ConditionalOnWebApplication.Type.SERVLET)
    static class Servlets {

        @Bean
        WebStack realtimeTicketWebStack() {
            return new WebStack(
                    ClassUtils.isPresent("org.springframework.web.servlet.DispatcherServlet", null)
                            ? "RealtimeTicketWebAutoConfiguration is not among the auto-configurations of this one"
                            : "this is a servlet application without Spring MVC (spring-webmvc)",
                    true);
        }
    }

    /**
     * What the application stands on.
     *
     * @param lacks what it lacks if nothing is served in it
     * @param waits whether threads wait for the store
     */
    record WebStack(String lacks, boolean waits) {}

    /**
     * Says what is not there where the parts for web applications have nothing to stand on, and stops the start where paths that a ticket
     * is to open would be open to everybody for that.
     */
    @Bean
    SmartInitializingSingleton realtimeTicketMissingParts(
            ApplicationContext context, RealtimeTicketProperties properties, WebStack web) {
        return () -> {
            List<String> paths = properties.gate().paths();
            WrongProperty.refuse(
                    !paths.isEmpty() && !context.containsBean("realtimeTicketSecurityFilterChain"),
                    "gate.paths",
                    paths,
                    OnGatePaths.PROPERTY
                            + " needs a web application with Spring Security: nothing would ask for a ticket there");
            WrongProperty.refuse(
                    properties.gate().graphql() && !context.containsBean(RealtimeTicketGraphQlAutoConfiguration.CHECK),
                    "gate.graphql",
                    true,
                    RealtimeTicketGraphQlAutoConfiguration.GRAPHQL + " needs "
                            + (context.getEnvironment().containsProperty(RealtimeTicketGraphQlAutoConfiguration.PATH)
                                    ? "a web application of Spring Boot 4 with spring-boot-starter-graphql and a schema, and"
                                            + " on Spring MVC with spring-boot-starter-websocket"
                                    : RealtimeTicketGraphQlAutoConfiguration.PATH));
            if (!context.containsBean("realtimeTicketEndpoint")) {
                LOG.warn(
                        "POST {} is not served: Realtime Ticket does that in applications with Spring MVC or Spring WebFlux, and {}. The"
                                + " beans Tickets and Gate are there for its own code.",
                        properties.path(),
                        web.lacks());
            }
            if (properties.revocations().enabled() == null
                    && context.containsBean("realtimeTicketStore")
                    && context.getBeanNamesForType(Revocations.class).length == 0) {
                LOG.info(
                        "Connections do not end with the login: set realtime-ticket.revocations.enabled=true here and in every"
                                + " application that shares these tickets, or false if that is meant.");
            }
            UnreadSettings.warn(context);
        };
    }
}
