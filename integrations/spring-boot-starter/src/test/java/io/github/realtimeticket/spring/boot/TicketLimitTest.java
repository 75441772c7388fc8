// SPDX-License-Identifier: Apache-2.0
package io.github.realtimeticket.spring.boot;

import static io.github.realtimeticket.spring.boot.TicketEndpointTest.assertError;
import static org.assertj.core.api.Assertions.assertThat;

import io.github.realtimeticket.fixtures.Application;
import io.github.realtimeticket.fixtures.WebUser;
import java.net.http.HttpResponse;
import org.junit.jupiter.api.Test;
import org.springframework.boot.SpringBootConfiguration;
import org.springframework.boot.autoconfigure.EnableAutoConfiguration;
import org.springframework.context.annotation.Bean;
import org.springframework.security.core.userdetails.User;
import org.springframework.security.core.userdetails.UserDetailsService;
import org.springframework.security.provisioning.InMemoryUserDetailsManager;

/** One user cannot use up what others need. */
class TicketLimitTest {

    @SpringBootConfiguration
    @EnableAutoConfiguration
    static class TwoUsers {

        @Bean
        UserDetailsService users() {
            return new InMemoryUserDetailsManager(
                    User.withUsername("alice").password("{noop}ticket").build(),
                    User.withUsername("bob").password("{noop}ticket").build());
        }
    }

    @Test
    void t18_aUserWhoAsksForTooManyIsToldWhenToComeBackAndOthersAreServed() throws Exception {
        try (var application = Application.start(TwoUsers.class, "realtime-ticket.limit.per-second=0.1")) {
            WebUser alice = application.user().logsIn("alice", "ticket");
            WebUser bob = application.user().logsIn("bob", "ticket");
            for (int i = 0; i < 30; i++) {
                assertThat(bob.post("/ticket/").statusCode()).isEqualTo(200);
            }

            HttpResponse<String> refused = bob.post("/ticket/");

            assertError(refused, 429, "too many requests");
            assertThat(refused.headers().firstValueAsLong("Retry-After").orElseThrow())
                    .isBetween(1L, 10L);
            assertThat(alice.post("/ticket/").statusCode()).isEqualTo(200);
        }
    }

    @Test
    void thereIsNoLimitWhereItIsSwitchedOff() throws Exception {
        try (var application = Application.start(TwoUsers.class, "realtime-ticket.limit.enabled=false")) {
            WebUser bob = application.user().logsIn("bob", "ticket");

            for (int i = 0; i < 50; i++) {
                assertThat(bob.post("/ticket/").statusCode()).isEqualTo(200);
            }
        }
    }
}
