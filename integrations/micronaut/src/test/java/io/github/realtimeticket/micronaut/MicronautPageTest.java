// SPDX-License-Identifier: Apache-2.0
package io.github.realtimeticket.micronaut;

import io.github.realtimeticket.Gate;
import io.github.realtimeticket.Issuer;
import io.github.realtimeticket.fixtures.PageScenarios;
import io.github.realtimeticket.testkit.GateContract.RunningServer;
import io.github.realtimeticket.testkit.IssuerContract.RunningIssuer;

class MicronautPageTest extends PageScenarios {

    @Override
    protected RunningIssuer issue(Issuer issuer) {
        return MicronautIssuerContractTest.start(issuer);
    }

    @Override
    protected RunningServer serve(Gate gate, String origin) {
        return MicronautServer.with(gate);
    }
}
