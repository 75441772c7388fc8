// SPDX-License-Identifier: Apache-2.0
package io.github.realtimeticket.jakarta;

import static io.github.realtimeticket.fixtures.Eventually.eventually;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.InstanceOfAssertFactories.type;

import io.github.realtimeticket.Gate;
import io.github.realtimeticket.Issuer;
import io.github.realtimeticket.Refusal;
import io.github.realtimeticket.TicketBinding;
import io.github.realtimeticket.TicketEvent;
import io.github.realtimeticket.TicketHolder;
import io.github.realtimeticket.TicketStore;
import io.github.realtimeticket.Tickets;
import jakarta.websocket.ClientEndpointConfig;
import jakarta.websocket.Endpoint;
import jakarta.websocket.EndpointConfig;
import jakarta.websocket.Session;
import jakarta.websocket.server.ServerEndpointConfig;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.URI;
import java.util.List;
import java.util.Map;
import java.util.Queue;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.TimeUnit;
import org.eclipse.jetty.client.AbstractConnectionPool;
import org.eclipse.jetty.client.HttpClient;
import org.eclipse.jetty.ee11.websocket.jakarta.client.JakartaWebSocketClientContainer;
import org.eclipse.jetty.http.HostPortHttpField;
import org.eclipse.jetty.http.HttpFields;
import org.eclipse.jetty.http.HttpScheme;
import org.eclipse.jetty.http.MetaData;
import org.eclipse.jetty.http2.api.Stream;
import org.eclipse.jetty.http2.client.HTTP2Client;
import org.eclipse.jetty.http2.client.transport.HttpClientTransportOverHTTP2;
import org.eclipse.jetty.http2.frames.HeadersFrame;
import org.eclipse.jetty.io.ClientConnector;
import org.eclipse.jetty.util.Callback;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** WebSockets over HTTP/2 (RFC 8441), which of the three containers Jetty alone has. */
class Http2Test {

    private static final ClientEndpointConfig ANY =
            ClientEndpointConfig.Builder.create().build();

    private final Queue<TicketEvent> events = new ConcurrentLinkedQueue<>();
    private final Tickets tickets = Tickets.builder(TicketStore.inMemory())
            .listener(events::add)
            .timeToLive(TicketStore.LONGEST_TIME_TO_LIVE)
            .build();

    private final Gate gate = Gate.of(tickets);

    private final Site site = new Site(gate, Issuer.of(tickets)) {
        @Override
        TicketFilter filter() {
            return TicketFilter.webSockets(gate);
        }

        @Override
        ServerEndpointConfig.Configurator configurator() {
            return new Opening() {
                @Override
                public <T> T getEndpointInstance(Class<T> type) {
                    return type.cast(new WaitingForNoWriter(seen));
                }
            };
        }
    };
    private final HTTP2Client http2 = new HTTP2Client(new ClientConnector());
    private final HttpClient http = new HttpClient(new HttpClientTransportOverHTTP2(http2));
    private final JakartaWebSocketClientContainer client = new JakartaWebSocketClientContainer(http);
    private Container.Running running;

    @BeforeEach
    void start() throws Exception {
        running = Container.JETTY.start(site);
        http.start();
        client.start();
    }

    @AfterEach
    void stop() throws Exception {
        client.stop();
        http.stop();
        running.close();
    }

    @Test
    void aTicketOpensOneWebSocket() throws Exception {
        URI uri = socket(issue("alice", TicketBinding.none()));

        try (Session opened = client.connectToServer(new Silent(), ANY, uri)) {
            eventually(() -> site.seen.contains("open alice"));
            assertThat(opened.isOpen()).isTrue();
        }
        assertThatThrownBy(() -> client.connectToServer(new Silent(), ANY, uri)).hasStackTraceContaining("401");
    }

    @Test
    void eachStreamOfAConnectionIsOpenedByItsOwnTicket() throws Exception {
        URI alice = socket(issue("alice", TicketBinding.none()));
        URI bob = socket(issue("bob", TicketBinding.none()));

        try (Session first = client.connectToServer(new Silent(), ANY, alice);
                Session second = client.connectToServer(new Silent(), ANY, bob)) {
            eventually(() -> site.seen.contains("open alice") && site.seen.contains("open bob"));
            assertThat(first.isOpen() && second.isOpen()).isTrue();
            assertThatThrownBy(() -> client.connectToServer(new Silent(), ANY, alice))
                    .hasStackTraceContaining("401");
            assertThat(http.getDestinations())
                    .singleElement()
                    .extracting(destination -> destination.getConnectionPool())
                    .asInstanceOf(type(AbstractConnectionPool.class))
                    .returns(1, AbstractConnectionPool::getConnectionCount);
        }
    }

