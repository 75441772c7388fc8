// SPDX-License-Identifier: Apache-2.0
package io.github.realtimeticket.spring.boot;

import io.github.realtimeticket.Gate;
import io.github.realtimeticket.spring.messaging.TicketStompConfigurer;
import io.github.realtimeticket.spring.websocket.LiveWebSockets;
import io.github.realtimeticket.spring.websocket.TicketHandshakeHandler;
import io.github.realtimeticket.spring.websocket.TicketHandshakeInterceptor;
import io.github.realtimeticket.spring.websocket.WebSocketHandlers;
import java.util.List;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.springframework.beans.factory.ListableBeanFactory;
import org.springframework.beans.factory.ObjectProvider;
import org.springframework.beans.factory.SmartInitializingSingleton;
import org.springframework.boot.autoconfigure.AutoConfiguration;
import org.springframework.boot.autoconfigure.condition.ConditionalOnBooleanProperty;
import org.springframework.boot.autoconfigure.condition.ConditionalOnClass;
import org.springframework.boot.autoconfigure.condition.ConditionalOnMissingBean;
import org.springframework.boot.autoconfigure.condition.ConditionalOnWebApplication;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Configuration;
import org.springframework.messaging.support.ChannelInterceptor;
import org.springframework.web.socket.config.annotation.WebSocketMessageBrokerConfigurer;
import org.springframework.web.socket.server.HandshakeHandler;
import org.springframework.web.socket.server.HandshakeInterceptor;

/** The interceptor and the handler to register with a WebSocket handler, for applications without Spring Security; the gate of STOMP. */
@AutoConfiguration(after = {RealtimeTicketAutoConfiguration.class, RealtimeTicketSecurityAutoConfiguration.class})
@ConditionalOnWebApplication(type = ConditionalOnWebApplication.Type.SERVLET)
@ConditionalOnClass({HandshakeInterceptor.class, HandshakeHandler.class})
public final class RealtimeTicketWebSocketAutoConfiguration {

    static final String STOMP = "realtime-ticket.gate.stomp";

    private static final Logger LOG = LoggerFactory.getLogger(RealtimeTicketWebSocketAutoConfiguration.class);

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

    @Bean
    @ConditionalOnMissingBean
    static LiveWebSockets realtimeTicketLiveWebSockets() {
        return new LiveWebSockets();
    }

    @Configuration(proxyBeanMethods = false)
    @ConditionalOnClass({WebSocketMessageBrokerConfigurer.class, ChannelInterceptor.class})
    @ConditionalOnBooleanProperty(STOMP)
    static class Stomp {

        @Bean
        @ConditionalOnMissingBean
        TicketStompConfigurer realtimeTicketStompConfigurer(ObjectProvider<Gate> gate) {
            return TicketStompConfigurer.lazily(gate::getObject);
        }

        /** Stops the start if somebody could come in without a ticket, and says so if nobody can come in at all. */
        @Bean
        SmartInitializingSingleton realtimeTicketStompCheck(ListableBeanFactory beans) {
            return () -> {
                List<Object> endpoints = new WebSocketHandlers(beans)
                        .all()
                        .filter(TicketStompConfigurer::isStomp)
                        .toList();
                if (endpoints.isEmpty()) {
                    LOG.warn(
                            "Without effect, because there is no STOMP endpoint (@EnableWebSocketMessageBroker): {}",
                            STOMP);
                }
                WrongProperty.refuse(
                        !endpoints.stream().allMatch(TicketStompConfigurer::isOpenedByTicketOnly),
                        "gate.stomp",
                        true,
                        STOMP
                                + " has not reached the STOMP endpoints, which could be opened without a ticket: configure them"
                                + " by @EnableWebSocketMessageBroker, which asks every WebSocketMessageBrokerConfigurer");
            };
        }
    }
}
