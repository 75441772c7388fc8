// SPDX-License-Identifier: Apache-2.0
package io.github.realtimeticket.quarkus;

import io.github.realtimeticket.Gate;
import io.github.realtimeticket.fixtures.Leaks;
import io.github.realtimeticket.testkit.GateContract.RunningServer;
import io.github.realtimeticket.testkit.WebSocketConnectionContract;
import io.quarkus.test.common.http.TestHTTPResource;
import io.quarkus.test.junit.QuarkusTest;
import io.quarkus.test.junit.TestProfile;
import java.net.URI;
import java.util.Optional;
import org.junit.jupiter.api.extension.RegisterExtension;

/** WebSockets end with the login. */
@QuarkusTest
@TestProfile(ChosenGate.Profile.class)
class QuarkusConnectionContractTest extends WebSocketConnectionContract {

    @RegisterExtension
    static final Leaks LEAKS = new Leaks();

    @TestHTTPResource("/chat")
    URI address;

    @Override
    protected RunningServer serve(Gate gate) {
        URI chosen = ChosenGate.addressOf(gate, address);
        return RunningServer.of(() -> chosen, () -> {});
    }

    @Override
    protected Optional<String> username(String message) {
        return Optional.of(message.substring("Hello ".length()));
    }

    @Override
    protected void broadcast(String text) {
        Site.Chat.GREETED.forEach(
                connection -> connection.sendText(text).subscribe().with(sent -> {}, gone -> {}));
    }

    @Override
    protected long heard() {
        return Site.Chat.HEARD.get();
    }
}
