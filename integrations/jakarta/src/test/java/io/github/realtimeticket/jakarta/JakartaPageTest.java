// SPDX-License-Identifier: Apache-2.0
package io.github.realtimeticket.jakarta;

import io.github.realtimeticket.Gate;
import io.github.realtimeticket.Issuer;
import io.github.realtimeticket.fixtures.PageScenarios;
import io.github.realtimeticket.testkit.GateContract.RunningServer;
import io.github.realtimeticket.testkit.IssuerContract.RunningIssuer;
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
    protected RunningIssuer issue(Issuer issuer) throws Exception {
        return JakartaIssuerContractTest.start(container, issuer);
    }

    @Override
    protected RunningServer serve(Gate gate, String origin) throws Exception {
        return JakartaConnectionContractTest.start(container, gate, "ws", "/realtime/socket");
    }
}
