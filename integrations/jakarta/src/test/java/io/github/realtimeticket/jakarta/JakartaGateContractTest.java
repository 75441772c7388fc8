// SPDX-License-Identifier: Apache-2.0
package io.github.realtimeticket.jakarta;

import io.github.realtimeticket.Gate;
import io.github.realtimeticket.Issuer;
import io.github.realtimeticket.TicketStore;
import io.github.realtimeticket.Tickets;
import io.github.realtimeticket.fixtures.Redis;
import io.github.realtimeticket.redis.RedisTicketStore;
import io.github.realtimeticket.testkit.GateContract;
import java.io.IOException;
import java.time.Duration;
import java.util.function.LongSupplier;
import org.junit.jupiter.api.AutoClose;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Nested;

/** Jakarta WebSockets and servlets keep the contract of a gate, in every container. */
class JakartaGateContractTest {

    @AutoClose
    private static Redis redis;

    @BeforeAll
    static void start() throws IOException {
        redis = new Redis();
    }

    @Nested
    class AWebSocketInTomcat extends Served {
        AWebSocketInTomcat() {
            super(Container.TOMCAT, "ws", "/realtime/socket");
        }
    }

    @Nested
    class AnAsynchronousServletInTomcat extends Served {
        AnAsynchronousServletInTomcat() {
            super(Container.TOMCAT, "http", "/realtime/plain");
        }
    }

    @Nested
    class AWebSocketInJetty extends Served {
        AWebSocketInJetty() {
            super(Container.JETTY, "ws", "/realtime/socket");
        }
    }

    @Nested
    class AnAsynchronousServletInJetty extends Served {
        AnAsynchronousServletInJetty() {
            super(Container.JETTY, "http", "/realtime/plain");
        }
    }

    @Nested
    class AWebSocketInUndertow extends Served {
        AWebSocketInUndertow() {
            super(Container.UNDERTOW, "ws", "/realtime/socket");
        }
    }

    @Nested
    class AnAsynchronousServletInUndertow extends Served {
        AnAsynchronousServletInUndertow() {
            super(Container.UNDERTOW, "http", "/realtime/plain");
        }
    }

    @Nested
    class InTomcatWithTicketsInRedis extends AWebSocketInTomcat {
        @Override
        protected TicketStore store(LongSupplier unused) {
            return inRedis();
        }
    }

    @Nested
    class InJettyWithTicketsInRedis extends AWebSocketInJetty {
        @Override
        protected TicketStore store(LongSupplier unused) {
            return inRedis();
        }
    }

    @Nested
    class InUndertowWithTicketsInRedis extends AWebSocketInUndertow {
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

    abstract static class Served extends GateContract {

        private final Container container;
        private final String scheme;
        private final String path;

        Served(Container container, String scheme, String path) {
            this.container = container;
            this.scheme = scheme;
            this.path = path;
        }

        @Override
        protected RunningServer serve(Gate gate) throws Exception {
            Issuer unused = Issuer.of(Tickets.of(TicketStore.inMemory()));
            Container.Running running = container.start(new Site(gate, unused));
            return RunningServer.of(() -> running.uri(scheme, path), running::close);
        }
    }
}
