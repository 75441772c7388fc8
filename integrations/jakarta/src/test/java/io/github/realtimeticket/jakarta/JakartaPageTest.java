// SPDX-License-Identifier: Apache-2.0
package io.github.realtimeticket.jakarta;

import io.github.realtimeticket.Gate;
import io.github.realtimeticket.TicketStore;
import io.github.realtimeticket.fixtures.PageScenarios;
import io.github.realtimeticket.testkit.GateContract.RunningServer;
import io.github.realtimeticket.testkit.IssuerContract.RunningIssuer;
import java.util.Set;
import org.junit.jupiter.params.ParameterizedClass;
import org.junit.jupiter.params.provider.EnumSource;

@ParameterizedClass
@EnumSource
class JakartaPageTest extends PageScenarios {

    private final Container container;

    JakartaPageTest(Container container) {
        this.container = container;
    }

    @Override
    protected RunningIssuer issue(TicketStore store) throws Exception {
        return JakartaIssuerContractTest.start(container, store, Set.of());
    }

    @Override
    protected RunningServer serve(Gate gate, String origin) throws Exception {
        return JakartaConnectionContractTest.start(container, gate, "ws", "/realtime/socket");
    }
}
