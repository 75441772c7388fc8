// SPDX-License-Identifier: Apache-2.0
package io.github.realtimeticket.spring;

import io.github.realtimeticket.Gate;
import io.github.realtimeticket.TicketStore;
import io.github.realtimeticket.fixtures.Application;
import io.github.realtimeticket.fixtures.Redis;
import io.github.realtimeticket.redis.RedisTicketStore;
import io.github.realtimeticket.testkit.GateContract;
import java.io.IOException;
import java.net.URI;
import java.time.Duration;
import java.util.Map;
import java.util.function.LongSupplier;
import org.junit.jupiter.api.AutoClose;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Nested;

/** Every way into a Spring application on the servlet stack keeps the contract of a gate. */
class SpringGateContractTest {

    @AutoClose
    private static Redis redis;

    @BeforeAll
    static void start() throws IOException {
        redis = new Redis();
    }

    @Nested
    class AWebSocketBehindSpringSecurity extends GateContract {
        @Override
        protected RunningServer serve(Gate gate) {
            return new Served(
                    Application.start(SecuredApplication.class, Map.of("gate", gate)), "ws", "/realtime/socket");
        }
    }

    @Nested
    class APlainRequestBehindSpringSecurity extends GateContract {
        @Override
        protected RunningServer serve(Gate gate) {
            return new Served(
                    Application.start(SecuredApplication.class, Map.of("gate", gate)), "http", "/realtime/plain");
        }
    }

    @Nested
    class AWebSocketWithoutSpringSecurity extends GateContract {
        @Override
        protected RunningServer serve(Gate gate) {
            return new Served(
                    Application.start(HandshakeApplication.class, Map.of("gate", gate)), "ws", "/realtime/socket");
        }
    }

    @Nested
    class WithTicketsInRedis extends AWebSocketBehindSpringSecurity {
        @Override
        protected TicketStore store(LongSupplier unused) {
            return RedisTicketStore.builder(redis.uri())
                    .timeout(Duration.ofSeconds(10))
                    .build();
        }
    }

    record Served(Application application, String scheme, String path) implements GateContract.RunningServer {

        @Override
        public URI uri() {
            return application.uri(scheme, path);
        }

        @Override
        public void close() {
            application.close();
        }
    }
}
