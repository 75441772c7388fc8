// SPDX-License-Identifier: Apache-2.0
package io.github.realtimeticket.vertx;

import static io.github.realtimeticket.fixtures.StoreWithRedis.PATIENCE;

import io.github.realtimeticket.Gate;
import io.github.realtimeticket.Issuer;
import io.github.realtimeticket.Revocations;
import io.github.realtimeticket.TicketStore;
import io.github.realtimeticket.fixtures.StoreWithRedis;
import io.github.realtimeticket.fixtures.WebIssuer;
import io.github.realtimeticket.redis.RedisTicketStore;
import io.github.realtimeticket.testkit.IssuerContract;
import java.io.IOException;
import java.net.URI;
import java.util.function.LongSupplier;
import org.junit.jupiter.api.Nested;

/** The handler keeps the contract of an issuer, in an application whose users log in by a session. */
class VertxIssuerContractTest {

    @Nested
    class InMemory extends IssuerContract {
        @Override
        protected RunningIssuer serve(Issuer issuer) {
            Gate gate = Gate.of(TicketStore.inMemory());
            var server = new GatedServer(vertx -> Hello.router(vertx, issuer, gate, Revocations.inMemory()));
            return new WebIssuer(URI.create("http://127.0.0.1:" + server.port + "/ticket/"), server::close);
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
