// SPDX-License-Identifier: Apache-2.0
package io.github.realtimeticket.examples.backends;

import io.github.realtimeticket.Gate;
import io.github.realtimeticket.TicketStore;
import io.github.realtimeticket.fixtures.PageScenarios;
import io.github.realtimeticket.testkit.GateContract.RunningServer;
import io.github.realtimeticket.testkit.IssuerContract.RunningIssuer;
import java.util.Set;

class JavalinPageTest extends PageScenarios {

    @Override
    protected RunningIssuer issue(TicketStore store) {
        return JavalinChatTest.start(store, Set.of());
    }

    @Override
    protected RunningServer serve(Gate gate, String origin) {
        return JavalinChatTest.start(gate);
    }
}
