// SPDX-License-Identifier: Apache-2.0
package io.github.realtimeticket.micronaut;

import static io.github.realtimeticket.fixtures.Eventually.eventually;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.github.realtimeticket.Issuer;
import io.github.realtimeticket.Ticket;
import io.github.realtimeticket.TicketGrant;
import io.github.realtimeticket.TicketHolder;
import io.github.realtimeticket.TicketValue;
import io.github.realtimeticket.Tickets;
import io.github.realtimeticket.fixtures.Answers;
import io.github.realtimeticket.fixtures.RemoteStore;
import io.github.realtimeticket.fixtures.WebUser;
import io.github.realtimeticket.fixtures.Wire;
import io.micronaut.context.annotation.Requires;
import io.micronaut.context.exceptions.BeanContextException;
import io.micronaut.http.HttpRequest;
import io.micronaut.http.HttpResponseWrapper;
import io.micronaut.http.annotation.ResponseFilter;
import io.micronaut.http.annotation.ServerFilter;
import jakarta.inject.Singleton;
import java.io.IOException;
import java.net.http.HttpResponse;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;

class TicketEndpointTest {

    private static final int MANY = 60;

    private final RemoteStore store = new RemoteStore();
    private final Tickets tickets = Tickets.of(store);
    private final Issuer issuer = Issuer.builder(tickets).unlimited().build();

    @Test
    void withoutAnIssuerThereIsNoEndpoint() throws Exception {
        try (var server = MicronautServer.set(site())) {
            assertThat(server.login("alice").post("/ticket/").statusCode()).isEqualTo(404);
        }
    }

    @Test
    void anApplicationWithTwoIssuersDoesNotStart() {
        assertThatThrownBy(() -> MicronautServer.set(site(), issuer, Issuer.of(tickets)))
                .isInstanceOf(BeanContextException.class)
                .hasMessageContaining("Issuer");
    }

    @Test
    void aTicketStandsForThePrincipalOfItsRequest() throws Exception {
        try (var server = MicronautServer.set(site(), issuer)) {
            assertThat(take(server.login("alice").ticket()).holder()).isEqualTo(TicketHolder.of("alice", "alice"));
        }
    }

    @Test
    void theApplicationMaySayWhatItsUsersGet() throws Exception {
        try (var server = MicronautServer.set(site("grants", "own"), issuer)) {
            TicketValue value = take(server.login("alice").ticket("Sec-Fetch-Site", "same-origin"));

            assertThat(value.holder()).isEqualTo(TicketHolder.of(5, "alice"));
            assertThat(value.binding().audience()).isEqualTo("chat");
            Answers.assertError(
                    server.login("mallory").post("/ticket/", "Sec-Fetch-Site", "same-origin"), 403, "forbidden");
        }
    }

    @Test
    void aContextPathStandsBeforeIt() throws Exception {
        for (String context : List.of("/app", "app", "/app/")) {
            try (var server = MicronautServer.set(site("micronaut.server.context-path", context), issuer)) {
                var stranger = new WebUser("http://127.0.0.1:" + server.port());

                assertThat(stranger.post("/app/ticket/").statusCode())
                        .as(context)
                        .isEqualTo(401);
                assertThat(stranger.post("/ticket/").statusCode()).as(context).isEqualTo(404);
            }
        }
    }

    @Test
    void behindAProxyTheOriginIsThatOfTheProxy() throws Exception {
        Map<String, Object> settings = site(
                "micronaut.server.host-resolution.host-header", "X-Forwarded-Host",
                "micronaut.server.host-resolution.protocol-header", "X-Forwarded-Proto");
        try (var server = MicronautServer.set(settings, issuer)) {
            WebUser alice = server.login("alice");

            HttpResponse<String> own = alice.post(
                    "/ticket/",
                    "Origin",
                    "https://app.example",
                    "X-Forwarded-Host",
                    "app.example",
                    "X-Forwarded-Proto",
                    "https");
            HttpResponse<String> foreign = alice.post("/ticket/", "Origin", "https://app.example");
            // Micronaut believes it unless it is told which header to read.
            HttpResponse<String> forged = alice.post(
                    "/ticket/", "Origin", "https://app.example", "Forwarded", "host=app.example;proto=https");

            assertThat(own.statusCode()).isEqualTo(200);
            assertThat(foreign.statusCode()).isEqualTo(403);
            assertThat(forged.statusCode()).isEqualTo(403);
        }
    }

