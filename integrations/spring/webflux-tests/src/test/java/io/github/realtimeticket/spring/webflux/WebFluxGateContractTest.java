// SPDX-License-Identifier: Apache-2.0
package io.github.realtimeticket.spring.webflux;

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
import java.util.Optional;
import java.util.function.LongSupplier;
import java.util.stream.Collectors;
import org.junit.jupiter.api.Nested;

/** Every way into a reactive application keeps the contract of a gate. */
class WebFluxGateContractTest {

    @Nested
    class AWebSocketBehindSpringSecurity extends GateContract {
        @Override
        protected RunningServer serve(Gate gate) {
            return start(SmallApplication.class, gate, "ws", "/realtime/socket");
        }
    }

    @Nested
    class APlainRequestBehindSpringSecurity extends GateContract {
        @Override
        protected RunningServer serve(Gate gate) {
            return start(SmallApplication.class, gate, "http", "/realtime/plain");
        }
    }

    @Nested
    class AnEventStreamBehindSpringSecurity extends GateContract {
        @Override
        protected RunningServer serve(Gate gate) {
            return start(SmallApplication.class, gate, "http", "/realtime/events");
        }

        @Override
        protected Optional<String> username(String events) {
            return Optional.of(events.strip()
                    .lines()
                    .map(line -> line.substring("data:".length()))
                    .collect(Collectors.joining("\n")));
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

    static RunningServer start(Class<?> main, Gate gate, String scheme, String path) {
        return served(start(main, gate), scheme, path);
    }

    static Application start(Class<?> main, Gate gate) {
        String[] properties = main == SmallApplication.class ? new String[] {SmallApplication.PATHS} : new String[0];
        return Application.start(main, Map.of("gate", gate), properties);
    }

    static RunningServer served(Application application, String scheme, String path) {
        return RunningServer.of(() -> application.uri(scheme, path), application::close);
    }
}
