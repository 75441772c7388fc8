// SPDX-License-Identifier: Apache-2.0
package io.github.realtimeticket.spring.webflux;

import static io.github.realtimeticket.fixtures.Eventually.eventually;
import static org.assertj.core.api.Assertions.assertThat;

import com.nimbusds.jose.jwk.source.ImmutableSecret;
import io.github.realtimeticket.Gate;
import io.github.realtimeticket.Revocation;
import io.github.realtimeticket.fixtures.Application;
import io.github.realtimeticket.fixtures.Connection;
import io.github.realtimeticket.fixtures.WebUser;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse;
import java.nio.charset.StandardCharsets;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.time.ZoneOffset;
import java.util.concurrent.CompletableFuture;
import javax.crypto.SecretKey;
import javax.crypto.spec.SecretKeySpec;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Import;
import org.springframework.security.config.web.server.ServerHttpSecurity;
import org.springframework.security.oauth2.jose.jws.MacAlgorithm;
import org.springframework.security.oauth2.jwt.JwsHeader;
import org.springframework.security.oauth2.jwt.JwtClaimsSet;
import org.springframework.security.oauth2.jwt.JwtEncoderParameters;
import org.springframework.security.oauth2.jwt.NimbusJwtEncoder;
import org.springframework.security.oauth2.jwt.NimbusReactiveJwtDecoder;
import org.springframework.security.web.server.SecurityWebFilterChain;
import org.springframework.web.server.session.DefaultWebSessionManager;
import org.springframework.web.server.session.InMemoryWebSessionStore;
import org.springframework.web.server.session.WebSessionManager;

/** A login that ends closes what its tickets have opened, in a reactive application that has no line of code for it. */
class WebFluxLoginEndTest {

    private static final SecretKey KEY =
            new SecretKeySpec("a key of thirty-two bytes, no less".getBytes(StandardCharsets.US_ASCII), "HmacSHA256");

    private static Application application;

    // Closed with the other one, since they share threads of Reactor Netty that the first one to be closed ends.
    private static Application tokens;

    /** Where whoever shows a bearer token is logged in. */
    @Import(SmallApplication.class)
    static class BearerTokens {

        @Bean
        SecurityWebFilterChain security(ServerHttpSecurity http) {
            return http.authorizeExchange(exchanges -> exchanges.anyExchange().authenticated())
                    .oauth2ResourceServer(server -> server.jwt(jwt -> jwt.jwtDecoder(
                            NimbusReactiveJwtDecoder.withSecretKey(KEY).build())))
                    .build();
        }
    }

    @BeforeAll
    static void start() {
        application = Application.start(
                SmallApplication.class,
                SmallApplication.PATHS,
                "management.endpoints.web.exposure.include=*",
                "management.endpoint.realtimeconnections.access=unrestricted");
        tokens = Application.start(BearerTokens.class, SmallApplication.PATHS);
    }

    @AfterAll
    static void stop() {
        tokens.close();
        application.close();
    }

    @Test
    void aLogoutEndsTheConnectionsAndTicketsOfItsSessionAndNoOthers() throws Exception {
        WebUser alice = user("alice");
        WebUser elsewhere = user("alice");
        try (Connection open = open(alice.ticket());
                Connection another = open(elsewhere.ticket())) {
            String outstanding = alice.ticket();

            assertThat(alice.post("/logout").statusCode()).isEqualTo(302);

            assertThat(open.closeCode()).isEqualTo(3000);
            assertThat(alice.post("/ticket/").statusCode()).isEqualTo(401);
            assertThat(Connection.status(application.uri("ws", "/realtime/socket?ticket=" + outstanding)))
                    .isEqualTo(401);
            another.send("bye");
            assertThat(another.closeCode()).isEqualTo(1000);
        }
    }

    @Test
    void whoeverLogsInAgainIsLetIn() throws Exception {
        WebUser alice = user("alice");
        String before = alice.ticket();
        assertThat(alice.post("/logout").statusCode()).isEqualTo(302);

        String ticket = alice.logsIn("alice", "ticket").ticket();

        try (Connection open = open(ticket)) {
            assertThat(ticket).isNotEqualTo(before);
            open.send("bye");
            assertThat(open.closeCode()).isEqualTo(1000);
        }
    }

    @Test
    void aSessionThatTheApplicationEndsClosesItsConnections() throws Exception {
        WebUser alice = user("alice");
        try (Connection open = open(alice.ticket())) {
            assertThat(alice.get("/end").statusCode()).isEqualTo(200);

            assertThat(open.closeCode()).isEqualTo(3000);
        }
    }

