// SPDX-License-Identifier: Apache-2.0
package io.github.realtimeticket.netty;

import io.github.realtimeticket.Gate;
import io.github.realtimeticket.Issuer;
import io.github.realtimeticket.fixtures.Leaks;
import io.github.realtimeticket.fixtures.PageScenarios;
import io.github.realtimeticket.testkit.GateContract.RunningServer;
import io.github.realtimeticket.testkit.IssuerContract.RunningIssuer;
import org.junit.jupiter.api.extension.RegisterExtension;

class NettyPageTest extends PageScenarios {

    @RegisterExtension
    static final Leaks LEAKS = new Leaks();

    @Override
    protected RunningIssuer issue(Issuer issuer) {
        return NettyIssuerContractTest.start(issuer);
    }

    @Override
    protected RunningServer serve(Gate gate, String origin) {
        return NettyGateContractTest.start("ws", "/chat", () -> TicketHandler.webSockets(gate, "/chat"));
    }
}
