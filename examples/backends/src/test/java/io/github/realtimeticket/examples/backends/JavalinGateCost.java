// SPDX-License-Identifier: Apache-2.0
package io.github.realtimeticket.examples.backends;

import io.github.realtimeticket.Gate;
import io.github.realtimeticket.Tickets;
import io.github.realtimeticket.fixtures.GateCost;
import io.github.realtimeticket.fixtures.Openings.Opener;
import io.javalin.Javalin;
import java.net.URI;
import org.jspecify.annotations.Nullable;

class JavalinGateCost extends GateCost {

    @Override
    protected Opener serve(@Nullable Tickets tickets) {
        int port = tickets == null ? open().port() : new JavalinChat(Gate.of(tickets), 0).port();
        return webSocket(URI.create("ws://127.0.0.1:" + port + "/chat"));
    }

    private static Javalin open() {
        return Javalin.create(config ->
                        config.routes.ws("/chat", socket -> socket.onConnect(client -> client.send("Hello all"))))
                .start("127.0.0.1", 0);
    }
}
