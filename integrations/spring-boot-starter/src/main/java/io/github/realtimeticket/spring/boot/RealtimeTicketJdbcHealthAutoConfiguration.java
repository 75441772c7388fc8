// SPDX-License-Identifier: Apache-2.0
package io.github.realtimeticket.spring.boot;

import io.github.realtimeticket.Revocations;
import io.github.realtimeticket.jdbc.JdbcTicketStore;
import org.springframework.boot.autoconfigure.AutoConfiguration;
import org.springframework.boot.autoconfigure.condition.ConditionalOnBean;
import org.springframework.boot.autoconfigure.condition.ConditionalOnClass;
import org.springframework.boot.autoconfigure.condition.ConditionalOnMissingBean;
import org.springframework.boot.health.autoconfigure.contributor.ConditionalOnEnabledHealthIndicator;
import org.springframework.boot.health.contributor.Health;
import org.springframework.boot.health.contributor.HealthIndicator;
import org.springframework.context.annotation.Bean;

/**
 * Whether the store in a database is told what is revoked, where Actuator is present: {@code management.health.realtime-ticket.enabled}. The
 * health of the database itself is Boot's.
 */
@AutoConfiguration(after = RealtimeTicketJdbcAutoConfiguration.class)
@ConditionalOnClass({JdbcTicketStore.class, HealthIndicator.class, ConditionalOnEnabledHealthIndicator.class})
@ConditionalOnBean({JdbcTicketStore.class, Revocations.class})
public final class RealtimeTicketJdbcHealthAutoConfiguration {

    RealtimeTicketJdbcHealthAutoConfiguration() {}

    // On the method, because the annotation itself is read only after its class is known to be there.
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
