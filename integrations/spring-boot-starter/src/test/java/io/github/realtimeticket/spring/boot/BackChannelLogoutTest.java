// SPDX-License-Identifier: Apache-2.0
package io.github.realtimeticket.spring.boot;

import static org.assertj.core.api.Assertions.assertThat;

import io.github.realtimeticket.fixtures.Application;
import io.github.realtimeticket.fixtures.Connection;
import io.github.realtimeticket.fixtures.IdentityProvider;
import io.github.realtimeticket.fixtures.WebUser;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Import;
import org.springframework.security.config.Customizer;
import org.springframework.security.config.annotation.web.builders.HttpSecurity;
import org.springframework.security.oauth2.client.oidc.session.InMemoryOidcSessionRegistry;
import org.springframework.security.oauth2.client.oidc.session.OidcSessionRegistry;
import org.springframework.security.oauth2.client.registration.InMemoryClientRegistrationRepository;

/** An identity provider that tells the application of a logout. */
class BackChannelLogoutTest {

    @Import(LoginSite.class)
    static class WithAnIdentityProvider {

        @Bean
        OidcSessionRegistry oidcSessions() {
            return new InMemoryOidcSessionRegistry();
        }

        @Bean
        Customizer<HttpSecurity> backChannelLogout() {
            return http -> http.oidcLogout(logout -> logout.backChannel(Customizer.withDefaults()));
        }
    }

    @Test
    void theConnectionsOfTheSessionThatItEndsAreClosed() throws Exception {
        try (var provider = new IdentityProvider();
                var application = Application.start(
                        WithAnIdentityProvider.class,
                        Map.of("clients", new InMemoryClientRegistrationRepository(provider.client())),
                        "realtime-ticket.gate.paths=/realtime/**")) {
            WebUser alice = application.user().logsIn("alice", "ticket");
            application.bean(OidcSessionRegistry.class).saveSessionInformation(provider.session(alice, "JSESSIONID"));
            try (Connection open =
                    Connection.open(application.uri("ws", "/realtime/socket?ticket=" + alice.ticket()))) {
                assertThat(provider.tellsOfALogout(application)).isEqualTo(200);

                assertThat(open.closeCode()).isEqualTo(3000);
                assertThat(alice.post("/ticket/").statusCode()).isEqualTo(401);
            }
        }
    }
}
