// SPDX-License-Identifier: Apache-2.0
package io.github.realtimeticket.examples.backends;

import io.github.realtimeticket.Gate;
import io.github.realtimeticket.Issuer;
import io.github.realtimeticket.fixtures.PageScenarios;
import io.github.realtimeticket.testkit.GateContract.RunningServer;
import io.github.realtimeticket.testkit.IssuerContract.RunningIssuer;

class JavalinPageTest extends PageScenarios {

    @Override
    protected RunningIssuer issue(Issuer issuer) {
        return JavalinChatTest.start(issuer);
    }

    @Override
    protected RunningServer serve(Gate gate, String origin) {
        return JavalinChatTest.start(gate);
    }
}