    @Test
    void aHostThatMicronautCannotReadIsNobodysOrigin() throws Exception {
        try (var server = MicronautServer.set(site(), issuer)) {
            HttpResponse<String> answer =
                    server.login("alice").post("/ticket/", "Origin", "https://a", "Forwarded", "host=a:b;proto=https");

            Answers.assertError(answer, 403, "forbidden");
        }
    }

    @Test
    void theOriginMayBeAnAddressOfIpv6() throws Exception {
        try (var server = MicronautServer.set(site(), issuer)) {
            String cookie = "session=" + server.login("alice").cookies().get(0).getValue();
            for (String host : List.of("[::1]:8080", "[2001:db8::1]", "[2001:db8::1]:8080")) {
                assertThat(status(server, host, host, cookie)).as(host).isEqualTo(200);
                assertThat(status(server, host, "[::2]:8080", cookie)).as(host).isEqualTo(403);
            }
        }
    }

    private static int status(MicronautServer server, String host, String origin, String cookie) throws IOException {
        try (var client = new Wire(server.port())) {
            client.send("POST /ticket/ HTTP/1.1\r\nHost: " + host + "\r\nOrigin: http://" + origin + "\r\nCookie: "
                    + cookie + "\r\nContent-Length: 0\r\n\r\n");
            return client.answer().status();
        }
    }

    @Test
    void micronautsOwnCorsMayAllowTheSameOrigin() throws Exception {
        Issuer shared = Issuer.builder(tickets)
                .allowedOrigins(List.of("https://app.example"))
                .build();
        Map<String, Object> settings = site(
                "micronaut.server.cors.enabled",
                true,
                "micronaut.server.cors.configurations.web.allowed-origins",
                List.of("https://app.example"));
        try (var server = MicronautServer.set(settings, shared)) {
            HttpResponse<String> answer = server.login("alice").post("/ticket/", "Origin", "https://app.example");

            assertThat(answer.statusCode()).isEqualTo(200);
            assertThat(answer.headers().allValues("Access-Control-Allow-Origin"))
                    .containsExactly("https://app.example");
            assertThat(answer.headers().allValues("Access-Control-Allow-Credentials"))
                    .containsExactly("true");
        }
    }

    @Test
    void belowAContextPathMicronautsOwnCorsMayAllowItToo() throws Exception {
        Issuer shared = Issuer.builder(tickets)
                .allowedOrigins(List.of("https://app.example"))
                .build();
        for (String context : List.of("/app", "app", "/app/")) {
            Map<String, Object> settings = site(
                    "micronaut.server.context-path",
                    context,
                    "micronaut.server.cors.enabled",
                    true,
                    "micronaut.server.cors.configurations.web.allowed-origins",
                    List.of("https://app.example"));
            try (var server = MicronautServer.set(settings, shared)) {
                var stranger = new WebUser("http://127.0.0.1:" + server.port());

                HttpResponse<String> answer = stranger.post("/app/ticket/", "Origin", "https://app.example");

                assertThat(answer.statusCode()).as(context).isEqualTo(401);
                assertThat(answer.headers().allValues("Access-Control-Allow-Origin"))
                        .as(context)
                        .containsExactly("https://app.example");
            }
        }
    }

