// SPDX-License-Identifier: Apache-2.0
package io.github.realtimeticket.examples.micronaut;

import io.github.realtimeticket.Gate;
import io.github.realtimeticket.fixtures.ChatScenarios;
import java.net.URI;
import org.junit.jupiter.api.AfterEach;

class MicronautScenariosTest extends ChatScenarios {

    private ChatServer server;

    @Override
    protected URI serve(Gate gate) {
        server = ChatServer.with(gate);
        return server.uri();
    }

    @Override
    protected int open() {
        return server.open();
    }

    // A frame that comes before the answer.
    @Override
    protected boolean mayLog(Throwable fault) {
        return fault instanceof ClassCastException;
    }

    @AfterEach
    void stop() {
        server.close();
    }
}
