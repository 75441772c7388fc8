// SPDX-License-Identifier: Apache-2.0
package io.github.realtimeticket.jakarta;

import io.github.realtimeticket.Gate;
import io.github.realtimeticket.Issuer;
import io.github.realtimeticket.TicketStore;
import io.github.realtimeticket.Tickets;
import io.github.realtimeticket.fixtures.Redis;
import io.github.realtimeticket.fixtures.WebIssuer;
import io.github.realtimeticket.redis.RedisTicketStore;
import io.github.realtimeticket.testkit.IssuerContract;
import java.io.IOException;
import java.time.Duration;
import java.util.Set;
import java.util.function.LongSupplier;
import org.junit.jupiter.api.AutoClose;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Nested;

/** The servlet keeps the contract of an issuer, in every container. */
class JakartaIssuerContractTest {

    @AutoClose
    private static Redis redis;

    @BeforeAll
    static void startRedis() throws IOException {
        redis = new Redis();
    }

    @Nested
    class InTomcat extends IssuerContract {
        @Override
        protected RunningIssuer serve(TicketStore store, Set<String> allowedOrigins) throws Exception {
            return start(Container.TOMCAT, store, allowedOrigins);
        }
    }

    @Nested
    class InJetty extends IssuerContract {
        @Override
        protected RunningIssuer serve(TicketStore store, Set<String> allowedOrigins) throws Exception {
            return start(Container.JETTY, store, allowedOrigins);
        }
    }

    @Nested
    class InUndertow extends IssuerContract {
        @Override
        protected RunningIssuer serve(TicketStore store, Set<String> allowedOrigins) throws Exception {
            return start(Container.UNDERTOW, store, allowedOrigins);
        }
    }

    @Nested
    class InTomcatWithTicketsInRedis extends InTomcat {
        @Override
        protected TicketStore store(LongSupplier unused) {
            return inRedis();
        }
    }

    @Nested
    class InJettyWithTicketsInRedis extends InJetty {
        @Override
        protected TicketStore store(LongSupplier unused) {
            return inRedis();
        }
    }

    @Nested
    class InUndertowWithTicketsInRedis extends InUndertow {
        @Override
        protected TicketStore store(LongSupplier unused) {
            return inRedis();
        }
    }

    private static TicketStore inRedis() {
        return RedisTicketStore.builder(redis.uri())
                .timeout(Duration.ofSeconds(10))
                .build();
    }

    static IssuerContract.RunningIssuer start(Container container, TicketStore store, Set<String> allowedOrigins)
            throws Exception {
        Tickets tickets = Tickets.of(store);
        Issuer issuer = Issuer.builder(tickets).allowedOrigins(allowedOrigins).build();
        Container.Running running = container.start(new Site(Gate.of(tickets), issuer));
        return new WebIssuer(running.uri("http", "/ticket/"), running::login, running::close);
    }
}