    @Test
    void aFilterOfTheApplicationMayAnswerWhatCannotBeChanged() throws Exception {
        try (var server = MicronautServer.set(site("relays", true), issuer)) {
            WebUser alice = server.login("alice");

            assertThat(alice.get("/login").statusCode()).isEqualTo(200);
            assertThat(take(alice.ticket()).holder()).isEqualTo(TicketHolder.of("alice", "alice"));
        }
    }

    @Test
    void theServerServesOthersWhileTheStoreIsAskedForTickets() throws Exception {
        Map<String, Object> settings =
                site("micronaut.executors.blocking.type", "FIXED", "micronaut.executors.blocking.n-threads", 2);
        try (var server = MicronautServer.set(settings, issuer)) {
            WebUser alice = server.login("alice");
            CompletableFuture<Void> held = store.hold();

            List<CompletableFuture<HttpResponse<String>>> asked = new ArrayList<>();
            for (int i = 0; i < MANY; i++) {
                asked.add(alice.postLater("/ticket/"));
            }
            eventually(() -> held.getNumberOfDependents() == MANY);
            assertThat(alice.get("/login").statusCode()).isEqualTo(200);
            store.up();

            for (CompletableFuture<HttpResponse<String>> one : asked) {
                assertThat(one.get(30, TimeUnit.SECONDS).body()).startsWith("{\"status\":\"ok\"");
            }
        }
    }

    @Test
    void whileTheApplicationLooksForItsUserOthersAreServed() throws Exception {
        try (var server = MicronautServer.set(
                site("grants", "slow", "micronaut.netty.event-loops.default.num-threads", 1), issuer)) {
            WebUser alice = server.login("alice");
            SlowGrants slow = server.bean(SlowGrants.class);

            CompletableFuture<HttpResponse<String>> ticket = alice.postLater("/ticket/");
            assertThat(slow.asked.await(30, TimeUnit.SECONDS)).isTrue();
            assertThat(alice.get("/login").statusCode()).isEqualTo(200);
            slow.found.countDown();

            assertThat(ticket.get(30, TimeUnit.SECONDS).statusCode()).isEqualTo(403);
        }
    }

    private TicketValue take(String ticket) {
        return store.take(Ticket.parse(ticket).orElseThrow())
                .toCompletableFuture()
                .join()
                .orElseThrow();
    }

    private static Map<String, Object> site(Object... more) {
        Map<String, Object> settings = new HashMap<>(Map.of("site", true, "sockets", "none"));
        for (int i = 0; i < more.length; i += 2) {
            settings.put((String) more[i], more[i + 1]);
        }
        return settings;
    }

    /** As what answers with that of another server. */
    @ServerFilter(ServerFilter.MATCH_ALL_PATTERN)
    @Requires(property = "relays", value = "true")
    static class Relay {

        @ResponseFilter
        io.micronaut.http.HttpResponse<?> relay(io.micronaut.http.HttpResponse<?> answer) {
            return new HttpResponseWrapper<>(answer);
        }
    }

    @Singleton
    @Requires(property = "grants", value = "own")
    static class OwnGrants implements TicketGrants {

        @Override
        public Optional<? extends TicketGrant> grant(HttpRequest<?> request) {
            return request.getUserPrincipal()
                    .map(user -> user.getName().equals("mallory")
                            ? TicketGrant.denied("locked")
                            : TicketGrant.to(TicketHolder.of(5, user.getName())).withAudience("chat"));
        }
    }

    @Singleton
    @Requires(property = "grants", value = "slow")
    static class SlowGrants implements TicketGrants {

        final CountDownLatch asked = new CountDownLatch(1);
        final CountDownLatch found = new CountDownLatch(1);

        @Override
        public Optional<? extends TicketGrant> grant(HttpRequest<?> request) {
            asked.countDown();
            try {
                return found.await(30, TimeUnit.SECONDS)
                        ? Optional.of(TicketGrant.denied("too slow"))
                        : Optional.empty();
            } catch (InterruptedException e) {
                throw new AssertionError(e);
            }
        }
    }
}
