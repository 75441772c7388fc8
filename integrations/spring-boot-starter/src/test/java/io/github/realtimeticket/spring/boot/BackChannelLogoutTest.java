// SPDX-License-Identifier: Apache-2.0
package io.github.realtimeticket.spring.boot;

import static org.assertj.core.api.Assertions.assertThat;

import com.nimbusds.jose.jwk.JWKSet;
import com.nimbusds.jose.jwk.RSAKey;
import com.nimbusds.jose.jwk.gen.RSAKeyGenerator;
import com.nimbusds.jose.jwk.source.ImmutableJWKSet;
import com.sun.net.httpserver.HttpServer;
import io.github.realtimeticket.fixtures.Application;
import io.github.realtimeticket.fixtures.Connection;
import io.github.realtimeticket.fixtures.WebUser;
import java.net.HttpCookie;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.http.HttpRequest.BodyPublishers;
import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Import;
import org.springframework.security.config.Customizer;
import org.springframework.security.config.annotation.web.builders.HttpSecurity;
import org.springframework.security.oauth2.client.oidc.session.InMemoryOidcSessionRegistry;
import org.springframework.security.oauth2.client.oidc.session.OidcSessionInformation;
import org.springframework.security.oauth2.client.oidc.session.OidcSessionRegistry;
import org.springframework.security.oauth2.client.registration.ClientRegistration;
import org.springframework.security.oauth2.client.registration.ClientRegistrationRepository;
import org.springframework.security.oauth2.client.registration.InMemoryClientRegistrationRepository;
import org.springframework.security.oauth2.core.AuthorizationGrantType;
import org.springframework.security.oauth2.core.oidc.OidcIdToken;
import org.springframework.security.oauth2.core.oidc.user.DefaultOidcUser;
import org.springframework.security.oauth2.jose.jws.SignatureAlgorithm;
import org.springframework.security.oauth2.jwt.JwsHeader;
import org.springframework.security.oauth2.jwt.JwtClaimsSet;
import org.springframework.security.oauth2.jwt.JwtEncoderParameters;
import org.springframework.security.oauth2.jwt.NimbusJwtEncoder;

/** An identity provider that tells the application of a logout (OpenID Connect Back-Channel Logout 1.0). */
class BackChannelLogoutTest {

    private static final String ISSUER = "https://idp.example";

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
        RSAKey key = new RSAKeyGenerator(2048).keyID("k").generate();
        HttpServer provider = HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 0);
        byte[] keys = new JWKSet(key.toPublicJWK()).toString().getBytes(StandardCharsets.UTF_8);
        provider.createContext("/keys", exchange -> {
            exchange.sendResponseHeaders(200, keys.length);
            try (exchange) {
                exchange.getResponseBody().write(keys);
            }
        });
        provider.start();
        String address = "http://127.0.0.1:" + provider.getAddress().getPort();
        ClientRegistrationRepository clients =
                new InMemoryClientRegistrationRepository(ClientRegistration.withRegistrationId("idp")
                        .clientId("app")
                        .authorizationGrantType(AuthorizationGrantType.AUTHORIZATION_CODE)
                        .redirectUri("{baseUrl}/login/oauth2/code/idp")
                        .authorizationUri(address + "/authorize")
                        .tokenUri(address + "/token")
                        .jwkSetUri(address + "/keys")
                        .issuerUri(ISSUER)
                        .build());
        try (var application = Application.start(
                WithAnIdentityProvider.class, Map.of("clients", clients), "realtime-ticket.gate.paths=/realtime/**")) {
            WebUser alice = application.user().logsIn("alice", "ticket");
            application.bean(OidcSessionRegistry.class).saveSessionInformation(session(alice));
            try (Connection open =
                    Connection.open(application.uri("ws", "/realtime/socket?ticket=" + alice.ticket()))) {
                WebUser told = application.user();

                int status = told.send(told.request(
                                        "/logout/connect/back-channel/idp",
                                        "Content-Type",
                                        "application/x-www-form-urlencoded")
                                .POST(BodyPublishers.ofString("logout_token=" + logoutToken(key))))
                        .statusCode();

                assertThat(status).isEqualTo(200);
                assertThat(open.closeCode()).isEqualTo(3000);
                assertThat(alice.post("/ticket/").statusCode()).isEqualTo(401);
            }
        } finally {
            provider.stop(0);
        }
    }

    /** What Spring Security notes at a login by OpenID Connect. */
    private static OidcSessionInformation session(WebUser user) {
        String id = user.cookies().stream()
                .filter(cookie -> cookie.getName().equals("JSESSIONID"))
                .map(HttpCookie::getValue)
                .findFirst()
                .orElseThrow();
        OidcIdToken token = OidcIdToken.withTokenValue("token")
                .issuer(ISSUER)
                .subject("alice")
                .audience(List.of("app"))
                .claim("sid", "at-the-provider")
                .build();
        return new OidcSessionInformation(id, Map.of(), new DefaultOidcUser(List.of(), token));
    }

    private static String logoutToken(RSAKey key) throws Exception {
        Instant now = Instant.now();
        JwtClaimsSet claims = JwtClaimsSet.builder()
                .issuer(ISSUER)
                .subject("alice")
                .audience(List.of("app"))
                .issuedAt(now)
                .expiresAt(now.plusSeconds(120))
                .id("a-logout")
                .claim("sid", "at-the-provider")
                .claim("events", Map.of("http://schemas.openid.net/event/backchannel-logout", Map.of()))
                .build();
        JwsHeader header =
                JwsHeader.with(SignatureAlgorithm.RS256).type("logout+jwt").build();
        return new NimbusJwtEncoder(new ImmutableJWKSet<>(new JWKSet(key)))
                .encode(JwtEncoderParameters.from(header, claims))
                .getTokenValue();
    }
}
