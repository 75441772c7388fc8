// SPDX-License-Identifier: Apache-2.0
package io.github.realtimeticket.quarkus;

import io.github.realtimeticket.Issuer;
import io.github.realtimeticket.TicketStore;
import io.github.realtimeticket.Tickets;
import io.github.realtimeticket.fixtures.Redis;
import io.github.realtimeticket.fixtures.WebIssuer;
import io.github.realtimeticket.fixtures.WebUser;
import io.github.realtimeticket.testkit.IssuerContract;
import io.quarkus.test.common.http.TestHTTPResource;
import io.quarkus.test.junit.QuarkusTest;
import java.io.IOException;
import java.net.URI;
import java.util.Set;
import java.util.function.LongSupplier;
import org.junit.jupiter.api.AutoClose;
import org.junit.jupiter.api.Test;

/** Quarkus keeps the contract of an issuer. */
@QuarkusTest
class QuarkusIssuerContractTest {

    private static URI site;

    @TestHTTPResource
    URI address;

    @Test
    void theContractOfAnIssuerIsKept() {
        site = address;

        Contracts.assertKept(InMemory.class);
    }

    @Test
    void theContractOfAnIssuerIsKeptWithTicketsInRedis() {
        site = address;

        Contracts.assertKept(InRedis.class);
    }

    static class InMemory extends IssuerContract {

        @Override
        protected RunningIssuer serve(TicketStore store, Set<String> allowedOrigins) {
            return start(store, allowedOrigins, site);
        }
    }

    static class InRedis extends InMemory {

        @AutoClose
        private static Redis redis;

        @Override
        protected TicketStore store(LongSupplier unused) throws IOException {
            redis = new Redis();
            return Site.patient(redis.uri());
        }
    }

    static IssuerContract.RunningIssuer start(TicketStore store, Set<String> allowedOrigins, URI site) {
        Issuer issuer =
                Issuer.builder(Tickets.of(store)).allowedOrigins(allowedOrigins).build();
        String root = "http://127.0.0.1:" + site.getPort();
        return new WebIssuer(
                ChosenIssuer.addressOf(issuer, site),
                username -> new WebUser(root).logsIn(username, "ticket"),
                () -> {});
    }
}
