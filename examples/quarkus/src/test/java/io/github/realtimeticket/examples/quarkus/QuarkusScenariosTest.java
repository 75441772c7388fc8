// SPDX-License-Identifier: Apache-2.0
package io.github.realtimeticket.examples.quarkus;

import io.github.realtimeticket.Gate;
import io.github.realtimeticket.fixtures.ChatScenarios;
import io.quarkus.test.common.http.TestHTTPResource;
import io.quarkus.test.junit.QuarkusTest;
import io.quarkus.test.junit.TestProfile;
import io.quarkus.websockets.next.OpenConnections;
import jakarta.inject.Inject;
import java.io.IOException;
import java.net.URI;

@QuarkusTest
@TestProfile(ChosenGate.Profile.class)
class QuarkusScenariosTest extends ChatScenarios {

    @TestHTTPResource("/chat")
    URI address;

    @Inject
    OpenConnections connections;

    @Override
    protected URI serve(Gate gate) {
        return ChosenGate.addressOf(gate, address);
    }

    @Override
    protected int open() {
        return connections.listAll().size();
    }

    // @OnOpen greets one that has gone; Vert.x loses one in the moment in which it opens.
    @Override
    protected boolean mayLog(Throwable fault) {
        return fault instanceof IOException || "Result is already complete".equals(fault.getMessage());
    }
}