    @Test
    void t16_aWebSocketEndsWithItsLogin() throws Exception {
        try (Session opened = client.connectToServer(new Silent(), ANY, socket(issue("alice", TicketBinding.none())))) {
            eventually(() -> gate.connections().count() == 1);

            gate.connections().stream().forEach(connection -> connection.close(3000, "unauthorized"));

            eventually(() -> !opened.isOpen());
        }
        eventually(() -> gate.connections().count() == 0);
    }

    @Test
    void aWrongOriginOpensNone() {
        URI uri = socket(issue("alice", TicketBinding.none().withOrigin("https://app.example")));

        assertThatThrownBy(() -> client.connectToServer(new Silent(), ofOrigin("https://evil.example"), uri))
                .hasStackTraceContaining("403");
    }

    @Test
    void t20_whatIsNoHandshakeUsesNoTicketUp() throws Exception {
        String target = "/realtime/socket?ticket=" + issue("alice", TicketBinding.none());

        int status = http.newRequest(running.uri("http", target)).send().getStatus();

        assertThat(status).isEqualTo(400);
        assertThat(events).contains(new TicketEvent.Refused(Refusal.NO_HANDSHAKE, null, false));
        try (Session opened = client.connectToServer(new Silent(), ANY, running.uri("ws", target))) {
            assertThat(opened.isOpen()).isTrue();
        }
    }

    /** As the documents say: Jetty tells no servlet which protocol is asked for. */
    @Test
    void aConnectForAnotherProtocolUsesATicketUpAndOpensNothing() throws Exception {
        String target = "/realtime/socket?ticket=" + issue("alice", TicketBinding.none());

        int status = connect("chess", target);

        assertThat(status).isGreaterThanOrEqualTo(400);
        assertThat(events).hasAtLeastOneElementOfType(TicketEvent.Redeemed.class);
        assertThat(site.seen).isEmpty();
        assertThatThrownBy(() -> client.connectToServer(new Silent(), ANY, running.uri("ws", target)))
                .hasStackTraceContaining("401");
    }

    private int connect(String protocol, String target) throws Exception {
        var status = new CompletableFuture<Integer>();
        var to = new InetSocketAddress(InetAddress.getLoopbackAddress(), running.port());
        var connection = http2.connect(to, new org.eclipse.jetty.http2.api.Session.Listener() {})
                .get(10, TimeUnit.SECONDS);
        HttpFields fields = HttpFields.build().put("Sec-WebSocket-Version", "13");
        var request = new MetaData.ConnectRequest(
                HttpScheme.HTTP, new HostPortHttpField("127.0.0.1", running.port()), target, fields, protocol);
        var unused = connection.newStream(new HeadersFrame(request, null, false), new Stream.Listener() {
            @Override
            public void onHeaders(Stream stream, HeadersFrame frame) {
                status.complete(((MetaData.Response) frame.getMetaData()).getStatus());
            }
        });
        try {
            return status.get(10, TimeUnit.SECONDS);
        } finally {
            connection.close(0, null, Callback.NOOP);
        }
    }

    private static ClientEndpointConfig ofOrigin(String origin) {
        return ClientEndpointConfig.Builder.create()
                .configurator(new ClientEndpointConfig.Configurator() {
                    @Override
                    public void beforeRequest(Map<String, List<String>> headers) {
                        headers.put("Origin", List.of(origin));
                    }
                })
                .build();
    }

    private URI socket(String ticket) {
        return running.uri("ws", "/realtime/socket?ticket=" + ticket);
    }

    private String issue(String username, TicketBinding binding) {
        return tickets.issue(TicketHolder.of(username, username), binding)
                .toCompletableFuture()
                .join()
                .reveal();
    }

    /** Jetty may call one that opens in the thread that writes for all streams of the connection. */
    private static final class WaitingForNoWriter extends Site.Greeting {

        WaitingForNoWriter(Queue<String> seen) {
            super(seen);
        }

        @Override
        void send(Session session, String text) {
            var unused = session.getAsyncRemote().sendText(text);
        }
    }

    private static final class Silent extends Endpoint {
        @Override
        public void onOpen(Session session, EndpointConfig config) {}
    }
}
