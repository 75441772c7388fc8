// SPDX-License-Identifier: Apache-2.0
package io.github.realtimeticket.spring;

import static io.github.realtimeticket.spring.security.TicketAuthenticationConfigurer.ticketAuthentication;

import java.security.Principal;
import org.springframework.boot.SpringBootConfiguration;
import org.springframework.boot.autoconfigure.EnableAutoConfiguration;
import org.springframework.context.annotation.Bean;
import org.springframework.http.MediaType;
import org.springframework.security.config.Customizer;
import org.springframework.security.config.annotation.web.builders.HttpSecurity;
import org.springframework.security.web.SecurityFilterChain;
import org.springframework.web.bind.annotation.GetMapping;
import org.springframework.web.bind.annotation.RestController;
import org.springframework.web.socket.config.annotation.EnableWebSocket;
import org.springframework.web.socket.config.annotation.WebSocketConfigurer;
import org.springframework.web.socket.config.annotation.WebSocketHandlerRegistry;

/** Opens a WebSocket and a plain endpoint by ticket, in the filter chain of Spring Security. */
@SpringBootConfiguration
@EnableAutoConfiguration
@EnableWebSocket
@RestController
public class SecuredApplication implements WebSocketConfigurer {

    @Bean
    SecurityFilterChain security(HttpSecurity http) throws Exception {
        return http.securityMatcher("/realtime/**")
                .authorizeHttpRequests(requests -> requests.anyRequest().authenticated())
                .with(ticketAuthentication(), Customizer.withDefaults())
                .build();
    }

    @Override
    public void registerWebSocketHandlers(WebSocketHandlerRegistry registry) {
        // The gate decides which origins may connect.
        registry.addHandler(new GreetingHandler(), "/realtime/socket").setAllowedOriginPatterns("*");
    }

    @GetMapping(path = "/realtime/plain", produces = MediaType.TEXT_PLAIN_VALUE + ";charset=UTF-8")
    String plain(Principal user) {
        return user.getName();
    }
}
