// SPDX-License-Identifier: Apache-2.0
package io.github.realtimeticket.spring.webflux;

import static io.github.realtimeticket.spring.webflux.TicketAuthenticationCustomizer.ticketAuthentication;
import static org.assertj.core.api.Assertions.assertThat;
import static org.springframework.security.web.server.util.matcher.ServerWebExchangeMatchers.pathMatchers;

import io.github.realtimeticket.Gate;
import io.github.realtimeticket.TicketGrant;
import io.github.realtimeticket.TicketHolder;
import io.github.realtimeticket.fixtures.Application;
import io.github.realtimeticket.fixtures.WebUser;
import io.github.realtimeticket.spring.security.TicketAuthentication;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Import;
import org.springframework.core.annotation.Order;
import org.springframework.security.config.Customizer;
import org.springframework.security.config.web.server.ServerHttpSecurity;
import org.springframework.security.web.server.SecurityWebFilterChain;
import org.springframework.web.bind.annotation.GetMapping;
import org.springframework.web.bind.annotation.RestController;
import reactor.core.publisher.Mono;

/** The beans that docs/webflux.md shows. */
class OwnBeansExampleTest {

    record Account(long id) {}

    static class Accounts {

        Mono<Long> idOf(String name) {
            return Mono.just((long) name.length());
        }

        Mono<Account> load(Object id) {
            return Mono.just(new Account((Long) id));
        }
    }

    @Import({SmallApplication.class, Accounts.class})
    @RestController
    static class WithAccounts {

        @Bean
        ReactiveTicketGrants ticketGrants(Accounts accounts) {
            return (user, exchange) ->
                    accounts.idOf(user.getName()).map(id -> TicketGrant.to(TicketHolder.of(id, user.getName())));
        }

        @Bean
        ReactiveTicketAuthenticationConverter ticketUsers(Accounts accounts) {
            return admitted -> accounts.load(admitted.holder().id())
                    .map(account -> TicketAuthentication.of(admitted, account, List.of()));
        }

        @Bean
        @Order(1)
        SecurityWebFilterChain feed(ServerHttpSecurity http, Gate gate) {
            ticketAuthentication(gate).customize(http);
            return http.securityMatcher(pathMatchers("/feed/**"))
                    .authorizeExchange(exchanges -> exchanges.anyExchange().authenticated())
                    .build();
        }

        @Bean
        SecurityWebFilterChain pages(ServerHttpSecurity http) {
            return http.authorizeExchange(exchanges -> exchanges.anyExchange().authenticated())
                    .formLogin(Customizer.withDefaults())
                    .build();
        }

        @GetMapping({"/realtime/account", "/feed/account"})
        String account(TicketAuthentication user) {
            return user.getName() + " is " + user.getPrincipal();
        }
    }

    @Test
    void aTicketIsForTheApplicationsOwnAccount() throws Exception {
        try (var application = Application.start(WithAccounts.class, SmallApplication.PATHS)) {
            WebUser alice = application.user().logsIn("alice", "ticket");

            assertThat(application
                            .user()
                            .get("/realtime/account?ticket=" + alice.ticket())
                            .body())
                    .isEqualTo("alice is Account[id=5]");
            assertThat(application
                            .user()
                            .get("/feed/account?ticket=" + alice.ticket())
                            .body())
                    .startsWith("alice is TicketHolder");
        }
    }
}
