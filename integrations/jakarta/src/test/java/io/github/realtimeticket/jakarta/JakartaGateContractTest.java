// SPDX-License-Identifier: Apache-2.0
package io.github.realtimeticket.jakarta;

import io.github.realtimeticket.Gate;
import io.github.realtimeticket.Issuer;
import io.github.realtimeticket.TicketStore;
import io.github.realtimeticket.Tickets;
import io.github.realtimeticket.testkit.GateContract;
import java.net.URI;
import org.junit.jupiter.api.Nested;

/** Jakarta WebSockets and servlets keep the contract of a gate, in every container. */
class JakartaGateContractTest {

    @Nested
    class AWebSocketInTomcat extends GateContract {
        @Override
        protected RunningServer serve(Gate gate) throws Exception {
            return start(Container.TOMCAT, gate, "ws", "/realtime/socket");
        }
    }

    @Nested
    class AnAsynchronousServletInTomcat extends GateContract {
        @Override
        protected RunningServer serve(Gate gate) throws Exception {
            return start(Container.TOMCAT, gate, "http", "/realtime/plain");
        }
    }

    @Nested
    class AWebSocketInJetty extends GateContract {
        @Override
        protected RunningServer serve(Gate gate) throws Exception {
            return start(Container.JETTY, gate, "ws", "/realtime/socket");
        }
    }

    @Nested
    class AnAsynchronousServletInJetty extends GateContract {
        @Override
        protected RunningServer serve(Gate gate) throws Exception {
            return start(Container.JETTY, gate, "http", "/realtime/plain");
        }
    }

    @Nested
    class AWebSocketInUndertow extends GateContract {
        @Override
        protected RunningServer serve(Gate gate) throws Exception {
            return start(Container.UNDERTOW, gate, "ws", "/realtime/socket");
        }
    }

    @Nested
    class AnAsynchronousServletInUndertow extends GateContract {
        @Override
        protected RunningServer serve(Gate gate) throws Exception {
            return start(Container.UNDERTOW, gate, "http", "/realtime/plain");
        }
    }

    private static GateContract.RunningServer start(Container container, Gate gate, String scheme, String path)
            throws Exception {
        Issuer unused = Issuer.of(Tickets.of(TicketStore.inMemory()));
        Container.Running running = container.start(new Site(gate, unused));
        return new GateContract.RunningServer() {
            @Override
            public URI uri() {
                return running.uri(scheme, path);
            }

            @Override
            public void close() {
                running.close();
            }
        };
    }
}
