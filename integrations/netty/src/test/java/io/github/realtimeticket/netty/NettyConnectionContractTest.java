// SPDX-License-Identifier: Apache-2.0
package io.github.realtimeticket.netty;

import io.github.realtimeticket.Gate;
import io.github.realtimeticket.fixtures.Leaks;
import io.github.realtimeticket.testkit.ConnectionContract;
import io.github.realtimeticket.testkit.GateContract.RunningServer;
import io.github.realtimeticket.testkit.WebSocketConnectionContract;
import org.junit.jupiter.api.Nested;
import org.junit.jupiter.api.extension.RegisterExtension;

class NettyConnectionContractTest {

    @RegisterExtension
    static final Leaks LEAKS = new Leaks();

    @Nested
    class WebSockets extends WebSocketConnectionContract {

        private GatedServer server;

        @Override
        protected RunningServer serve(Gate gate) {
            server = new GatedServer(() -> TicketHandler.webSockets(gate, "/chat"), "chat");
            return NettyGateContractTest.served(server, "ws", "/chat");
        }

        @Override
        protected void broadcast(String text) {
            server.broadcast(text);
        }

        @Override
        protected long heard() {
            return server.heard.get();
        }
    }

    @Nested
    class Streams extends ConnectionContract {
        @Override
        protected RunningServer serve(Gate gate) {
            return NettyGateContractTest.start(
                    "http", "/events/stream/endless", () -> TicketHandler.of(gate, "/events"));
        }
    }
}
