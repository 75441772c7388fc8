// SPDX-License-Identifier: Apache-2.0
package io.github.realtimeticket.netty;

import io.github.realtimeticket.Gate;
import io.github.realtimeticket.fixtures.Leaks;
import io.github.realtimeticket.testkit.ConnectionContract;
import io.github.realtimeticket.testkit.GateContract.RunningServer;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Nested;
import org.junit.jupiter.api.extension.RegisterExtension;

class NettyConnectionContractTest {

    @RegisterExtension
    static final Leaks LEAKS = new Leaks();

    @Nested
    class WebSockets extends ConnectionContract {

        private final List<GatedServer> servers = new ArrayList<>();

        @Override
        protected RunningServer serve(Gate gate) {
            var server = new GatedServer(() -> TicketHandler.webSockets(gate, "/chat"), "chat");
            servers.add(server);
            return NettyGateContractTest.served(server, "ws", "/chat");
        }

        @Override
        protected void broadcast(String text) {
            servers.forEach(server -> server.broadcast(text));
        }

        @Override
        protected long heard() {
            return servers.stream().mapToLong(server -> server.heard.get()).sum();
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
