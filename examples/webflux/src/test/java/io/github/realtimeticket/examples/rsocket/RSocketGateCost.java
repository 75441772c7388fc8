// SPDX-License-Identifier: Apache-2.0
package io.github.realtimeticket.examples.rsocket;

import io.github.realtimeticket.Gate;
import io.github.realtimeticket.Tickets;
import io.github.realtimeticket.fixtures.GateCost;
import io.github.realtimeticket.fixtures.Openings.Opener;
import io.netty.channel.ChannelOption;
import io.rsocket.Payload;
import io.rsocket.SocketAcceptor;
import io.rsocket.core.RSocketConnector;
import io.rsocket.core.RSocketServer;
import io.rsocket.transport.netty.client.WebsocketClientTransport;
import io.rsocket.transport.netty.server.CloseableChannel;
import io.rsocket.transport.netty.server.WebsocketServerTransport;
import io.rsocket.util.DefaultPayload;
import java.time.Duration;
import org.jspecify.annotations.Nullable;
import reactor.core.publisher.Mono;
import reactor.netty.http.client.HttpClient;
import reactor.netty.resources.ConnectionProvider;

/** A connection is a WebSocket, its setup frame, and a first request. */
class RSocketGateCost extends GateCost {

    @Override
    protected Opener serve(@Nullable Tickets tickets) {
        RSocketServer chat = RSocketServer.create(
                SocketAcceptor.forRequestResponse(request -> Mono.just(DefaultPayload.create("Hello"))));
        if (tickets != null) {
            chat.interceptors(registry -> registry.forSocketAcceptor(new TicketAcceptor(Gate.of(tickets))));
        }
        CloseableChannel server = chat.bindNow(WebsocketServerTransport.create("127.0.0.1", 0));
        HttpClient http = HttpClient.create(ConnectionProvider.newConnection())
                .host("127.0.0.1")
                .port(server.address().getPort())
                // With a reset: tens of thousands of closed connections would else use up the ports.
                .option(ChannelOption.SO_LINGER, 0);
        WebsocketClientTransport transport = WebsocketClientTransport.create(http, "/");
        return ticket -> {
            Payload unused = RSocketConnector.create()
                    .setupPayload(DefaultPayload.create(ticket))
                    .connect(transport)
                    .flatMap(client -> client.requestResponse(DefaultPayload.create("name"))
                            .doFinally(end -> client.dispose()))
                    .blockOptional(Duration.ofSeconds(30))
                    .orElseThrow();
        };
    }
}
