// SPDX-License-Identifier: Apache-2.0
package io.github.realtimeticket.quarkus;

import io.github.realtimeticket.Issuer;
import io.github.realtimeticket.TicketStore;
import io.github.realtimeticket.fixtures.StoreWithRedis;
import io.github.realtimeticket.fixtures.WebIssuer;
import io.github.realtimeticket.testkit.IssuerContract;
import io.quarkus.test.common.http.TestHTTPResource;
import io.quarkus.test.junit.QuarkusTest;
import java.io.IOException;
import java.net.URI;
import java.util.function.LongSupplier;
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
        protected RunningIssuer serve(Issuer issuer) {
            return start(issuer, site);
        }
    }

    static class InRedis extends InMemory {
        @Override
        protected TicketStore store(LongSupplier unused) throws IOException {
            return new StoreWithRedis(Site::patient);
        }
    }

    static IssuerContract.RunningIssuer start(Issuer issuer, URI site) {
        return new WebIssuer(ChosenIssuer.addressOf(issuer, site), () -> {});
    }
}
