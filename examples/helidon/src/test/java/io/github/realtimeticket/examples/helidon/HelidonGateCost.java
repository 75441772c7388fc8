// SPDX-License-Identifier: Apache-2.0
package io.github.realtimeticket.examples.helidon;

import io.github.realtimeticket.Gate;
import io.github.realtimeticket.Tickets;
import io.github.realtimeticket.fixtures.GateCost;
import io.github.realtimeticket.fixtures.Openings.Opener;
import io.helidon.webserver.WebServer;
import io.helidon.webserver.websocket.WsRouting;
import io.helidon.websocket.WsListener;
import io.helidon.websocket.WsSession;
import java.net.URI;
import java.util.Set;
import org.jspecify.annotations.Nullable;

class HelidonGateCost extends GateCost {

    @Override
    protected Opener serve(@Nullable Tickets tickets) {
        int port = tickets == null ? open().port() : new HelidonChat(Gate.of(tickets), 0, Set.of()).port();
        return webSocket(URI.create("ws://127.0.0.1:" + port + "/chat"));
    }

    private static WebServer open() {
        return WebServer.builder()
                .host("127.0.0.1")
                .addRouting(WsRouting.builder().endpoint("/chat", new WsListener() {
                    @Override
                    public void onOpen(WsSession session) {
                        session.send("Hello all", true);
                    }
                }))
                .build()
                .start();
    }
}
