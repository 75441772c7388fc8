// SPDX-License-Identifier: Apache-2.0
package io.github.realtimeticket.spring.boot;

import io.github.realtimeticket.Revocations;
import io.github.realtimeticket.spring.login.LoginWebFilter;
import io.github.realtimeticket.spring.login.Revoker;
import org.springframework.boot.autoconfigure.AutoConfiguration;
import org.springframework.boot.autoconfigure.condition.ConditionalOnBean;
import org.springframework.boot.autoconfigure.condition.ConditionalOnClass;
import org.springframework.boot.autoconfigure.condition.ConditionalOnMissingBean;
import org.springframework.boot.autoconfigure.condition.ConditionalOnWebApplication;
import org.springframework.context.annotation.Bean;
import org.springframework.core.Ordered;
import org.springframework.core.annotation.Order;
import org.springframework.web.reactive.config.WebFluxConfigurer;

/** In a reactive application, too, a login that ends takes along what its tickets have opened, where there is somebody to revoke it. */
@AutoConfiguration(after = RealtimeTicketAutoConfiguration.class)
@ConditionalOnWebApplication(type = ConditionalOnWebApplication.Type.REACTIVE)
@ConditionalOnClass(value = WebFluxConfigurer.class, name = RealtimeTicketWebFluxAutoConfiguration.OF_BOOT_4)
@ConditionalOnBean(Revocations.class)
public final class RealtimeTicketWebFluxLoginAutoConfiguration {

    RealtimeTicketWebFluxLoginAutoConfiguration() {}

    @Bean
    @ConditionalOnMissingBean
    Revoker realtimeTicketRevoker(Revocations revocations) {
        return new Revoker(revocations);
    }

    // Before all that read a user.
    @Bean
    @Order(Ordered.HIGHEST_PRECEDENCE + 60)
    @ConditionalOnMissingBean
    LoginWebFilter realtimeTicketLoginFilter(Revocations revocations, Revoker revoker) {
        return new LoginWebFilter(revocations, revoker);
    }
}
