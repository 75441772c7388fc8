// SPDX-License-Identifier: Apache-2.0
package io.github.realtimeticket.jakarta.example;

import static org.assertj.core.api.Assertions.assertThat;

import io.github.realtimeticket.Revocations;
import io.github.realtimeticket.TicketHolder;
import io.github.realtimeticket.TicketStore;
import io.github.realtimeticket.Tickets;
import io.github.realtimeticket.fixtures.Connection;
import io.github.realtimeticket.fixtures.WebUser;
import io.github.realtimeticket.fixtures.Wire;
import java.net.URI;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse;
import java.util.regex.Pattern;
import org.junit.jupiter.api.AutoClose;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class HelloTest {

    private static final Pattern IN_PAGE = Pattern.compile("let ticket = \"([A-Za-z0-9_-]{27})\"");
    private static final TicketStore STORE = TicketStore.inMemory();

    @AutoClose
    private static Hello hello;

    @BeforeAll
    static void start() throws Exception {
        hello = Hello.start(0, STORE, Revocations.inMemory());
    }

    @Test
    void aTicketOpensTheSocketOnceForItsHolder() throws Exception {
        String ticket = Tickets.of(STORE)
                .issue(TicketHolder.of("alice", "alice"))
                .toCompletableFuture()
                .join()
                .reveal();

        assertThat(Connection.greeting(socket(ticket), "https://app.example")).isEqualTo("Hello alice");
        assertThat(Connection.status(socket(ticket))).isEqualTo(401);
    }

    @Test
    void aUserLogsInAndIsGreetedByTheFirstSocketAndTheNext() throws Exception {
        var alice = new WebUser("http://localhost:" + hello.port());
        HttpResponse<String> stranger = alice.get("/");
        HttpResponse<String> login = logIn(alice);

        String first = WebUser.find(IN_PAGE, alice.get("/").body());
        String next = alice.ticket("Origin", alice.origin(), "Sec-Fetch-Site", "same-origin");

        assertThat(stranger.body()).contains("Log in").doesNotContain("let ticket");
        assertThat(login.statusCode()).isEqualTo(302);
        assertThat(Connection.greeting(socket(first), alice.origin())).isEqualTo("Hello alice");
        assertThat(Connection.greeting(socket(next), alice.origin())).isEqualTo("Hello alice");
    }

    @Test
    void aLogoutClosesWhatTheLoginHasOpened() throws Exception {
        var alice = new WebUser("http://localhost:" + hello.port());
        assertThat(logIn(alice).statusCode()).isEqualTo(302);
        String ticket = WebUser.find(IN_PAGE, alice.get("/").body());

        try (Connection socket = Connection.open(socket(ticket))) {
            assertThat(socket.next()).isEqualTo("Hello alice");
            assertThat(alice.post("/logout").statusCode()).isEqualTo(302);

            assertThat(socket.closeCode()).isEqualTo(3000);
        }
        assertThat(alice.get("/").body()).contains("Log in");
    }

    @Test
    void nobodyElseGetsATicketOrASocket() throws Exception {
        var stranger = new WebUser("http://localhost:" + hello.port());

        assertThat(stranger.post("/ticket/", "Sec-Fetch-Site", "same-origin").statusCode())
                .isEqualTo(401);
        assertThat(Connection.status(socket("aaaaaaaaaaaaaaaaaaaaaaaaaaa"))).isEqualTo(401);
    }

    @ParameterizedTest
    @ValueSource(strings = {"/realtime/hello?ticket=%s", "/?<ticket=%s"})
    void whatCannotBeReadIsRefusedInFewWords(String target) throws Exception {
        String ticket = "a".repeat(9_000);

        try (var client = new Wire(hello.port())) {
            client.send("GET " + target.formatted(ticket) + " HTTP/1.1\r\nHost: localhost\r\n\r\n");

            Wire.Answer answer = client.answer();
            assertThat(answer.status()).isEqualTo(400);
            assertThat(answer.body()).doesNotContain(ticket, "Exception");
        }
    }

    private static HttpResponse<String> logIn(WebUser alice) throws Exception {
        return alice.send(alice.request("/", "Content-Type", "application/x-www-form-urlencoded")
                .POST(BodyPublishers.ofString("user=alice")));
    }

    private static URI socket(String ticket) {
        return URI.create("ws://localhost:" + hello.port() + "/realtime/hello?ticket=" + ticket);
    }
}
