// SPDX-License-Identifier: Apache-2.0
package io.github.realtimeticket.spring;

import static io.github.realtimeticket.spring.security.TicketAuthenticationConfigurer.ticketAuthentication;

import org.springframework.context.annotation.Bean;
import org.springframework.core.annotation.Order;
import org.springframework.security.config.Customizer;
import org.springframework.security.config.annotation.web.builders.HttpSecurity;
import org.springframework.security.web.SecurityFilterChain;

/** A security filter chain for paths that a ticket opens. An application that imports it says itself what opens all others. */
public class RealtimePaths {

    @Bean
    @Order(1)
    SecurityFilterChain realtime(HttpSecurity http) throws Exception {
        return http.securityMatcher("/realtime/**")
                .authorizeHttpRequests(requests -> requests.anyRequest().authenticated())
                .with(ticketAuthentication(), Customizer.withDefaults())
                .build();
    }
}
