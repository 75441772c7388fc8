// SPDX-License-Identifier: Apache-2.0
package io.github.realtimeticket.vertx;

import io.github.realtimeticket.Gate;
import io.github.realtimeticket.Issuer;
import io.github.realtimeticket.Revocations;
import io.github.realtimeticket.TicketStore;
import io.github.realtimeticket.Tickets;
import io.github.realtimeticket.fixtures.Redis;
import io.github.realtimeticket.fixtures.WebIssuer;
import io.github.realtimeticket.fixtures.WebUser;
import io.github.realtimeticket.redis.RedisTicketStore;
import io.github.realtimeticket.testkit.IssuerContract;
import java.io.IOException;
import java.net.URI;
import java.time.Duration;
import java.util.Set;
import java.util.function.LongSupplier;
import org.junit.jupiter.api.AutoClose;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Nested;

/** The handler keeps the contract of an issuer, in an application whose users log in by a session. */
class VertxIssuerContractTest {

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
            Tickets tickets = Tickets.of(store);
            Issuer issuer =
                    Issuer.builder(tickets).allowedOrigins(allowedOrigins).build();
            var server =
                    new GatedServer(vertx -> Hello.router(vertx, issuer, Gate.of(tickets), Revocations.inMemory()));
            String root = "http://127.0.0.1:" + server.port;
            return new WebIssuer(
                    URI.create(root + "/ticket/"),
                    username -> new WebUser(root).logsIn(username, "none"),
                    server::close);
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
}
