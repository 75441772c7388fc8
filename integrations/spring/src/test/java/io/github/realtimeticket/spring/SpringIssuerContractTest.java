// SPDX-License-Identifier: Apache-2.0
package io.github.realtimeticket.spring;

import static io.github.realtimeticket.fixtures.StoreWithRedis.PATIENCE;

import io.github.realtimeticket.Issuer;
import io.github.realtimeticket.TicketStore;
import io.github.realtimeticket.fixtures.Application;
import io.github.realtimeticket.fixtures.StoreWithRedis;
import io.github.realtimeticket.fixtures.WebIssuer;
import io.github.realtimeticket.redis.RedisTicketStore;
import io.github.realtimeticket.testkit.IssuerContract;
import java.io.IOException;
import java.util.Map;
import java.util.function.LongSupplier;
import org.junit.jupiter.api.Nested;

/** An application with a login form keeps the contract of an issuer. */
class SpringIssuerContractTest {

    @Nested
    class InMemory extends IssuerContract {
        @Override
        protected RunningIssuer serve(Issuer issuer) {
            Application application = Application.start(SmallApplication.class, Map.of("allowing", issuer));
            return new WebIssuer(application.uri("http", "/ticket/"), application::close);
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
