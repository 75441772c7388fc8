// SPDX-License-Identifier: Apache-2.0
package io.github.realtimeticket.spring.boot;

import io.github.realtimeticket.Revocations;
import io.github.realtimeticket.jdbc.JdbcTicketStore;
import io.github.realtimeticket.redis.RedisTicketStore;
import org.springframework.beans.factory.ObjectProvider;
import org.springframework.boot.autoconfigure.AutoConfiguration;
import org.springframework.boot.autoconfigure.condition.ConditionalOnBean;
import org.springframework.boot.autoconfigure.condition.ConditionalOnClass;
import org.springframework.boot.autoconfigure.condition.ConditionalOnMissingBean;
import org.springframework.boot.health.autoconfigure.contributor.ConditionalOnEnabledHealthIndicator;
import org.springframework.boot.health.contributor.Health;
import org.springframework.boot.health.contributor.HealthIndicator;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Configuration;

/** The health of the store, where Actuator is present: {@code management.health.realtime-ticket.enabled}. */
@AutoConfiguration(after = {RealtimeTicketRedisAutoConfiguration.class, RealtimeTicketJdbcAutoConfiguration.class})
@ConditionalOnClass({HealthIndicator.class, ConditionalOnEnabledHealthIndicator.class})
public final class RealtimeTicketHealthAutoConfiguration {

    RealtimeTicketHealthAutoConfiguration() {}

    @Configuration(proxyBeanMethods = false)
    @ConditionalOnClass(RedisTicketStore.class)
    @ConditionalOnBean(RedisTicketStore.class)
    static class Redis {

        // On the method, because the annotation itself is read only after its class is known to be there.
        @Bean
        @ConditionalOnEnabledHealthIndicator("realtime-ticket")
        @ConditionalOnMissingBean(name = {"realtimeTicketHealthIndicator", "realtimeTicketHealthContributor"})
        HealthIndicator realtimeTicketHealthIndicator(RedisTicketStore store, ObjectProvider<Revocations> revocations) {
            return new TicketStoreHealthIndicator(store, revocations.getIfAvailable());
        }
    }

    /** Whether it is told what is revoked: the health of the database itself is Boot's. */
    @Configuration(proxyBeanMethods = false)
    @ConditionalOnClass(JdbcTicketStore.class)
    @ConditionalOnBean({JdbcTicketStore.class, Revocations.class})
    static class Jdbc {

        @Bean
        @ConditionalOnEnabledHealthIndicator("realtime-ticket")
        @ConditionalOnMissingBean(name = {"realtimeTicketHealthIndicator", "realtimeTicketHealthContributor"})
        HealthIndicator realtimeTicketHealthIndicator(Revocations revocations) {
            return () -> {
                boolean current = revocations.isCurrent();
                return (current ? Health.up() : Health.down())
                        .withDetail("store", "jdbc")
                        .withDetail("revocations", current ? "current" : "behind")
                        .build();
            };
        }
    }
}
