// SPDX-License-Identifier: Apache-2.0
package io.github.realtimeticket.micronaut;

import static org.assertj.core.api.Assertions.assertThat;

import io.github.realtimeticket.Gate;
import io.github.realtimeticket.Issuer;
import io.github.realtimeticket.Revocation;
import io.github.realtimeticket.Revocations;
import io.github.realtimeticket.TicketHolder;
import io.github.realtimeticket.TicketStore;
import io.github.realtimeticket.Tickets;
import io.github.realtimeticket.fixtures.Answers;
import io.github.realtimeticket.fixtures.Connection;
import io.github.realtimeticket.fixtures.WebUser;
import io.micronaut.context.annotation.Factory;
import io.micronaut.context.annotation.Requires;
import io.micronaut.core.annotation.Order;
import io.micronaut.core.order.Ordered;
import io.micronaut.http.HttpRequest;
import io.micronaut.http.annotation.RequestFilter;
import io.micronaut.http.annotation.ServerFilter;
import io.micronaut.security.annotation.Secured;
import io.micronaut.security.authentication.AuthenticationRequest;
import io.micronaut.security.authentication.AuthenticationResponse;
import io.micronaut.security.authentication.provider.HttpRequestAuthenticationProvider;
import io.micronaut.security.rules.SecurityRule;
import io.micronaut.websocket.WebSocketSession;
import io.micronaut.websocket.annotation.OnMessage;
import io.micronaut.websocket.annotation.OnOpen;
import io.micronaut.websocket.annotation.ServerWebSocket;
import jakarta.inject.Singleton;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.util.Base64;
import java.util.HashMap;
import java.util.Map;
import java.util.concurrent.CompletionStage;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;

/** With Micronaut Security, which lets nobody in anywhere unless it is told to. */
class SecurityTest {

    private static final String ALICE =
            "Basic " + Base64.getEncoder().encodeToString("alice:ticket".getBytes(StandardCharsets.US_ASCII));

    private final Tickets tickets = Tickets.of(TicketStore.inMemory());

    @Test
    void theUserWhomSecurityHasLoggedInGetsATicketThatOpensAWebSocket() throws Exception {
        try (var server = MicronautServer.set(settings("/chat"), tickets)) {
            String ticket = user(server).ticket("Authorization", ALICE, "Sec-Fetch-Site", "same-origin");
            URI chat = server.uri("ws", "/chat?ticket=" + ticket);

            try (var client = Connection.open(chat)) {
                assertThat(client.next()).isEqualTo("Hello alice");
            }
            assertThat(Connection.status(chat)).isEqualTo(401);
        }
    }

    @Test
    void whoIsNotLoggedInGetsOurAnswer() throws Exception {
        try (var server = MicronautServer.set(settings(), tickets)) {
            Answers.assertError(user(server).post("/ticket/", "Sec-Fetch-Site", "same-origin"), 401, "unauthorized");
        }
    }

    @Test
    void aWebSocketForEverybodyIsOpenedByTicketAndIsItsHoldersWhoeverElseIsLoggedIn() throws Exception {
        try (var server = MicronautServer.set(settings(), tickets);
                var client =
                        Connection.open(server.uri("ws", "/hello?ticket=" + issue("bob")), "Authorization", ALICE)) {
            assertThat(client.next()).isEqualTo("Hello bob");
            assertThat(Connection.status(server.uri("ws", "/hello"), "Authorization", ALICE))
                    .isEqualTo(401);
        }
    }

    @Test
    void t20_whatSecurityRefusesUsesUpNoTicket() throws Exception {
        String ticket = issue("alice");

        try (var server = MicronautServer.set(settings(), tickets)) {
            assertThat(Connection.status(server.uri("ws", "/chat?ticket=" + ticket)))
                    .isEqualTo(401);
        }
        try (var server = MicronautServer.set(settings("/chat"), tickets)) {
            assertThat(Connection.status(server.uri("ws", "/chat?ticket=" + ticket)))
                    .isEqualTo(101);
        }
    }

