// SPDX-License-Identifier: Apache-2.0
package io.github.realtimeticket.quarkus;

import io.github.realtimeticket.Gate;
import io.github.realtimeticket.TicketStore;
import io.github.realtimeticket.fixtures.PageScenarios;
import io.github.realtimeticket.testkit.GateContract.RunningServer;
import io.github.realtimeticket.testkit.IssuerContract.RunningIssuer;
import io.quarkus.test.common.http.TestHTTPResource;
import io.quarkus.test.junit.QuarkusTest;
import io.quarkus.test.junit.TestProfile;
import java.net.URI;
import java.util.Set;

@QuarkusTest
@TestProfile(ChosenGate.Profile.class)
class QuarkusPageTest extends PageScenarios {

    @TestHTTPResource("/chat")
    URI address;

    @Override
    protected RunningIssuer issue(TicketStore store) {
        return QuarkusIssuerContractTest.start(store, Set.of(), address);
    }

    @Override
    protected RunningServer serve(Gate gate, String origin) {
        URI chosen = ChosenGate.addressOf(gate, address);
        return RunningServer.of(() -> chosen, () -> {});
    }
}