    @Test
    void anotherIdOfTheSessionClosesItsConnectionsAndThePageComesBack() throws Exception {
        WebUser alice = user("alice");
        try (Connection open = open(alice.ticket())) {
            assertThat(alice.get("/change").statusCode()).isEqualTo(200);

            assertThat(open.closeCode()).isEqualTo(3000);
            try (Connection again = open(alice.ticket())) {
                again.send("bye");
                assertThat(again.closeCode()).isEqualTo(1000);
            }
        }
    }

    @Test
    void aSessionThatExpiresTakesItsConnectionsAlong() throws Exception {
        var sessions = (InMemoryWebSessionStore)
                ((DefaultWebSessionManager) application.bean(WebSessionManager.class)).getSessionStore();
        sessions.setClock(Clock.fixed(Instant.now(), ZoneOffset.UTC));
        try {
            WebUser alice = user("alice");
            assertThat(alice.get("/soon-idle").body()).isEqualTo("soon");
            try (Connection open = open(alice.ticket())) {
                sessions.setClock(Clock.offset(Clock.systemUTC(), Duration.ofMinutes(1)));

                assertThat(open.closeCode()).isEqualTo(3000);
            }
        } finally {
            sessions.setClock(Clock.systemUTC());
        }
    }

    @Test
    void anEventStreamJustEnds() throws Exception {
        // Nobody else's connections are hers.
        WebUser dora = user("dora");
        CompletableFuture<HttpResponse<String>> stream =
                application.user().getLater("/realtime/stream?ticket=" + dora.ticket());
        eventually(() -> application.bean(Gate.class).connections().stream()
                .anyMatch(connection -> connection.holder().username().equals("dora")));

        assertThat(dora.post("/logout").statusCode()).isEqualTo(302);

        assertThat(stream.get().statusCode()).isEqualTo(200);
    }

    @Test
    void aUserWhoIsLockedByAnEventDoesNotComeBack() throws Exception {
        WebUser bob = user("bob");
        try (Connection open = open(bob.ticket())) {
            application.context().publishEvent(Revocation.holder("bob").forbidden());

            assertThat(open.closeCode()).isEqualTo(3003);
        }
    }

    @Test
    void anOperatorSeesTheConnectionsAndRevokes() throws Exception {
        WebUser carol = user("carol");
        try (Connection open = open(carol.ticket())) {
            String session = application.bean(Gate.class).connections().stream()
                    .filter(connection -> connection.holder().username().equals("carol"))
                    .findFirst()
                    .orElseThrow()
                    .session();

            assertThat(carol.get("/actuator/realtimeconnections").body()).contains(session);
            assertThat(carol.get("/actuator/metrics/realtime.ticket.connections")
                            .statusCode())
                    .isEqualTo(200);
            HttpResponse<String> answer = carol.send(carol.request(
                            "/actuator/realtimeconnections",
                            "Content-Type",
                            "application/json",
                            "X-CSRF-TOKEN",
                            carol.csrf())
                    .POST(BodyPublishers.ofString("{\"session\":\"" + session + "\"}")));

            assertThat(answer.statusCode()).isEqualTo(204);
            assertThat(open.closeCode()).isEqualTo(3000);
        }
    }

    @Test
    void t17_aConnectionEndsWithTheTokenThatItsTicketWasIssuedFor() throws Exception {
        String ticket = tokens.user().ticket("Authorization", "Bearer " + token("dave", 10));
        try (Connection open = Connection.open(tokens.uri("ws", "/realtime/socket?ticket=" + ticket))) {
            assertThat(open.next()).isEqualTo("dave");

            assertThat(open.closeCode()).isEqualTo(3000);
        }
    }

    @Test
    void nobodyGetsASessionForATicket() throws Exception {
        WebUser stranger = application.user();

        assertThat(stranger.get("/realtime/plain?ticket=" + user("alice").ticket())
                        .statusCode())
                .isEqualTo(200);
        assertThat(stranger.cookies()).isEmpty();
    }

    private static String token(String username, int seconds) {
        JwtClaimsSet claims = JwtClaimsSet.builder()
                .subject(username)
                .expiresAt(Instant.now().plusSeconds(seconds))
                .build();
        JwsHeader header = JwsHeader.with(MacAlgorithm.HS256).build();
        return new NimbusJwtEncoder(new ImmutableSecret<>(KEY))
                .encode(JwtEncoderParameters.from(header, claims))
                .getTokenValue();
    }

    private static WebUser user(String name) throws Exception {
        return application.user().logsIn(name, "ticket");
    }

    private static Connection open(String ticket) throws Exception {
        Connection open = Connection.open(application.uri("ws", "/realtime/socket?ticket=" + ticket));
        assertThat(open.next()).isNotEmpty();
        return open;
    }
}
