// SPDX-License-Identifier: Apache-2.0
package io.github.realtimeticket.micronaut;

import io.github.realtimeticket.Gate;
import io.github.realtimeticket.fixtures.Leaks;
import io.github.realtimeticket.testkit.GateContract.RunningServer;
import io.github.realtimeticket.testkit.WebSocketConnectionContract;
import java.util.Optional;
import org.junit.jupiter.api.extension.RegisterExtension;

class MicronautConnectionContractTest extends WebSocketConnectionContract {

    @RegisterExtension
    static final Leaks LEAKS = new Leaks();

    private MicronautServer server;

    @Override
    protected RunningServer serve(Gate gate) {
        server = MicronautServer.with(gate);
        return server;
    }

    @Override
    protected Optional<String> username(String message) {
        return Optional.of(message.substring("Hello ".length()));
    }

    @Override
    protected void broadcast(String text) {
        server.chat().broadcast(text);
    }

    @Override
    protected long heard() {
        return server.chat().heard.get();
    }
}
