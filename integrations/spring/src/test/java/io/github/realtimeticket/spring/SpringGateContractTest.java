// SPDX-License-Identifier: Apache-2.0
package io.github.realtimeticket.spring;

import io.github.realtimeticket.Gate;
import io.github.realtimeticket.testkit.GateContract;
import org.junit.jupiter.api.Nested;

/** Every way into a Spring application on the servlet stack keeps the contract of a gate. */
class SpringGateContractTest {

    @Nested
    class AWebSocketBehindSpringSecurity extends GateContract {
        @Override
        protected RunningServer serve(Gate gate) {
            return RunningApplication.start(SecuredApplication.class, gate, "ws", "/realtime/socket");
        }
    }

    @Nested
    class APlainRequestBehindSpringSecurity extends GateContract {
        @Override
        protected RunningServer serve(Gate gate) {
            return RunningApplication.start(SecuredApplication.class, gate, "http", "/realtime/plain");
        }
    }

    @Nested
    class AWebSocketWithoutSpringSecurity extends GateContract {
        @Override
        protected RunningServer serve(Gate gate) {
            return RunningApplication.start(HandshakeApplication.class, gate, "ws", "/realtime/socket");
        }
    }
}
