// SPDX-License-Identifier: Apache-2.0
package io.github.realtimeticket.examples.chat.realtime;

import io.github.realtimeticket.Gate;
import io.github.realtimeticket.TicketStore;
import io.github.realtimeticket.Tickets;
import io.github.realtimeticket.vertx.TicketHandshakeHandler;
import io.vertx.core.Future;
import io.vertx.core.VerticleBase;
import io.vertx.core.http.HttpServer;
import io.vertx.core.http.HttpServerOptions;
import java.util.List;

/** The port of the chat. All of it runs on the one event loop of this verticle. */
final class ChatVerticle extends VerticleBase {

    static final String PATH = "/chat";

    /** Enough for the longest text with every character escaped. */
    private static final int LARGEST_MESSAGE = 8 * 1024;

    private final TicketStore store;
    private final List<String> origins;
    private volatile int port;

    ChatVerticle(TicketStore store, int port, List<String> origins) {
        this.store = store;
        this.port = port;
        this.origins = origins;
    }

    @Override
    public Future<HttpServer> start() {
        var life = new TicketLife(context);
        Tickets tickets = Tickets.builder(store)
                .audience(RealtimeServer.AUDIENCE)
                .listener(life)
                .build();
        Gate gate = Gate.builder(tickets).allowedOrigins(origins).build();
        TicketHandshakeHandler chat = TicketHandshakeHandler.of(gate, new Room(life)::enter);
        var options = new HttpServerOptions()
                .setHost("localhost")
                .setPort(port)
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
