// SPDX-License-Identifier: Apache-2.0
package io.github.realtimeticket.examples.chat.realtime;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.github.realtimeticket.Revocation;
import io.github.realtimeticket.Revocations;
import io.github.realtimeticket.Ticket;
import io.github.realtimeticket.TicketBinding;
import io.github.realtimeticket.TicketHolder;
import io.github.realtimeticket.TicketStore;
import io.github.realtimeticket.Tickets;
import io.github.realtimeticket.fixtures.Connection;
import io.github.realtimeticket.fixtures.Wire;
import io.vertx.core.json.JsonArray;
import io.vertx.core.json.JsonObject;
import java.io.IOException;
import java.net.URI;
import java.net.http.WebSocket;
import java.nio.ByteBuffer;
import java.time.Duration;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class RealtimeServerTest {

    private static final String ORIGIN = "http://localhost:8080";

    private final TicketStore store = TicketStore.inMemory();
    private final Revocations revocations = Revocations.inMemory();
    private final Tickets tickets = Tickets.builder(store)
            .audience(RealtimeServer.AUDIENCE)
            .revocations(revocations)
            .build();
    private RealtimeServer server;

    @BeforeEach
    void start() throws IOException {
        server = RealtimeServer.start(store, revocations, 0, ORIGIN);
    }

    @AfterEach
    void stop() {
        server.close();
    }

    @Test
    void aUserIsWelcomedByNameAndToldOfTheTicketAndWhoIsPresent() throws Exception {
        Ticket ticket = issue(TicketHolder.of(1, "alice"));

        try (var alice = new ChatClient(server.uri(), ticket.reveal())) {
            assertThat(alice.next())
                    .isEqualTo(new JsonObject("{\"type\":\"welcome\",\"id\":1,\"username\":\"alice\"}"));
            JsonObject redeemed = alice.next();
            assertThat(redeemed.getLong("ageMillis")).isBetween(0L, 20_000L);
            redeemed.remove("ageMillis");
            assertThat(redeemed)
                    .isEqualTo(new JsonObject()
                            .put("type", "ticket")
                            .put("event", "redeemed")
                            .put("fingerprint", ticket.fingerprint()));
            assertThat(alice.next()).isEqualTo(presence("alice"));
        }
    }

    @Test
    void anIdThatIsAStringStaysOne() throws Exception {
        String ticket = issue(TicketHolder.of("1", "alice")).reveal();

        try (var alice = new ChatClient(server.uri(), ticket)) {
            assertThat(alice.next().getValue("id")).isEqualTo("1");
        }
    }

    @Test
    void whatOneSaysGoesToAll() throws Exception {
        try (var alice = enter("alice");
                var bob = enter("bob")) {
            alice.say("hi \u00fc <b> \ud83d\ude00");

            JsonObject message = new JsonObject()
                    .put("type", "message")
                    .put("username", "alice")
                    .put("text", "hi \u00fc <b> \ud83d\ude00");
            assertThat(alice.next("message")).isEqualTo(message);
            assertThat(bob.next("message")).isEqualTo(message);
        }
    }

    @Test
    void aUserWithTwoTabsIsPresentOnceUntilBothAreClosed() throws Exception {
        try (var bob = enter("bob")) {
            assertThat(bob.next("presence")).isEqualTo(presence("bob"));
            var firstTab = enter("alice");
            assertThat(bob.next("presence")).isEqualTo(presence("alice", "bob"));
            var secondTab = enter("alice");
            assertThat(bob.next("presence")).isEqualTo(presence("alice", "bob"));

            firstTab.close();
            assertThat(bob.next("presence")).isEqualTo(presence("alice", "bob"));

            secondTab.close();
            assertThat(bob.next("presence")).isEqualTo(presence("bob"));
        }
    }

    @Test
    void aTicketUsedAgainIsRefusedAndTheMemberItLetInIsTold() throws Exception {
        Ticket ticket = issue(TicketHolder.of(1, "alice"));

        try (var alice = new ChatClient(server.uri(), ticket.reveal())) {
            alice.next("presence");

            assertThat(Connection.status(URI.create(server.uri() + "?ticket=" + ticket.reveal())))
                    .isEqualTo(401);
            assertThat(alice.next())
                    .isEqualTo(new JsonObject()
                            .put("type", "ticket")
                            .put("event", "refused")
                            .put("fingerprint", ticket.fingerprint())
                            .put("reason", "NOTHING"));
        }
    }

    @Test
    void whateverElseIsInTheQueryTheConnectionLasts() throws Exception {
        String ticket = issue(TicketHolder.of(1, "alice")).reveal();

        assertThat(Connection.greeting(URI.create(server.uri() + "?theme=a;b&ticket=" + ticket + "&;"), ORIGIN))
                .contains("\"welcome\"", "\"username\":\"alice\"");
    }

    @Test
    void aTicketForAnotherBackendIsRefused() throws Exception {
        Ticket ticket = tickets.issue(
                        TicketHolder.of(1, "alice"), TicketBinding.none().withAudience("billing"))
                .toCompletableFuture()
                .join();

        assertThat(Connection.status(URI.create(server.uri() + "?ticket=" + ticket.reveal())))
                .isEqualTo(403);
    }

    @Test
    void aPageFromElsewhereIsRefused() throws Exception {
        URI uri = URI.create(
                server.uri() + "?ticket=" + issue(TicketHolder.of(1, "alice")).reveal());

        assertThat(Connection.status(uri, "Origin", "http://evil.example")).isEqualTo(403);
    }

    @Test
    void thereIsNothingBesideTheChat() throws Exception {
        String ticket = issue(TicketHolder.of(1, "alice")).reveal();

        assertThat(Connection.status(server.uri().resolve("/other?ticket=" + ticket)))
                .isEqualTo(404);
    }

    @ParameterizedTest
    @ValueSource(
            strings = {"hello", "", "null", "[]", "7", "{}", "{\"type\":\"message\",\"text\":7}", "{\"type\":\"x\"}"})
    void whatIsNoMessageEndsTheConnection(String frame) throws Exception {
        try (var alice = enter("alice")) {
            alice.connection().send(frame);

            assertThat(alice.connection().closeCode()).isEqualTo(1003);
        }
    }

    @Test
    void deepNestingEndsTheConnectionToo() throws Exception {
        whatIsNoMessageEndsTheConnection("{\"text\":" + "[".repeat(8000));
    }

    @Test
    void aBinaryFrameEndsTheConnection() throws Exception {
        try (var alice = enter("alice")) {
            alice.connection().socket().sendBinary(ByteBuffer.allocate(1), true).join();

            assertThat(alice.connection().closeCode()).isEqualTo(1003);
        }
    }

    @ParameterizedTest
    @CsvSource({"1001, 1008", "9000, 1009"})
    void aTextThatIsTooLongEndsTheConnection(int length, int code) throws Exception {
        try (var alice = enter("alice")) {
            alice.say("x".repeat(length));

            assertThat(alice.connection().closeCode()).isEqualTo(code);
        }
    }

    @Test
    void aMessageInManyFramesIsBoundedAsWell() throws Exception {
        try (var alice = enter("alice")) {
            WebSocket socket = alice.connection().socket();
            socket.sendText("x".repeat(5000), false).join();
            socket.sendText("x".repeat(5000), true).join();

            assertThat(alice.connection().closeCode()).isEqualTo(1009);
        }
    }

    @Test
    void theLongestTextArrivesAndABlankOneDoesNot() throws Exception {
        String longest = "\u0001".repeat(1000);

        try (var alice = enter("alice")) {
            alice.say("  ");
            alice.say(longest);

            assertThat(alice.next("message").getString("text")).isEqualTo(longest);
        }
    }

    @Test
    void aClientThatGivesNoSignOfLifeIsTakenForGone() throws Exception {
        try (var impatient = RealtimeServer.start(store, revocations, 0, Duration.ofSeconds(6));
                var alice = enter("alice", impatient);
                var silent = new Wire(impatient.uri().getPort())) {
            assertThat(alice.next("presence")).isEqualTo(presence("alice"));
            String ticket = issue(TicketHolder.of(2, "bob")).reveal();
            silent.handshake("/chat?ticket=" + ticket);

            assertThat(alice.next("presence")).isEqualTo(presence("alice", "bob"));
            assertThat(alice.next("presence")).isEqualTo(presence("alice"));
        }
    }

    @Test
    void t16_aLockedUsersConnectionIsClosedAndNoOther() throws Exception {
        try (var alice = enter("alice");
                var bob = new ChatClient(
                        server.uri(), issue(TicketHolder.of(2, "bob")).reveal())) {
            assertThat(bob.next("presence")).isEqualTo(presence("alice", "bob"));

            revocations
                    .revoke(Revocation.holder(2).forbidden())
                    .toCompletableFuture()
                    .join();

            assertThat(bob.connection().closeCode()).isEqualTo(3003);
            assertThat(alice.next("presence")).isEqualTo(presence("alice"));
            assertThat(alice.next("presence")).isEqualTo(presence("alice", "bob"));
            assertThat(alice.next("presence")).isEqualTo(presence("alice"));
        }
    }

    @Test
    void aBusyPortIsReported() {
        int port = server.uri().getPort();

        assertThatThrownBy(() -> RealtimeServer.start(store, revocations, port).close())
                .isInstanceOf(IOException.class)
                .hasMessageContaining("port " + port);
    }

    private ChatClient enter(String username) throws Exception {
        return enter(username, server);
    }

    private ChatClient enter(String username, RealtimeServer into) throws Exception {
        return new ChatClient(into.uri(), issue(TicketHolder.of(1, username)).reveal());
    }

    private Ticket issue(TicketHolder holder) {
        return tickets.issue(holder).toCompletableFuture().join();
    }

    private static JsonObject presence(String... users) {
        return new JsonObject().put("type", "presence").put("users", new JsonArray(List.of(users)));
    }
}
