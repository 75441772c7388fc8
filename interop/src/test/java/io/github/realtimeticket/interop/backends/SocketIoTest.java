// SPDX-License-Identifier: Apache-2.0
package io.github.realtimeticket.interop.backends;

import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.Nested;
import tools.jackson.databind.json.JsonMapper;

class SocketIoTest {

    @Nested
    class Hashed extends Backend {
        Hashed() {
            super(Keys.HASHED);
        }
    }

    @Nested
    class Compatible extends Backend {
        Compatible() {
            super(Keys.COMPATIBLE);
        }
    }

    abstract static class Backend extends RedeemerContract {
        Backend(Keys keys) {
            super(() -> Program.node("socketio-backend.mjs"), keys);
        }

        @Override
        String address() {
            return "ws://127.0.0.1:%d/socket.io/?EIO=4&transport=websocket";
        }

        // Packet 4 is a message of Engine.IO; in it, 0 opens a Socket.IO connection and 2 is an event.
        @Override
        protected List<String> says() {
            return List.of("40");
        }

        @Override
        protected Optional<String> username(String message) {
            return message.startsWith("42")
                    ? Optional.of(JsonMapper.shared()
                            .readTree(message.substring(2))
                            .get(1)
                            .asString())
                    : Optional.empty();
        }
    }
}
