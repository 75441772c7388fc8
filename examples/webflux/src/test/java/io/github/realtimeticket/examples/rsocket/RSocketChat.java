// SPDX-License-Identifier: Apache-2.0
package io.github.realtimeticket.examples.rsocket;

import io.github.realtimeticket.Gate;
import io.github.realtimeticket.TicketHolder;
import io.rsocket.core.RSocketServer;
import io.rsocket.transport.ServerTransport.ConnectionAcceptor;
import io.rsocket.transport.netty.server.WebsocketRouteTransport;
import org.springframework.boot.SpringApplication;
import org.springframework.boot.autoconfigure.SpringBootApplication;
import org.springframework.boot.reactor.netty.NettyRouteProvider;
import org.springframework.boot.reactor.netty.NettyServerCustomizer;
import org.springframework.context.annotation.Bean;
import org.springframework.messaging.handler.annotation.MessageMapping;
import org.springframework.messaging.rsocket.RSocketStrategies;
import org.springframework.messaging.rsocket.annotation.support.RSocketMessageHandler;
import org.springframework.stereotype.Controller;
import reactor.core.publisher.Mono;
import reactor.netty.http.server.HttpServerRequest;
import reactor.util.context.Context;

/** RSocket over WebSocket for whoever has a ticket. */
@SpringBootApplication
public class RSocketChat {

    public static void main(String[] arguments) {
        SpringApplication.run(RSocketChat.class, arguments);
    }

    /** RSocket shows an acceptor nothing of the handshake. */
    @Bean
    static NettyServerCustomizer origins() {
        return server -> server.mapHandle((handling, connection) -> handling.contextWrite(Context.of(
                TicketAcceptor.ORIGINS,
                ((HttpServerRequest) connection).requestHeaders().getAll("Origin"))));
    }

    // These two beans are what spring-boot-rsocket makes for spring.rsocket.server.mapping-path=/rsocket, and an
    // RSocketServerCustomizer that has the line with the interceptor.

    @Bean
    static RSocketMessageHandler handler() {
        var handler = new RSocketMessageHandler();
        handler.setRSocketStrategies(RSocketStrategies.create());
        return handler;
    }

    @Bean
    static NettyRouteProvider rsocket(RSocketMessageHandler handler, Gate gate) {
        ConnectionAcceptor acceptor = RSocketServer.create(handler.responder())
                .interceptors(registry -> registry.forSocketAcceptor(new TicketAcceptor(gate)))
                .asConnectionAcceptor();
        return routes -> routes.ws("/rsocket", WebsocketRouteTransport.newHandler(acceptor));
    }

    @Controller
    static class Chat {

        @MessageMapping("name")
        Mono<String> name() {
            return Mono.deferContextual(
                    context -> Mono.just(context.get(TicketHolder.class).username()));
        }
    }
}
