// SPDX-License-Identifier: Apache-2.0
package io.github.realtimeticket.spring;

import io.github.realtimeticket.Gate;
import io.github.realtimeticket.fixtures.Application;
import io.github.realtimeticket.spring.SpringGateContractTest.Served;
import io.github.realtimeticket.testkit.ConnectionContract;
import io.github.realtimeticket.testkit.GateContract.RunningServer;
import java.util.Map;
import org.junit.jupiter.api.Nested;

/** Every way into a Spring application on the servlet stack ends with the login. */
class SpringConnectionContractTest {

    @Nested
    class AWebSocketBehindSpringSecurity extends ConnectionContract {
        @Override
        protected RunningServer serve(Gate gate) {
            return new Served(
                    Application.start(SecuredApplication.class, Map.of("gate", gate)), "ws", "/realtime/socket");
        }
    }

    @Nested
    class AnEventStreamBehindSpringSecurity extends ConnectionContract {
        @Override
        protected RunningServer serve(Gate gate) {
            return new Served(
                    Application.start(SecuredApplication.class, Map.of("gate", gate)), "http", "/realtime/stream");
        }
    }

    @Nested
    class AWebSocketWithoutSpringSecurity extends ConnectionContract {
        @Override
        protected RunningServer serve(Gate gate) {
            return new Served(
                    Application.start(HandshakeApplication.class, Map.of("gate", gate)), "ws", "/realtime/socket");
        }
    }
}
