// SPDX-License-Identifier: Apache-2.0
package io.github.realtimeticket.spring.webflux;

import io.github.realtimeticket.Gate;
import io.github.realtimeticket.testkit.ConnectionContract;
import io.github.realtimeticket.testkit.GateContract.RunningServer;
import org.junit.jupiter.api.Nested;

/** Every way into a reactive application ends with the login. */
class WebFluxConnectionContractTest {

    @Nested
    class AWebSocketBehindSpringSecurity extends ConnectionContract {
        @Override
        protected RunningServer serve(Gate gate) {
            return WebFluxGateContractTest.start(SmallApplication.class, gate, "ws", "/realtime/socket");
        }
    }

    @Nested
    class AnEventStreamBehindSpringSecurity extends ConnectionContract {
        @Override
        protected RunningServer serve(Gate gate) {
            return WebFluxGateContractTest.start(SmallApplication.class, gate, "http", "/realtime/stream");
        }
    }

    @Nested
    class AWebSocketWithoutSpringSecurity extends ConnectionContract {
        @Override
        protected RunningServer serve(Gate gate) {
            return WebFluxGateContractTest.start(HandshakeApplication.class, gate, "ws", "/realtime/socket");
        }
    }
}
