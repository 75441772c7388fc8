// SPDX-License-Identifier: Apache-2.0
package io.github.realtimeticket.spring.boot;

import io.github.realtimeticket.Gate;
import io.github.realtimeticket.InMemoryTicketStore;
import io.github.realtimeticket.TicketCarrier;
import io.github.realtimeticket.TicketListener;
import io.github.realtimeticket.TicketStore;
import io.github.realtimeticket.Tickets;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.springframework.beans.factory.ObjectProvider;
import org.springframework.boot.autoconfigure.AutoConfiguration;
import org.springframework.boot.autoconfigure.condition.ConditionalOnMissingBean;
import org.springframework.boot.autoconfigure.condition.ConditionalOnProperty;
import org.springframework.boot.context.properties.EnableConfigurationProperties;
import org.springframework.context.annotation.Bean;

/** The store in memory, the tickets and the gate. */
@AutoConfiguration
@EnableConfigurationProperties(RealtimeTicketProperties.class)
public final class RealtimeTicketAutoConfiguration {

    private static final Logger LOG = LoggerFactory.getLogger(RealtimeTicketAutoConfiguration.class);

    RealtimeTicketAutoConfiguration() {}

    @Bean
    @ConditionalOnMissingBean(TicketStore.class)
    @ConditionalOnProperty(name = "realtime-ticket.store", havingValue = "memory", matchIfMissing = true)
    InMemoryTicketStore realtimeTicketStore(RealtimeTicketProperties properties) {
        LOG.info(
                "Tickets are kept in the memory of this process: only this process can redeem them, and they are gone when it"
                        + " ends. Set realtime-ticket.store=redis to share them between processes.");
        return new InMemoryTicketStore(properties.memory().maximum(), System::nanoTime);
    }

    @Bean
    @ConditionalOnMissingBean
    Tickets realtimeTickets(
            TicketStore store, RealtimeTicketProperties properties, ObjectProvider<TicketListener> listeners) {
        return Tickets.builder(store)
                .expire(properties.expire())
                .audience(properties.audience())
                .listener(TicketListener.all(listeners.orderedStream().toList()))
                .build();
    }

    @Bean
    @ConditionalOnMissingBean
    Gate realtimeTicketGate(Tickets tickets, RealtimeTicketProperties properties) {
        return Gate.builder(tickets)
                .carrier(carrier(properties))
                .allowedOrigins(properties.gate().allowedOrigins())
                .build();
    }

    private static TicketCarrier carrier(RealtimeTicketProperties properties) {
        String name = properties.carrierName();
        return switch (properties.carrier()) {
            case QUERY -> name == null ? TicketCarrier.query() : TicketCarrier.query(name);
            case SUBPROTOCOL -> name == null ? TicketCarrier.subprotocol() : TicketCarrier.subprotocol(name);
            case HEADER -> name == null ? TicketCarrier.header() : TicketCarrier.header(name);
        };
    }
}
