// SPDX-License-Identifier: Apache-2.0
package io.github.realtimeticket.spring.boot;

import io.github.realtimeticket.Revocations;
import io.github.realtimeticket.redis.RedisTicketStore;
import org.springframework.beans.factory.ObjectProvider;
import org.springframework.boot.autoconfigure.AutoConfiguration;
import org.springframework.boot.autoconfigure.condition.ConditionalOnBean;
import org.springframework.boot.autoconfigure.condition.ConditionalOnClass;
import org.springframework.boot.autoconfigure.condition.ConditionalOnMissingBean;
import org.springframework.boot.health.autoconfigure.contributor.ConditionalOnEnabledHealthIndicator;
import org.springframework.boot.health.contributor.HealthIndicator;
import org.springframework.context.annotation.Bean;

/** The health of the store in Redis, where Actuator is present: {@code management.health.realtime-ticket.enabled}. */
@AutoConfiguration(after = RealtimeTicketRedisAutoConfiguration.class)
@ConditionalOnClass({RedisTicketStore.class, HealthIndicator.class, ConditionalOnEnabledHealthIndicator.class})
@ConditionalOnBean(RedisTicketStore.class)
public final class RealtimeTicketHealthAutoConfiguration {

    RealtimeTicketHealthAutoConfiguration() {}

    // On the method, because the annotation itself is read only after its class is known to be there.
    @Bean
    @ConditionalOnEnabledHealthIndicator("realtime-ticket")
    @ConditionalOnMissingBean(name = {"realtimeTicketHealthIndicator", "realtimeTicketHealthContributor"})
    HealthIndicator realtimeTicketHealthIndicator(RedisTicketStore store, ObjectProvider<Revocations> revocations) {
        return new TicketStoreHealthIndicator(store, revocations.getIfAvailable());
    }
}
