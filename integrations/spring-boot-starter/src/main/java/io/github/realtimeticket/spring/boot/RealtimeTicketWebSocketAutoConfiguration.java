// SPDX-License-Identifier: Apache-2.0
package io.github.realtimeticket.spring.boot;

import io.github.realtimeticket.Gate;
import io.github.realtimeticket.spring.websocket.TicketHandshakeHandler;
import io.github.realtimeticket.spring.websocket.TicketHandshakeInterceptor;
import org.springframework.boot.autoconfigure.AutoConfiguration;
import org.springframework.boot.autoconfigure.condition.ConditionalOnClass;
import org.springframework.boot.autoconfigure.condition.ConditionalOnMissingBean;
import org.springframework.boot.autoconfigure.condition.ConditionalOnWebApplication;
import org.springframework.context.annotation.Bean;
import org.springframework.web.socket.server.HandshakeHandler;
import org.springframework.web.socket.server.HandshakeInterceptor;

/** The interceptor and the handler to register with a WebSocket handler, for applications without Spring Security. */
@AutoConfiguration(after = RealtimeTicketAutoConfiguration.class)
@ConditionalOnWebApplication(type = ConditionalOnWebApplication.Type.SERVLET)
@ConditionalOnClass({HandshakeInterceptor.class, HandshakeHandler.class})
public final class RealtimeTicketWebSocketAutoConfiguration {

    RealtimeTicketWebSocketAutoConfiguration() {}

    @Bean
    @ConditionalOnMissingBean
    TicketHandshakeInterceptor realtimeTicketHandshakeInterceptor(Gate gate) {
        return new TicketHandshakeInterceptor(gate);
    }

    @Bean
    @ConditionalOnMissingBean
    TicketHandshakeHandler realtimeTicketHandshakeHandler() {
        return new TicketHandshakeHandler();
    }
}
