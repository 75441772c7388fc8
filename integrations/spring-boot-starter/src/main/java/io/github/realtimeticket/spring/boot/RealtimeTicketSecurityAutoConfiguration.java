// SPDX-License-Identifier: Apache-2.0
package io.github.realtimeticket.spring.boot;

import io.github.realtimeticket.Issuer;
import io.github.realtimeticket.spring.security.AuthenticationHolders;
import io.github.realtimeticket.spring.security.TicketAuthorities;
import io.github.realtimeticket.spring.security.TicketEndpointSecurity;
import io.github.realtimeticket.spring.web.TicketEndpointPath;
import io.github.realtimeticket.spring.web.TicketHolderMapper;
import org.springframework.boot.autoconfigure.AutoConfiguration;
import org.springframework.boot.autoconfigure.condition.ConditionalOnClass;
import org.springframework.boot.autoconfigure.condition.ConditionalOnMissingBean;
import org.springframework.boot.autoconfigure.condition.ConditionalOnWebApplication;
import org.springframework.context.annotation.Bean;
import org.springframework.security.config.Customizer;
import org.springframework.security.config.annotation.web.builders.HttpSecurity;

/** Whom a ticket stands for, and what its holder may do, with Spring Security. */
@AutoConfiguration(after = RealtimeTicketAutoConfiguration.class)
@ConditionalOnWebApplication(type = ConditionalOnWebApplication.Type.SERVLET)
@ConditionalOnClass(HttpSecurity.class)
public final class RealtimeTicketSecurityAutoConfiguration {

    RealtimeTicketSecurityAutoConfiguration() {}

    @Bean
    @ConditionalOnMissingBean
    TicketHolderMapper realtimeTicketHolderMapper(RealtimeTicketProperties properties) {
        TicketHolderMapper standard = AuthenticationHolders.standard();
        return properties.authorities() ? AuthenticationHolders.withAuthorities(standard) : standard;
    }

    @Bean
    @ConditionalOnMissingBean
    TicketAuthorities realtimeTicketAuthorities(RealtimeTicketProperties properties) {
        return properties.authorities() ? TicketAuthorities.fromIssuer() : TicketAuthorities.none();
    }

    @Bean
    @ConditionalOnMissingBean(name = "realtimeTicketEndpointSecurity")
    Customizer<HttpSecurity> realtimeTicketEndpointSecurity(Issuer issuer, TicketEndpointPath path) {
        return TicketEndpointSecurity.customizer(issuer, path);
    }
}
