// SPDX-License-Identifier: Apache-2.0
package io.github.realtimeticket.testkit;

import static org.assertj.core.api.Assertions.assertThat;

import io.github.realtimeticket.Gate;
import io.github.realtimeticket.LiveConnection;
import io.github.realtimeticket.Revocation;
import io.github.realtimeticket.Revocations;
import io.github.realtimeticket.Ticket;
import io.github.realtimeticket.TicketGrant;
import io.github.realtimeticket.TicketHolder;
import io.github.realtimeticket.TicketLogin;
import io.github.realtimeticket.TicketStore;
import io.github.realtimeticket.Tickets;
import io.github.realtimeticket.testkit.GateContract.RunningServer;
import java.io.IOException;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.AutoClose;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/**
 * What every integration must pass beside {@link GateContract} that registers what it opens: a connection over a bare socket ends when its
 * login does. A test of WebSockets extends {@link WebSocketConnectionContract}.
 *
 * <p>The server is started once and serves all tests of the class.
 */
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
@Timeout(value = 120, unit = TimeUnit.SECONDS)
public abstract class ConnectionContract {

    static final TicketHolder ALICE = TicketHolder.of(1, "alice");
    static final TicketHolder BOB = TicketHolder.of(2, "bob");

    private final Revocations revocations = Revocations.inMemory();
    private final Tickets tickets =
            Tickets.builder(TicketStore.inMemory()).revocations(revocations).build();
    private final Gate gate = Gate.of(tickets);

    @AutoClose
    private RunningServer server;

    /**
     * Starts a server on a free port of the loopback interface that admits connection requests through this gate.
     *
     * <p>To an admitted WebSocket it sends the holder's username as the first text message, and it closes it with 1000 when the client
     * sends the text {@code bye}. A server for streams, whose address starts with {@code http:}, begins a body with the username, and ends
     * it by itself only if there is {@code bye=1} in the query. Where a server learns by sending alone that a client has gone, it sends
     * something every now and then.
     */
    protected abstract RunningServer serve(Gate gate) throws Exception;

    /** The text messages that a client sends first, where a protocol on top of WebSocket wants some; none by default. */
    protected List<String> says() {
        return List.of();
    }

    /** The username in a text message of the server, if it is there; by default, the whole of it. */
    protected Optional<String> username(String message) {
        return Optional.of(message);
    }

    /** How the client asks the server to close a WebSocket; by default with the text {@code bye}. */
    protected String bye() {
        return "bye";
    }

    /** How long an end may take on this machine at the most; 30 s unless told otherwise. */
    protected Duration patience() {
        return Eventually.PATIENCE;
    }

    @BeforeAll
    void start() throws Exception {
        server = serve(gate);
    }

    @BeforeEach
    void isOfItsKind() {
        assertThat(this instanceof WebSocketConnectionContract)
                .as("A test of WebSockets, and no other, extends WebSocketConnectionContract")
                .isEqualTo(isWebSocket());
    }

    @AfterEach
    void nothingIsLeft() throws Exception {
        gate.connections().stream().forEach(connection -> connection.close(1001, "end of test"));
        eventuallyKnown(0);
    }

    @Test
    void t16_anOpenConnectionIsKnown() throws Exception {
        Ticket ticket = issue(TicketGrant.to(ALICE)
                .withSession("known")
                .withUntil(Instant.now().plusSeconds(3600)));

        try (Held held = open(ticket, "alice")) {
            eventuallyKnown(1);
            LiveConnection connection = gate.connections().stream().findFirst().orElseThrow();

            assertThat(held).isNotNull();
            assertThat(connection.holder()).isEqualTo(ALICE);
            assertThat(connection.session()).isEqualTo(TicketLogin.session("known"));
            assertThat(connection.fingerprint()).isEqualTo(ticket.fingerprint());
            assertThat(connection.until()).isNotNull();
        }
    }

    @Test
    void t16_aConnectionIsClosedWhenItsSessionIsRevoked() throws Exception {
        try (Held alice = open(issue(TicketGrant.to(ALICE).withSession("s")), "alice");
                Held again = open(issue(TicketGrant.to(ALICE).withSession("s")), "alice");
                Held elsewhere = open(issue(TicketGrant.to(ALICE).withSession("elsewhere")), "alice")) {
            revoke(Revocation.session("s"));

            assertEnds(alice, 3000);
            assertEnds(again, 3000);
            eventuallyKnown(1);
            assertIsOpen(elsewhere);
        }
    }

