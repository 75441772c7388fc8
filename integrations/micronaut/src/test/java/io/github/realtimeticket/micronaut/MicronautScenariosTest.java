// SPDX-License-Identifier: Apache-2.0
package io.github.realtimeticket.micronaut;

import io.github.realtimeticket.Gate;
import io.github.realtimeticket.fixtures.ChatScenarios;
import io.micronaut.context.exceptions.BeanContextException;
import io.micronaut.websocket.exceptions.WebSocketSessionException;
import java.net.URI;
import org.junit.jupiter.api.AfterEach;

class MicronautScenariosTest extends ChatScenarios {

    private MicronautServer server;

    @Override
    protected URI serve(Gate gate) {
        server = MicronautServer.with(gate);
        return server.uri();
    }

    @Override
    protected int open() {
        return server.chat().open();
    }

    // @OnOpen greets one that has gone; the server stops while one opens.
    @Override
    protected boolean mayLog(Throwable fault) {
        return fault instanceof WebSocketSessionException || fault instanceof BeanContextException;
    }

    @AfterEach
    void stop() {
        server.close();
    }
}
