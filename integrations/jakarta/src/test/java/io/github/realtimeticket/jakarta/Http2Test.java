// SPDX-License-Identifier: Apache-2.0
package io.github.realtimeticket.jakarta;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.awaitility.Awaitility.await;

import io.github.realtimeticket.Gate;
import io.github.realtimeticket.Issuer;
import io.github.realtimeticket.TicketHolder;
import io.github.realtimeticket.TicketStore;
import io.github.realtimeticket.Tickets;
import jakarta.websocket.ClientEndpointConfig;
import jakarta.websocket.Endpoint;
import jakarta.websocket.EndpointConfig;
import jakarta.websocket.Session;
import java.net.URI;
import org.eclipse.jetty.client.HttpClient;
import org.eclipse.jetty.ee11.websocket.jakarta.client.JakartaWebSocketClientContainer;
import org.eclipse.jetty.http2.client.HTTP2Client;
import org.eclipse.jetty.http2.client.transport.HttpClientTransportOverHTTP2;
import org.eclipse.jetty.io.ClientConnector;
import org.junit.jupiter.api.Test;

/** WebSockets over HTTP/2 (RFC 8441), which of the three containers Jetty alone has. */
class Http2Test {

    private static final ClientEndpointConfig ANY =
            ClientEndpointConfig.Builder.create().build();

    private final Tickets tickets = Tickets.builder(TicketStore.inMemory())
            .timeToLive(TicketStore.LONGEST_TIME_TO_LIVE)
            .build();

    @Test
    void aTicketOpensOneWebSocket() throws Exception {
        var http = new HttpClient(new HttpClientTransportOverHTTP2(new HTTP2Client(new ClientConnector())));
        var client = new JakartaWebSocketClientContainer(http);
        client.start();

        var site = new Site(Gate.of(tickets), Issuer.of(tickets));
        try (var running = Container.JETTY.start(site)) {
            String ticket = tickets.issue(TicketHolder.of(1, "alice"))
                    .toCompletableFuture()
                    .join()
                    .reveal();
            URI uri = running.uri("ws", "/realtime/socket?ticket=" + ticket);

            try (Session opened = client.connectToServer(new Silent(), ANY, uri)) {
                await().until(() -> site.seen.contains("open alice"));
                assertThat(opened.isOpen()).isTrue();
            }
            assertThatThrownBy(() -> client.connectToServer(new Silent(), ANY, uri))
                    .hasStackTraceContaining("401");
        } finally {
            client.stop();
        }
    }

    private static final class Silent extends Endpoint {
        @Override
        public void onOpen(Session session, EndpointConfig config) {}
    }
}
