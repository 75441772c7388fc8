// SPDX-License-Identifier: Apache-2.0
package io.github.realtimeticket.examples.helidon;

import io.github.realtimeticket.Admission;
import io.github.realtimeticket.ConnectionRequest;
import io.github.realtimeticket.Gate;
import io.github.realtimeticket.LiveConnection;
import io.github.realtimeticket.Refusal;
import io.github.realtimeticket.Tickets;
import io.github.realtimeticket.redis.RedisTicketStore;
import io.helidon.common.context.Contexts;
import io.helidon.http.HeaderNames;
import io.helidon.http.Headers;
import io.helidon.http.HttpPrologue;
import io.helidon.http.Status;
import io.helidon.http.WritableHeaders;
import io.helidon.webserver.WebServer;
import io.helidon.webserver.http.FilterChain;
import io.helidon.webserver.http.RoutingRequest;
import io.helidon.webserver.http.RoutingResponse;
import io.helidon.webserver.websocket.WsConfig;
import io.helidon.webserver.websocket.WsRouting;
import io.helidon.websocket.WsListener;
import io.helidon.websocket.WsSession;
import io.lettuce.core.RedisURI;
import java.util.List;
import java.util.Objects;
import java.util.Optional;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/** A whole server in Helidon: a ticket opens a WebSocket, which greets its holder and echoes. */
final class HelidonChat implements AutoCloseable {

    private final Gate gate;
    private final WebServer server;

    /** One for pages of these origins; of its own, if there are none. */
    HelidonChat(Gate gate, int port, Set<String> origins) {
        this.gate = gate;
        server = WebServer.builder()
                .host("127.0.0.1")
                .port(port)
                .addProtocol(WsConfig.builder().origins(origins).build())
                .routing(routing -> routing.addFilter(this::admit))
                .addRouting(WsRouting.builder().endpoint("/chat", Chat::new))
                .build()
                .start();
    }

    /** Lets a request go on for the holder of its ticket, or answers it. Runs in a virtual thread, which may wait. */
    void admit(FilterChain chain, RoutingRequest request, RoutingResponse response) {
        if (request.context()
                .get(HelidonChat.class, Gate.class)
                .filter(gate::equals)
                .isPresent()) {
            chain.proceed();
            return;
        }
        // Helidon has looked at a handshake by now, and passes whatever is none or leads nowhere on to other routes.
        boolean served = request.headers().contains(HeaderNames.UPGRADE)
                && request.prologue().uriPath().rawPath().equals("/chat");
        Refusal refusal = served ? null : Refusal.UNSUITABLE;
        var opening = ConnectionRequest.of(
                request.prologue().query().rawValue(),
                name -> request.headers().all(HeaderNames.create(name), List::of),
                refusal);
        Admission admission = gate.admit(opening).toCompletableFuture().join();
        if (admission instanceof Admission.Admitted admitted) {
            request.context().register(HelidonChat.class, gate);
            request.context().register(admitted);
            Contexts.runInContext(request.context(), chain::proceed);
        } else if (admission instanceof Admission.Refused refused) {
            response.status(Status.create(refused.reason().status()));
            refused.reason().headers().forEach((name, value) -> response.header(HeaderNames.create(name), value));
            response.send(refused.reason().body());
        }
    }

    /** One connection; Helidon makes one of these for each. */
    static final class Chat implements WsListener {

        private Admission.@Nullable Admitted admitted;

        @Override
        public Optional<Headers> onHttpUpgrade(HttpPrologue prologue, Headers headers) {
            admitted = Contexts.context()
                    .orElseThrow()
                    .get(Admission.Admitted.class)
                    .orElseThrow();
            WritableHeaders<?> answer = WritableHeaders.create();
            if (admitted.subprotocols().contains("chat")) {
                answer.set(HeaderNames.create("Sec-WebSocket-Protocol"), "chat");
            }
            return Optional.of(answer);
        }

        @Override
        public void onOpen(WsSession session) {
            Admission.Admitted by = Objects.requireNonNull(admitted);
            LiveConnection connection =
                    by.opened((code, reason) -> Thread.startVirtualThread(() -> session.close(code, reason)));
            endWith(Thread.currentThread(), connection);
            session.send("Hello " + by.holder().username(), true);
        }

        // Of a client that vanishes Helidon tells the listener nothing; but the connection has a thread, which ends.
        private static void endWith(Thread thread, LiveConnection connection) {
            Thread.startVirtualThread(() -> {
                try {
                    thread.join();
                } catch (InterruptedException e) {
                    Thread.currentThread().interrupt();
                } finally {
                    connection.ended();
                }
            });
        }

        @Override
        public void onMessage(WsSession session, String text, boolean last) {
            session.send(text, last);
        }
    }

    int port() {
        return server.port();
    }

    @Override
    public void close() {
        server.stop();
    }

    public static void main(String[] args) {
        var store = RedisTicketStore.connect(RedisURI.create(args[0]));
        var tickets = Tickets.builder(store).revocations(store.revocations()).build();
        var unused = new HelidonChat(Gate.of(tickets), Integer.parseInt(args[1]), Set.of());
    }
}
