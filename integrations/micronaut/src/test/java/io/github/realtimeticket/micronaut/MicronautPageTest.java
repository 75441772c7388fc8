// SPDX-License-Identifier: Apache-2.0
package io.github.realtimeticket.micronaut;

import io.github.realtimeticket.Gate;
import io.github.realtimeticket.TicketStore;
import io.github.realtimeticket.fixtures.PageScenarios;
import io.github.realtimeticket.testkit.GateContract.RunningServer;
import io.github.realtimeticket.testkit.IssuerContract.RunningIssuer;
import java.util.Set;

class MicronautPageTest extends PageScenarios {

    @Override
    protected RunningIssuer issue(TicketStore store) {
        return MicronautIssuerContractTest.start(store, Set.of());
    }

    @Override
    protected RunningServer serve(Gate gate, String origin) {
        return MicronautServer.with(gate);
    }
}
