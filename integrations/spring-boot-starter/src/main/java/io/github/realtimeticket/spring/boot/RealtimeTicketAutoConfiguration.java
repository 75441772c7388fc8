// SPDX-License-Identifier: Apache-2.0
package io.github.realtimeticket.spring.boot;

import io.github.realtimeticket.Gate;
import io.github.realtimeticket.InMemoryTicketStore;
import io.github.realtimeticket.TicketListener;
import io.github.realtimeticket.TicketStore;
import io.github.realtimeticket.Tickets;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.springframework.beans.factory.ObjectProvider;
import org.springframework.boot.autoconfigure.AutoConfiguration;
import org.springframework.boot.autoconfigure.condition.ConditionalOnMissingBean;
import org.springframework.boot.context.properties.EnableConfigurationProperties;
import org.springframework.context.ApplicationContext;
import org.springframework.context.annotation.Bean;
import org.springframework.core.env.Environment;

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
        UnreadSettings.warn(
                environment,
                "memory",
                "redis.url",
                "redis.timeout",
                "key-mode",
                "key-prefix",
                "jdbc.timeout",
                "jdbc.initialize-schema");
        LOG.info(
                "Tickets are kept in the memory of this process: only this process can redeem them, and they are gone when it"
                        + " ends. Set realtime-ticket.store=redis, or jdbc, to share them between processes.");
        return new InMemoryTicketStore(properties.memory().maximum(), System::nanoTime);
    }

    @Bean
    @ConditionalOnMissingBean
    Tickets realtimeTickets(
            RealtimeTicketProperties properties, TicketStore store, ObjectProvider<TicketListener> listeners) {
        return Tickets.builder(store)
                .timeToLive(properties.timeToLive())
                .audience(properties.audience())
                .listener(TicketListener.all(listeners.orderedStream().toList()))
                .build();
    }

    @Bean
    @ConditionalOnMissingBean
    Gate realtimeTicketGate(Tickets tickets, RealtimeTicketProperties properties) {
        return Gate.builder(tickets)
                .carrier(properties.ticketCarrier())
                .allowedOrigins(properties.gate().allowedOrigins())
                .build();
    }

    /** Says what is not there where the parts for servlet applications have nothing to stand on. */
    @Bean
    MissingParts realtimeTicketMissingParts(ApplicationContext context, RealtimeTicketProperties properties) {
        return new MissingParts(context, properties);
    }
}
