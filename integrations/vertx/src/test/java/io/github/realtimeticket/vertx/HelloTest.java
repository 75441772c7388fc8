// SPDX-License-Identifier: Apache-2.0
package io.github.realtimeticket.vertx;

import static io.github.realtimeticket.fixtures.Eventually.eventually;
import static org.assertj.core.api.Assertions.assertThat;

import io.github.realtimeticket.Gate;
import io.github.realtimeticket.Issuer;
import io.github.realtimeticket.Revocation;
import io.github.realtimeticket.Revocations;
import io.github.realtimeticket.TicketStore;
import io.github.realtimeticket.Tickets;
import io.github.realtimeticket.fixtures.Connection;
import io.github.realtimeticket.fixtures.Redis;
import io.github.realtimeticket.fixtures.WebUser;
import io.github.realtimeticket.redis.RedisTicketStore;
import java.net.URI;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse;
import org.junit.jupiter.api.Test;

class HelloTest {

    @Test
    void aUserLogsInAndIsGreetedOnceUntilTheLogout() throws Exception {
        aUserIsGreetedUntilTheLogout(TicketStore.inMemory(), Revocations.inMemory());
    }

    @Test
    void aUserLogsInAndIsGreetedOnceUntilTheLogoutWithTicketsInRedis() throws Exception {
        try (var redis = new Redis();
                var store = RedisTicketStore.connect(redis.uri())) {
            aUserIsGreetedUntilTheLogout(store, store.revocations());
        }
    }

    private static void aUserIsGreetedUntilTheLogout(TicketStore store, Revocations revocations) throws Exception {
        Tickets tickets = Tickets.builder(store).revocations(revocations).build();
        Gate gate = Gate.of(tickets);

        try (var server = new GatedServer(vertx -> Hello.router(vertx, Issuer.of(tickets), gate, revocations))) {
            WebUser alice = user(server).logsIn("alice", "none");
            WebUser elsewhere = user(server).logsIn("alice", "none");
            String used = ticket(alice);
            String outstanding = ticket(alice);

            try (Connection socket = Connection.open(socket(server, used));
                    Connection other = Connection.open(socket(server, ticket(elsewhere)))) {
                assertThat(socket.next()).isEqualTo("Hello alice");
                assertThat(other.next()).isEqualTo("Hello alice");
                assertThat(Connection.status(socket(server, used))).isEqualTo(401);

                assertThat(alice.post("/logout").headers().firstValue("Location"))
                        .contains("/login");

                assertThat(socket.closeCode()).isEqualTo(Revocation.UNAUTHORIZED);
                assertThat(Connection.status(socket(server, outstanding))).isEqualTo(401);
                assertThat(alice.post("/ticket/", "Sec-Fetch-Site", "same-origin")
                                .statusCode())
                        .isEqualTo(401);
                eventually(() -> gate.connections().count() == 1);
                assertThat(ticket(elsewhere)).hasSize(27);
            }
            assertThat(server.unhandled).isEmpty();
        }
    }

    @Test
    void nobodyElseGetsATicketOrASocket() throws Exception {
        Tickets tickets = Tickets.of(TicketStore.inMemory());

        try (var server = new GatedServer(
                vertx -> Hello.router(vertx, Issuer.of(tickets), Gate.of(tickets), Revocations.inMemory()))) {
            WebUser stranger = user(server);

            assertThat(stranger.get("/").headers().firstValue("Location")).contains("/login");
            assertThat(stranger.post("/ticket/", "Sec-Fetch-Site", "same-origin")
                            .statusCode())
                    .isEqualTo(401);
            assertThat(Connection.status(socket(server, "aaaaaaaaaaaaaaaaaaaaaaaaaaa")))
                    .isEqualTo(401);
        }
    }

    @Test
    void aPageOfAnotherSiteLogsNobodyIn() throws Exception {
        Tickets tickets = Tickets.of(TicketStore.inMemory());

        try (var server = new GatedServer(
                vertx -> Hello.router(vertx, Issuer.of(tickets), Gate.of(tickets), Revocations.inMemory()))) {
            WebUser stranger = user(server).readCsrf();
            HttpResponse<String> answer =
                    stranger.send(stranger.request("/login", "Content-Type", "application/x-www-form-urlencoded")
                            .POST(BodyPublishers.ofString("username=mallory")));

            assertThat(answer.statusCode()).isEqualTo(403);
            assertThat(stranger.get("/").headers().firstValue("Location")).contains("/login");
            assertThat(stranger.cookies()).singleElement().satisfies(cookie -> assertThat(cookie.isHttpOnly())
                    .isTrue());
        }
    }

    private static WebUser user(GatedServer server) {
        return new WebUser("http://127.0.0.1:" + server.port);
    }

    private static String ticket(WebUser user) throws Exception {
        return user.ticket("Sec-Fetch-Site", "same-origin");
    }

    private static URI socket(GatedServer server, String ticket) {
        return URI.create("ws://127.0.0.1:" + server.port + "/chat?ticket=" + ticket);
    }
}
