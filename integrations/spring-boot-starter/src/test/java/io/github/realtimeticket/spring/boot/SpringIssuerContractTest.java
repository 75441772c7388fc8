// SPDX-License-Identifier: Apache-2.0
package io.github.realtimeticket.spring.boot;

import io.github.realtimeticket.TicketStore;
import io.github.realtimeticket.fixtures.Application;
import io.github.realtimeticket.fixtures.WebUser;
import io.github.realtimeticket.testkit.IssuerContract;
import java.net.URI;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.springframework.boot.SpringBootConfiguration;
import org.springframework.boot.autoconfigure.EnableAutoConfiguration;
import org.springframework.context.annotation.Bean;
import org.springframework.security.core.userdetails.User;
import org.springframework.security.core.userdetails.UserDetailsService;

/** A Boot application with a login form keeps the contract of an issuer, with no setting but the store and allowed origins. */
class SpringIssuerContractTest extends IssuerContract {

    @SpringBootConfiguration
    @EnableAutoConfiguration
    static class Anybody {

        @Bean
        UserDetailsService users() {
            return username ->
                    User.withUsername(username).password("{noop}ticket").build();
        }
    }

    @Override
    protected RunningIssuer serve(TicketStore store, Set<String> allowedOrigins) {
        return new Served(Application.start(
                Anybody.class,
                Map.of("store", store),
                "realtime-ticket.allowed-origins=" + String.join(",", allowedOrigins)));
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
