// SPDX-License-Identifier: Apache-2.0
package io.github.realtimeticket.examples.chat.realtime;

import io.github.realtimeticket.Gate;
import io.github.realtimeticket.Revocations;
import io.github.realtimeticket.TicketStore;
import io.github.realtimeticket.Tickets;
import io.github.realtimeticket.vertx.TicketHandshakeHandler;
import io.vertx.core.Future;
import io.vertx.core.VerticleBase;
import io.vertx.core.http.HttpServer;
import io.vertx.core.http.HttpServerOptions;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.TimeUnit;

/** The port of the chat. All of it runs on the one event loop of this verticle. */
final class ChatVerticle extends VerticleBase {

    static final String PATH = "/chat";

    /** Enough for the longest text with every character escaped. */
    private static final int LARGEST_MESSAGE = 8 * 1024;

    private final TicketStore store;
    private final Revocations revocations;
    private final List<String> origins;
    private final Duration silence;
    private volatile int port;

    ChatVerticle(TicketStore store, Revocations revocations, int port, List<String> origins, Duration silence) {
        this.store = store;
        this.revocations = revocations;
        this.port = port;
        this.origins = origins;
        this.silence = silence;
    }

    @Override
    public Future<HttpServer> start() {
        var life = new TicketLife(context);
        var room = new Room(life);
        Tickets tickets = Tickets.builder(store)
                .audience(RealtimeServer.AUDIENCE)
                .revocations(revocations)
                .listener(life)
                .build();
        Gate gate = Gate.builder(tickets).allowedOrigins(origins).build();
        TicketHandshakeHandler chat = TicketHandshakeHandler.of(gate, room::enter);
        vertx.setPeriodic(silence.toMillis() / 3, timer -> room.pingAll());
        var options = new HttpServerOptions()
                .setHost("127.0.0.1")
                .setPort(port)
                .setReadIdleTimeout((int) silence.toMillis())
                .setIdleTimeoutUnit(TimeUnit.MILLISECONDS)
                .setMaxWebSocketFrameSize(LARGEST_MESSAGE)
                .setMaxWebSocketMessageSize(LARGEST_MESSAGE);
        return vertx.createHttpServer(options)
                .requestHandler(request -> {
                    if (request.path().equals(PATH)) {
                        chat.handle(request);
                    } else {
                        request.response().setStatusCode(404).end();
                    }
                })
                .listen()
                .onSuccess(server -> port = server.actualPort());
    }

    /** The port, the real one once this is deployed. */
    int port() {
        return port;
    }
}
