// SPDX-License-Identifier: Apache-2.0
package io.github.realtimeticket.jakarta;

import static io.github.realtimeticket.fixtures.StoreWithRedis.PATIENCE;

import io.github.realtimeticket.Gate;
import io.github.realtimeticket.Issuer;
import io.github.realtimeticket.TicketStore;
import io.github.realtimeticket.fixtures.StoreWithRedis;
import io.github.realtimeticket.fixtures.WebIssuer;
import io.github.realtimeticket.redis.RedisTicketStore;
import io.github.realtimeticket.testkit.IssuerContract;
import java.io.IOException;
import java.util.function.LongSupplier;
import org.junit.jupiter.api.Nested;

/** The servlet keeps the contract of an issuer, in every container. */
class JakartaIssuerContractTest {

    @Nested
    class InTomcat extends Served {
        InTomcat() {
            super(Container.TOMCAT);
        }
    }

    @Nested
    class InJetty extends Served {
        InJetty() {
            super(Container.JETTY);
        }
    }

    @Nested
    class InUndertow extends Served {
        InUndertow() {
            super(Container.UNDERTOW);
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

    abstract static class Served extends IssuerContract {

        private final Container container;

        Served(Container container) {
            this.container = container;
        }

        @Override
        protected RunningIssuer serve(Issuer issuer) throws Exception {
            return start(container, issuer);
        }
    }

    abstract static class ServedInRedis extends Served {

        ServedInRedis(Container container) {
            super(container);
        }

        @Override
        protected TicketStore store(LongSupplier unused) throws IOException {
            return new StoreWithRedis(
                    uri -> RedisTicketStore.builder(uri).timeout(PATIENCE).build());
        }
    }

    static IssuerContract.RunningIssuer start(Container container, Issuer issuer) throws Exception {
        Container.Running running = container.start(new Site(Gate.of(TicketStore.inMemory()), issuer));
        return new WebIssuer(running.uri("http", "/ticket/"), running::close);
    }
}
