// SPDX-License-Identifier: Apache-2.0
package io.github.realtimeticket.spring.boot;

import static org.assertj.core.api.Assertions.assertThat;

import io.github.realtimeticket.Gate;
import io.github.realtimeticket.Revocation;
import io.github.realtimeticket.TicketGrant;
import io.github.realtimeticket.fixtures.Application;
import io.github.realtimeticket.fixtures.Connection;
import io.github.realtimeticket.spring.login.ReactiveLoginGrants;
import io.github.realtimeticket.spring.webflux.ReactiveTicketGrants;
import java.net.URL;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.springframework.mock.http.server.reactive.MockServerHttpRequest;
import org.springframework.mock.web.server.MockServerWebExchange;
import org.springframework.security.core.Authentication;
import org.springframework.security.oauth2.core.DefaultOAuth2AuthenticatedPrincipal;
import org.springframework.security.oauth2.core.OAuth2AccessToken;
import org.springframework.security.oauth2.jwt.Jwt;
import org.springframework.security.oauth2.server.resource.authentication.BearerTokenAuthentication;
import org.springframework.security.oauth2.server.resource.authentication.JwtAuthenticationToken;

/** Connections outlive the bearer token where that is set. */
class OutlivedTokenTest {

    @Test
    void aTokensEndIsNoDeadlineAndAnExpiredOneThatItsServerAllowsGetsATicket() throws Exception {
        try (var application = Application.start(
                LoginSite.class,
                "realtime-ticket.gate.paths=/realtime/**",
                "realtime-ticket.connection.ends-with-token=false")) {
            for (Duration left : new Duration[] {Duration.ofHours(1), Duration.ofSeconds(-20)}) {
                String token = LoginSite.token("dave", "s-1", Instant.now().plus(left));
                String ticket = application.user().ticket("Authorization", "Bearer " + token);

                try (Connection open = Connection.open(application.uri("ws", "/realtime/socket?ticket=" + ticket))) {
                    open.send("still here");
                    assertThat(open.next()).isEqualTo("still here");
                    assertThat(application.bean(Gate.class).connections().stream())
                            .allSatisfy(connection -> {
                                assertThat(connection.until()).isNull();
                                assertThat(connection.session()).isNotNull();
                            })
                            .isNotEmpty();
                }
            }
        }
    }

    @Test
    void soItIsInAReactiveApplication() {
        Instant end = Instant.now().plus(Duration.ofHours(1));

        assertThat(untilInWebFlux(end, true)).isEqualTo(end);
        assertThat(untilInWebFlux(end, false)).isNull();
    }

    @Test
    void aTokenThatIsIntrospectedHasItsEndAndItsSessionToo() throws Exception {
        Instant end = Instant.now().plus(Duration.ofHours(1));
        var user = new DefaultOAuth2AuthenticatedPrincipal(
                "dave", Map.of("iss", new URL("https://idp.example"), "sid", "s-1"), List.of());
        var token = new OAuth2AccessToken(OAuth2AccessToken.TokenType.BEARER, "token", Instant.EPOCH, end);

        TicketGrant.Granted granted = inWebFlux(new BearerTokenAuthentication(user, token, List.of()), true);

        assertThat(granted.until()).isEqualTo(end);
        assertThat(granted.session())
                .isEqualTo(Revocation.session("https://idp.example", "s-1").id());
    }

    private static @Nullable Instant untilInWebFlux(Instant end, boolean endingWithTokens) {
        Jwt token = Jwt.withTokenValue("token")
                .header("alg", "HS256")
                .subject("dave")
                .expiresAt(end)
                .build();
        return inWebFlux(new JwtAuthenticationToken(token), endingWithTokens).until();
    }

    private static TicketGrant.Granted inWebFlux(Authentication user, boolean endingWithTokens) {
        TicketGrant grant = ReactiveLoginGrants.bound(ReactiveTicketGrants.byName(), true, endingWithTokens)
                .grant(user, MockServerWebExchange.from(MockServerHttpRequest.post("/ticket/")))
                .block();
        return (TicketGrant.Granted) grant;
    }
}
