// SPDX-License-Identifier: Apache-2.0
package io.github.realtimeticket.spring;

import io.github.realtimeticket.Gate;
import io.github.realtimeticket.spring.websocket.LiveWebSockets;
import io.github.realtimeticket.spring.websocket.TicketHandshakeHandler;
import io.github.realtimeticket.spring.websocket.TicketHandshakeInterceptor;
import org.springframework.boot.SpringBootConfiguration;
import org.springframework.boot.autoconfigure.EnableAutoConfiguration;
import org.springframework.boot.security.autoconfigure.web.servlet.SecurityFilterAutoConfiguration;
import org.springframework.boot.security.autoconfigure.web.servlet.ServletWebSecurityAutoConfiguration;
import org.springframework.context.annotation.Bean;
import org.springframework.web.socket.config.annotation.EnableWebSocket;
import org.springframework.web.socket.config.annotation.WebSocketConfigurer;
import org.springframework.web.socket.config.annotation.WebSocketHandlerRegistry;

/** Opens a WebSocket by ticket, without Spring Security. */
@SpringBootConfiguration
@EnableAutoConfiguration(exclude = {ServletWebSecurityAutoConfiguration.class, SecurityFilterAutoConfiguration.class})
@EnableWebSocket
public class HandshakeApplication implements WebSocketConfigurer {

    final GreetingHandler greeting = new GreetingHandler();
    private final Gate gate;

    HandshakeApplication(Gate gate) {
        this.gate = gate;
    }

    @Override
    public void registerWebSocketHandlers(WebSocketHandlerRegistry registry) {
        registry.addHandler(greeting, "/realtime/socket")
                .setAllowedOriginPatterns("*")
                .setHandshakeHandler(new TicketHandshakeHandler())
                .addInterceptors(new TicketHandshakeInterceptor(gate));
    }

    @Bean
    static LiveWebSockets liveWebSockets() {
        return new LiveWebSockets();
    }
}
