// SPDX-License-Identifier: Apache-2.0
package io.github.realtimeticket.spring.webflux;

import io.github.realtimeticket.Issuer;
import io.github.realtimeticket.TicketStore;
import io.github.realtimeticket.Tickets;
import io.github.realtimeticket.fixtures.Application;
import io.github.realtimeticket.fixtures.WebUser;
import io.github.realtimeticket.testkit.IssuerContract;
import java.net.URI;
import java.util.List;
import java.util.Map;
import java.util.Set;

/** A reactive application with a login form keeps the contract of an issuer. */
class WebFluxIssuerContractTest extends IssuerContract {

    @Override
    protected RunningIssuer serve(TicketStore store, Set<String> allowedOrigins) {
        Issuer issuer =
                Issuer.builder(Tickets.of(store)).allowedOrigins(allowedOrigins).build();
        return new Served(Application.start(SmallApplication.class, Map.of("issuer", issuer)));
    }

    private record Served(Application application) implements RunningIssuer {

        @Override
        public URI uri() {
            return application.uri("http", "/ticket/");
        }

        @Override
        public Login login(String username) throws Exception {
            WebUser user = application.user().logsIn(username, "ticket");
            List<String> session = user.cookies().stream()
                    .map(cookie -> "Cookie: " + cookie.getName() + "=" + cookie.getValue())
                    .toList();
            return new Login(session, List.of("X-CSRF-TOKEN: " + user.csrf()));
        }

        @Override
        public void close() {
            application.close();
        }
    }
}
