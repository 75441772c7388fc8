// SPDX-License-Identifier: Apache-2.0
package io.github.realtimeticket.micronaut;

import static io.github.realtimeticket.fixtures.StoreWithRedis.PATIENCE;

import io.github.realtimeticket.Gate;
import io.github.realtimeticket.TicketStore;
import io.github.realtimeticket.fixtures.StoreWithRedis;
import io.github.realtimeticket.redis.RedisTicketStore;
import io.github.realtimeticket.testkit.GateContract;
import java.io.IOException;
import java.util.Optional;
import java.util.function.LongSupplier;
import org.junit.jupiter.api.Nested;

class MicronautGateContractTest {

    @Nested
    class InMemory extends GateContract {
        @Override
        protected RunningServer serve(Gate gate) {
            return MicronautServer.with(gate);
        }

        @Override
        protected Optional<String> username(String message) {
            return Optional.of(message.substring("Hello ".length()));
        }
    }

    @Nested
    class WithTicketsInRedis extends InMemory {
        @Override
        protected TicketStore store(LongSupplier unused) throws IOException {
            return new StoreWithRedis(
                    uri -> RedisTicketStore.builder(uri).timeout(PATIENCE).build());
        }
    }
}
