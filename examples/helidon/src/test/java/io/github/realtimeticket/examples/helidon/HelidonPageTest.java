// SPDX-License-Identifier: Apache-2.0
package io.github.realtimeticket.examples.helidon;

import io.github.realtimeticket.Gate;
import io.github.realtimeticket.TicketStore;
import io.github.realtimeticket.fixtures.PageScenarios;
import io.github.realtimeticket.testkit.GateContract.RunningServer;
import io.github.realtimeticket.testkit.IssuerContract.RunningIssuer;
import java.util.Set;

class HelidonPageTest extends PageScenarios {

    @Override
    protected RunningIssuer issue(TicketStore store) {
        return new HelidonIssuerContractTest.Site(store, Set.of());
    }

    @Override
    protected RunningServer serve(Gate gate, String origin) {
        return HelidonChatTest.start(gate, Set.of(origin));
    }
}
