// SPDX-License-Identifier: Apache-2.0
package io.github.realtimeticket.spring.webflux;

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
import org.springframework.security.config.web.server.ServerHttpSecurity;
import org.springframework.security.oauth2.client.oidc.server.session.InMemoryReactiveOidcSessionRegistry;
import org.springframework.security.oauth2.client.oidc.server.session.ReactiveOidcSessionRegistry;
import org.springframework.security.oauth2.client.registration.InMemoryReactiveClientRegistrationRepository;

/** An identity provider that tells a reactive application of a logout. */
class BackChannelLogoutTest {

    @Import(SmallApplication.class)
    static class WithAnIdentityProvider {

        @Bean
        ReactiveOidcSessionRegistry oidcSessions() {
            return new InMemoryReactiveOidcSessionRegistry();
        }

        @Bean
        Customizer<ServerHttpSecurity> backChannelLogout() {
            return http -> http.oidcLogout(logout -> logout.backChannel(Customizer.withDefaults()));
        }
    }

    @Test
    void theConnectionsOfTheSessionThatItEndsAreClosed() throws Exception {
        try (var provider = new IdentityProvider();
                var application = Application.start(
                        WithAnIdentityProvider.class,
                        Map.of("clients", new InMemoryReactiveClientRegistrationRepository(provider.client())),
                        SmallApplication.PATHS)) {
            WebUser alice = application.user().logsIn("alice", "ticket");
            application
                    .bean(ReactiveOidcSessionRegistry.class)
                    .saveSessionInformation(provider.session(alice, "SESSION"))
                    .block();
            try (Connection open =
                    Connection.open(application.uri("ws", "/realtime/socket?ticket=" + alice.ticket()))) {
                assertThat(provider.tellsOfALogout(application)).isEqualTo(200);

                assertThat(open.closeCode()).isEqualTo(3000);
                assertThat(alice.post("/ticket/").statusCode()).isEqualTo(401);
            }
        }
    }
}
