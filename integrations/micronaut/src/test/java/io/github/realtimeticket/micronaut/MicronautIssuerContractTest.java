// SPDX-License-Identifier: Apache-2.0
package io.github.realtimeticket.micronaut;

import io.github.realtimeticket.Issuer;
import io.github.realtimeticket.TicketStore;
import io.github.realtimeticket.Tickets;
import io.github.realtimeticket.fixtures.Redis;
import io.github.realtimeticket.fixtures.WebIssuer;
import io.github.realtimeticket.redis.RedisTicketStore;
import io.github.realtimeticket.testkit.IssuerContract;
import java.io.IOException;
import java.time.Duration;
import java.util.Map;
import java.util.Set;
import java.util.function.LongSupplier;
import org.junit.jupiter.api.AutoClose;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Nested;

class MicronautIssuerContractTest {

    @AutoClose
    private static Redis redis;

    @BeforeAll
    static void start() throws IOException {
        redis = new Redis();
    }

    @Nested
    class InMemory extends IssuerContract {
        @Override
        protected RunningIssuer serve(TicketStore store, Set<String> allowedOrigins) {
            return start(store, allowedOrigins);
        }
    }

    @Nested
    class WithTicketsInRedis extends InMemory {
        @Override
        protected TicketStore store(LongSupplier unused) {
            return RedisTicketStore.builder(redis.uri())
                    .timeout(Duration.ofSeconds(10))
                    .build();
        }
    }

    static IssuerContract.RunningIssuer start(TicketStore store, Set<String> allowedOrigins) {
        Issuer issuer =
                Issuer.builder(Tickets.of(store)).allowedOrigins(allowedOrigins).build();
        MicronautServer server = MicronautServer.set(Map.of("site", true, "sockets", "none"), issuer);
        return new WebIssuer(server.uri("http", "/ticket/"), server::login, server::close);
    }
}
