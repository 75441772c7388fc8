// SPDX-License-Identifier: Apache-2.0
package io.github.realtimeticket.netty;

import io.github.realtimeticket.Gate;
import io.github.realtimeticket.testkit.ConnectionContract;
import io.github.realtimeticket.testkit.GateContract.RunningServer;
import org.junit.jupiter.api.Nested;
import org.junit.jupiter.api.extension.RegisterExtension;

class NettyConnectionContractTest {

    @RegisterExtension
    static final Leaks LEAKS = new Leaks();

    @Nested
    class WebSockets extends ConnectionContract {
        @Override
        protected RunningServer serve(Gate gate) {
            return NettyGateContractTest.start("ws", "/chat", () -> TicketHandler.webSockets(gate, "/chat"));
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
