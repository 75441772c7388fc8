// SPDX-License-Identifier: Apache-2.0
package io.github.realtimeticket.micronaut;

import static io.github.realtimeticket.fixtures.StoreWithRedis.PATIENCE;

import io.github.realtimeticket.Issuer;
import io.github.realtimeticket.TicketStore;
import io.github.realtimeticket.fixtures.StoreWithRedis;
import io.github.realtimeticket.fixtures.WebIssuer;
import io.github.realtimeticket.redis.RedisTicketStore;
import io.github.realtimeticket.testkit.IssuerContract;
import java.io.IOException;
import java.util.Map;
import java.util.function.LongSupplier;
import org.junit.jupiter.api.Nested;

class MicronautIssuerContractTest {

    @Nested
    class InMemory extends IssuerContract {
        @Override
        protected RunningIssuer serve(Issuer issuer) {
            return start(issuer);
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

    static IssuerContract.RunningIssuer start(Issuer issuer) {
        MicronautServer server = MicronautServer.set(Map.of("site", true, "sockets", "none"), issuer);
        return new WebIssuer(server.uri("http", "/ticket/"), server::close);
    }
}
