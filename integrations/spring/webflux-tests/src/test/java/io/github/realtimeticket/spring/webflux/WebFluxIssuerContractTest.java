// SPDX-License-Identifier: Apache-2.0
package io.github.realtimeticket.spring.webflux;

import io.github.realtimeticket.Issuer;
import io.github.realtimeticket.TicketStore;
import io.github.realtimeticket.Tickets;
import io.github.realtimeticket.fixtures.Application;
import io.github.realtimeticket.fixtures.WebIssuer;
import io.github.realtimeticket.testkit.IssuerContract;
import java.util.Map;
import java.util.Set;

/** A reactive application with a login form keeps the contract of an issuer. */
class WebFluxIssuerContractTest extends IssuerContract {

    @Override
    protected RunningIssuer serve(TicketStore store, Set<String> allowedOrigins) {
        Issuer issuer =
                Issuer.builder(Tickets.of(store)).allowedOrigins(allowedOrigins).build();
        return WebIssuer.of(Application.start(SmallApplication.class, Map.of("issuer", issuer)));
    }
}
