// SPDX-License-Identifier: Apache-2.0
package io.github.realtimeticket.spring;

import static io.github.realtimeticket.fixtures.StoreWithRedis.PATIENCE;

import io.github.realtimeticket.Gate;
import io.github.realtimeticket.TicketStore;
import io.github.realtimeticket.fixtures.Application;
import io.github.realtimeticket.fixtures.StoreWithRedis;
import io.github.realtimeticket.redis.RedisTicketStore;
import io.github.realtimeticket.testkit.GateContract;
import io.github.realtimeticket.testkit.GateContract.RunningServer;
import java.io.IOException;
import java.util.Map;
import java.util.function.LongSupplier;
import org.junit.jupiter.api.Nested;

/** Every way into a Spring application on the servlet stack keeps the contract of a gate. */
class SpringGateContractTest {

    @Nested
    class AWebSocketBehindSpringSecurity extends GateContract {
        @Override
        protected RunningServer serve(Gate gate) {
            return start(SecuredApplication.class, gate, "ws", "/realtime/socket");
        }
    }

    @Nested
    class APlainRequestBehindSpringSecurity extends GateContract {
        @Override
        protected RunningServer serve(Gate gate) {
            return start(SecuredApplication.class, gate, "http", "/realtime/plain");
        }
    }

    @Nested
    class AWebSocketWithoutSpringSecurity extends GateContract {
        @Override
        protected RunningServer serve(Gate gate) {
            return start(HandshakeApplication.class, gate, "ws", "/realtime/socket");
        }
    }

    @Nested
    class WithTicketsInRedis extends AWebSocketBehindSpringSecurity {
        @Override
        protected TicketStore store(LongSupplier unused) throws IOException {
            return new StoreWithRedis(
                    uri -> RedisTicketStore.builder(uri).timeout(PATIENCE).build());
        }
    }

    private static RunningServer start(Class<?> main, Gate gate, String scheme, String path) {
        return served(Application.start(main, Map.of("gate", gate)), scheme, path);
    }

    static RunningServer served(Application application, String scheme, String path) {
        return RunningServer.of(() -> application.uri(scheme, path), application::close);
    }
}