    @Test
    void t16_aConnectionIsClosedForGoodWhenItsHolderIsLocked() throws Exception {
        try (Held bob = open(issue(TicketGrant.to(BOB)), "bob");
                Held alice = open(issue(TicketGrant.to(ALICE)), "alice")) {
            revoke(Revocation.holder(2).forbidden());

            assertEnds(bob, 3003);
            eventuallyKnown(1);
            assertIsOpen(alice);
        }
    }

    @Test
    void t17_aConnectionIsClosedAtItsDeadline() throws Exception {
        Instant until = Instant.MIN;
        Optional<Held> opened = Optional.empty();
        // This machine may take longer than that to open a connection.
        for (long seconds = 1; opened.isEmpty(); seconds *= 2) {
            assertThat(seconds).as("seconds that an opening takes").isLessThan(100);
            until = Instant.now().plusSeconds(seconds);
            opened = openBefore(until);
        }

        try (Held held = opened.get()) {
            assertEnds(held, 3000);
            assertThat(Instant.now()).isAfterOrEqualTo(until);
        }
    }

    @ParameterizedTest
    @ValueSource(booleans = {true, false})
    void t16_whoeverLeavesOrVanishesIsForgotten(boolean leaves) throws Exception {
        try (Held held = open(issue(TicketGrant.to(ALICE)), "alice")) {
            eventuallyKnown(1);
            if (leaves) {
                held.leave();
            }
        }

        eventuallyKnown(0);
    }

    @Test
    void t16_whatTheApplicationClosesIsForgotten() throws Exception {
        String query = "ticket=" + issue(TicketGrant.to(ALICE)).reveal();
        boolean socket = isWebSocket();

        try (Held held = Held.of(server.uri(), socket ? query : query + "&bye=1", greeting())) {
            if (socket) {
                held.say(bye());
            }
            assertEnds(held, 1000);
            eventuallyKnown(0);
        }
    }

    @Test
    void t16_whoeverKnowsAConnectionMayCloseIt() throws Exception {
        try (Held held = open(issue(TicketGrant.to(ALICE)), "alice")) {
            eventuallyKnown(1);

            gate.connections().stream().forEach(connection -> connection.close(4321, "kicked"));

            assertEnds(held, 4321);
        }
    }

    @Test
    void t16_nobodyIsLetInWithARevokedTicket() throws Exception {
        Ticket ticket = issue(TicketGrant.to(ALICE).withSession("over"));
        revoke(Revocation.session("over"));

        assertThat(Opening.of(server.uri(), greeting(), "ticket=" + ticket.reveal())
                        .status())
                .isEqualTo(401);
        assertThat(gate.connections().count()).isZero();
    }

    private void assertEnds(Held held, int code) throws Exception {
        assertThat(held.end()).as("what it was closed with").isEqualTo(isWebSocket() ? code : Held.NO_CODE);
    }

    // A socket that is spoken to says so; of a stream nothing more is known than that it does not end for a while.
    final void assertIsOpen(Held held) throws Exception {
        if (isWebSocket()) {
            held.say(bye());
            assertEnds(held, 1000);
        } else {
            assertThat(held.isLeftAlone()).isTrue();
        }
    }

    private Opening.Greeting greeting() {
        return new Opening.Greeting(says(), this::username);
    }

    private boolean isWebSocket() {
        return server.uri().getScheme().equals("ws");
    }

    private Optional<Held> openBefore(Instant until) throws Exception {
        Ticket ticket = issue(TicketGrant.to(ALICE).withUntil(until));
        try {
            return Optional.of(open(ticket, "alice"));
        } catch (IOException e) {
            if (Instant.now().isBefore(until)) {
                throw e;
            }
            return Optional.empty();
        }
    }

    final Held open(Ticket ticket, String username) throws Exception {
        Held held = Held.of(server.uri(), "ticket=" + ticket.reveal(), greeting());
        held.waitAtMost(patience());
        assertThat(held.username()).isEqualTo(username);
        return held;
    }

    final Ticket issue(TicketGrant.Granted grant) {
        return Eventually.await(tickets.issue(grant, null));
    }

    final void revoke(Revocation revocation) {
        assertThat(revocations.revoke(revocation)).isCompleted();
    }

    final void eventuallyKnown(int count) throws InterruptedException {
        Eventually.is(
                "connections that are known: " + count,
                patience(),
                () -> gate.connections().count() == count);
    }
}
