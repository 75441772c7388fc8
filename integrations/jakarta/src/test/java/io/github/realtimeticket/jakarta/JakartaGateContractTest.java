// SPDX-License-Identifier: Apache-2.0
package io.github.realtimeticket.jakarta;

import static io.github.realtimeticket.fixtures.StoreWithRedis.PATIENCE;

import io.github.realtimeticket.Gate;
import io.github.realtimeticket.Issuer;
import io.github.realtimeticket.TicketStore;
import io.github.realtimeticket.Tickets;
import io.github.realtimeticket.fixtures.StoreWithRedis;
import io.github.realtimeticket.redis.RedisTicketStore;
import io.github.realtimeticket.testkit.GateContract;
import java.io.IOException;
import java.util.function.LongSupplier;
import org.junit.jupiter.api.Nested;

/** Jakarta WebSockets and servlets keep the contract of a gate, in every container. */
class JakartaGateContractTest {

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
    class InTomcatWithTicketsInRedis extends ServedInRedis {
        InTomcatWithTicketsInRedis() {
            super(Container.TOMCAT);
        }
    }

    @Nested
    class InJettyWithTicketsInRedis extends ServedInRedis {
        InJettyWithTicketsInRedis() {
            super(Container.JETTY);
        }
    }

    @Nested
    class InUndertowWithTicketsInRedis extends ServedInRedis {
        InUndertowWithTicketsInRedis() {
            super(Container.UNDERTOW);
        }
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

        TicketFilter filter(Gate gate) {
            return scheme.equals("ws") ? TicketFilter.webSockets(gate) : TicketFilter.of(gate);
        }

        @Override
        protected RunningServer serve(Gate gate) throws Exception {
            Issuer unused = Issuer.of(Tickets.of(TicketStore.inMemory()));
            Container.Running running = container.start(new Site(gate, unused) {
                @Override
                TicketFilter filter() {
                    return Served.this.filter(gate);
                }
            });
            return RunningServer.of(() -> running.uri(scheme, path), running::close);
        }
    }

    abstract static class ServedInRedis extends Served {

        ServedInRedis(Container container) {
            super(container, "ws", "/realtime/socket");
        }

        // For paths that have WebSockets among others.
        @Override
        TicketFilter filter(Gate gate) {
            return TicketFilter.of(gate);
        }

        @Override
        protected TicketStore store(LongSupplier unused) throws IOException {
            return new StoreWithRedis(
                    uri -> RedisTicketStore.builder(uri).timeout(PATIENCE).build());
        }
    }
}
