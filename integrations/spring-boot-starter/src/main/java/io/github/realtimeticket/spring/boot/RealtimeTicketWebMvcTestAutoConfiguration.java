// SPDX-License-Identifier: Apache-2.0
package io.github.realtimeticket.spring.boot;

import io.github.realtimeticket.InMemoryTicketStore;
import io.github.realtimeticket.TicketStore;
import org.springframework.boot.autoconfigure.AutoConfiguration;
import org.springframework.boot.autoconfigure.condition.ConditionalOnMissingBean;
import org.springframework.boot.context.properties.EnableConfigurationProperties;
import org.springframework.context.annotation.Bean;

/**
 * The store of Boot's {@code @WebMvcTest}, which has no Redis: in memory, wherever the application keeps its tickets. Only the imports
 * of that test name it, and no application does.
 */
@AutoConfiguration(before = RealtimeTicketAutoConfiguration.class)
@EnableConfigurationProperties(RealtimeTicketProperties.class)
public final class RealtimeTicketWebMvcTestAutoConfiguration {

    RealtimeTicketWebMvcTestAutoConfiguration() {}

    @Bean
    @ConditionalOnMissingBean(TicketStore.class)
    InMemoryTicketStore realtimeTicketStore(RealtimeTicketProperties properties) {
        return properties.memory().store();
    }
}
