// SPDX-License-Identifier: Apache-2.0
package io.github.realtimeticket.spring.webflux;

import io.github.realtimeticket.Gate;
import java.util.Map;
import org.springframework.boot.SpringBootConfiguration;
import org.springframework.boot.autoconfigure.EnableAutoConfiguration;
import org.springframework.context.annotation.Bean;
import org.springframework.web.reactive.HandlerMapping;
import org.springframework.web.reactive.config.WebFluxConfigurer;
import org.springframework.web.reactive.handler.SimpleUrlHandlerMapping;
import org.springframework.web.reactive.socket.server.WebSocketService;

/** Opens a WebSocket by ticket, without Spring Security. */
@SpringBootConfiguration
@EnableAutoConfiguration(
        excludeName = {
            "org.springframework.boot.security.autoconfigure.web.reactive.ReactiveWebSecurityAutoConfiguration",
            "org.springframework.boot.security.autoconfigure.actuate.web.reactive.ReactiveManagementWebSecurityAutoConfiguration",
            "org.springframework.boot.security.autoconfigure.ReactiveUserDetailsServiceAutoConfiguration",
            "io.github.realtimeticket.spring.boot.RealtimeTicketWebFluxSecurityAutoConfiguration"
        })
public class HandshakeApplication {

    final SmallApplication.Greeting greeting = new SmallApplication.Greeting();

    @Bean
    HandlerMapping sockets() {
        return new SimpleUrlHandlerMapping(Map.of("/realtime/socket", greeting), -1);
    }

    @Bean
    WebFluxConfigurer gated(Gate gate) {
        return new WebFluxConfigurer() {
            @Override
            public WebSocketService getWebSocketService() {
                return new TicketWebSocketService(gate);
            }
        };
    }
}