    @Test
    void t16_aTicketOfAUserWhoIsRevokedBehindSecurityIsRefused() throws Exception {
        Revocations revocations = Revocations.inMemory();
        Tickets revocable =
                Tickets.builder(TicketStore.inMemory()).revocations(revocations).build();
        try (var server = MicronautServer.set(settings("/chat"), revocable, revocations)) {
            WebUser alice = user(server);

            String ticket = alice.ticket("Authorization", ALICE, "Sec-Fetch-Site", "same-origin", "X-Lock", "1");
            assertThat(Connection.status(server.uri("ws", "/chat?ticket=" + ticket)))
                    .isEqualTo(401);

            String later = alice.ticket("Authorization", ALICE, "Sec-Fetch-Site", "same-origin");
            assertThat(Connection.status(server.uri("ws", "/chat?ticket=" + later)))
                    .isEqualTo(101);
        }
    }

    private String issue(String username) {
        return tickets.issue(TicketHolder.of(username, username))
                .toCompletableFuture()
                .join()
                .reveal();
    }

    private static WebUser user(MicronautServer server) {
        return new WebUser("http://127.0.0.1:" + server.port());
    }

    private static Map<String, Object> settings(String... open) {
        Map<String, Object> settings = new HashMap<>(Map.of("micronaut.security.enabled", true, "site", "of security"));
        for (int i = 0; i < open.length; i++) {
            settings.put("micronaut.security.intercept-url-map[" + i + "].pattern", open[i]);
            settings.put("micronaut.security.intercept-url-map[" + i + "].access", "isAnonymous()");
        }
        return settings;
    }

    @Factory
    @Requires(property = "site", value = "of security")
    static class Beans {

        @Singleton
        Gate gate(Tickets tickets) {
            return Gate.of(tickets);
        }

        @Singleton
        Issuer issuer(Tickets tickets) {
            return Issuer.of(tickets);
        }

        @Singleton
        Accounts accounts() {
            return new Accounts();
        }

        @Singleton
        TicketGrants users(Accounts accounts) {
            return TicketGrants.to(user -> TicketHolder.of(accounts.idOf(user.getName()), user.getName()));
        }
    }

    @ServerWebSocket("/hello")
    @Secured(SecurityRule.IS_ANONYMOUS)
    @Requires(property = "site", value = "of security")
    static class Hello {

        @OnOpen
        CompletionStage<String> open(WebSocketSession session) {
            return session.sendAsync(
                    "Hello " + session.getUserPrincipal().orElseThrow().getName());
        }

        @OnMessage
        void hear(String text) {}
    }

    /** Locks the user when Security has let the request pass. */
    @ServerFilter(ServerFilter.MATCH_ALL_PATTERN)
    @Order(Ordered.LOWEST_PRECEDENCE)
    @Requires(property = "site", value = "of security")
    @Requires(beans = Revocations.class)
    static class Locking {

        private final Revocations revocations;

        Locking(Revocations revocations) {
            this.revocations = revocations;
        }

        @RequestFilter
        void lock(HttpRequest<?> request) {
            if (request.getHeaders().contains("X-Lock")) {
                assertThat(request.getUserPrincipal()).isPresent();
                assertThat(revocations.revoke(Revocation.holder("alice".length())))
                        .isCompleted();
            }
        }
    }

    static class Accounts {
        long idOf(String username) {
            return username.length();
        }
    }

    @Singleton
    @Requires(property = "site", value = "of security")
    static class Provider<B> implements HttpRequestAuthenticationProvider<B> {
        @Override
        public AuthenticationResponse authenticate(
                @Nullable HttpRequest<B> request, AuthenticationRequest<String, String> asked) {
            return asked.getSecret().equals("ticket")
                    ? AuthenticationResponse.success(asked.getIdentity())
                    : AuthenticationResponse.failure();
        }
    }
}
