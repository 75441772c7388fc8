// SPDX-License-Identifier: Apache-2.0
package io.github.realtimeticket.netty;

import io.github.realtimeticket.Gate;
import io.github.realtimeticket.TicketStore;
import io.github.realtimeticket.fixtures.PageScenarios;
import io.github.realtimeticket.testkit.GateContract.RunningServer;
import io.github.realtimeticket.testkit.IssuerContract.RunningIssuer;
import java.util.Set;
import org.junit.jupiter.api.extension.RegisterExtension;

class NettyPageTest extends PageScenarios {

    @RegisterExtension
    static final Leaks LEAKS = new Leaks();

    @Override
    protected RunningIssuer issue(TicketStore store) {
        return NettyIssuerContractTest.start(store, Set.of());
    }

    @Override
    protected RunningServer serve(Gate gate, String origin) {
        return NettyGateContractTest.start("ws", "/chat", () -> TicketHandler.webSockets(gate, "/chat"));
    }
}
