// SPDX-License-Identifier: Apache-2.0
package io.github.realtimeticket.testkit;

import static org.assertj.core.api.Assertions.assertThat;

import io.github.realtimeticket.Gate;
import io.github.realtimeticket.Refusal;
import io.github.realtimeticket.Ticket;
import io.github.realtimeticket.TicketBinding;
import io.github.realtimeticket.TicketCarrier;
import io.github.realtimeticket.TicketHolder;
import io.github.realtimeticket.Tickets;
import java.io.IOException;
import java.net.URI;
import java.time.Duration;
import java.util.List;
import java.util.UUID;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/**
 * What every integration must pass: a real server around a {@link Gate}, tried from outside over bare sockets.
 *
 * <p>The server is started once for a carrier and serves all tests of the class.
 */
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
public abstract class GateContract {

    private static final String AUDIENCE = "chat";
    private static final String ORIGIN = "https://app.example";

    private final FarStore store = new FarStore();
    private final Tickets tickets = Tickets.builder(store).audience(AUDIENCE).build();
    private RunningServer byQuery;
    private RunningServer bySubprotocol;

    /**
     * Starts a server on a free port of the loopback interface that admits connection requests through this gate.
     *
     * <p>To an admitted WebSocket it sends the holder's username as the first text message, and it supports the subprotocol
     * {@code chat}. A server for plain requests, whose address starts with {@code http:}, answers 200 with the username as the
     * body.
     */
    protected abstract RunningServer serve(Gate gate) throws Exception;

    /** A server that was started. */
    public interface RunningServer extends AutoCloseable {

        /** The address of the guarded endpoint: {@code ws://127.0.0.1:port/path} or {@code http://127.0.0.1:port/path}. */
        URI uri();

        /** Stops the server. */
        @Override
        void close() throws IOException;
    }

    @BeforeAll
    void start() throws Exception {
        byQuery = serve(Gate.of(tickets));
        bySubprotocol =
                serve(Gate.builder(tickets).carrier(TicketCarrier.subprotocol()).build());
    }

    @AfterAll
    void stop() throws Exception {
        try (RunningServer first = byQuery;
                RunningServer second = bySubprotocol) {
            assertThat(first).isNotSameAs(second);
        }
    }

    @AfterEach
    void storeComesBack() {
        store.outOfReach(false);
    }

    @Test
    void aTicketOpensAConnectionForItsHolder() throws Exception {
        Ticket ticket = issue("alice");

        Opening opening = open("ticket=" + ticket.reveal());

        assertAdmitted(opening, "alice");
    }

    @Test
    void otherParametersStandBesideTheTicket() throws Exception {
        Ticket ticket = issue("alice");

        Opening opening = open("room=1&ticket=" + ticket.reveal() + "&empty&x=%26ticket%3D");

        assertAdmitted(opening, "alice");
    }

    @ParameterizedTest
    @ValueSource(strings = {"名前", "Zoë \"quoted\" <b>", "line\nbreak", "\ud83d\ude00"})
    void t8_anyNameArrivesUnchanged(String username) throws Exception {
        Ticket ticket = issue(username);

        Opening opening = open("ticket=" + ticket.reveal());

        assertAdmitted(opening, username);
    }

    @Test
    void t4_aTicketOpensNothingASecondTime() throws Exception {
        Ticket ticket = issue("alice");
        assertAdmitted(open("ticket=" + ticket.reveal()), "alice");

        Opening second = open("ticket=" + ticket.reveal());

        assertRefused(second, Refusal.NOTHING);
    }

    @Test
    void t4_ofFiftyRacersOneIsAdmitted() throws Exception {
        Ticket ticket = issue("alice");

        List<Opening> openings = Racers.race(50, racer -> open("ticket=" + ticket.reveal()));

        List<Opening> refused =
                openings.stream().filter(opening -> opening.status() >= 300).toList();
        assertThat(refused).hasSize(49).allSatisfy(opening -> assertRefused(opening, Refusal.NOTHING));
    }

    @Test
    void t5_anExpiredTicketIsRefused() throws Exception {
        Ticket ticket = issue("alice");
        store.pass(Duration.ofSeconds(11));

        Opening opening = open("ticket=" + ticket.reveal());

        assertRefused(opening, Refusal.NOTHING);
    }

    @Test
    void t5_anUnknownTicketIsRefused() throws Exception {
        Opening opening = open("ticket=" + UUID.randomUUID());

        assertRefused(opening, Refusal.NOTHING);
    }

    @ParameterizedTest
    @ValueSource(strings = {"", "ticket", "tickets=AAAAAAAAAAAAAAAAAAAAAAAAAAA", "TICKET=AAAAAAAAAAAAAAAAAAAAAAAAAAA"})
    void t11_aRequestWithoutATicketIsRefused(String query) throws Exception {
        int asked = store.asked();

        Opening opening = open(query);

        assertRefused(opening, Refusal.MISSING);
        assertThat(store.asked()).isEqualTo(asked);
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "short",
                "AAAAAAAAAAAAAAAAAAAAA",
                "AAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA",
                "AAAAAAAAAAAAAAAAAAAAAAAAAA*",
                "AAAAAAAAAAAAAAAAAAAAAAAAAA%00",
                "AAAAAAAAAAAAAAAAAAAAAAAAAA%0d%0aX:1",
                "session:AAAAAAAAAAAAAAAAAAAAAAAAAAA",
                "%zz%zz%zz%zz%zz%zz%zz%zz%zz%zz"
            })
    void t2_garbageIsRefusedBeforeTheStoreIsAsked(String text) throws Exception {
        int asked = store.asked();

        Opening opening = open("ticket=" + text);

        // A server may refuse a request target that is no URI before we see it (RFC 9112 section 3.2).
        if (opening.status() != 400 || !text.contains("%zz")) {
            assertRefused(opening, Refusal.MALFORMED);
        }
        assertThat(store.asked()).isEqualTo(asked);
    }

    @Test
    void t10_twoTicketsAreRefusedAndStayRedeemable() throws Exception {
        Ticket one = issue("alice");
        Ticket two = issue("alice");

        Opening plain = open("ticket=" + one.reveal() + "&ticket=" + two.reveal());
        Opening hidden = open("ticket=" + one.reveal() + "&%74icket=" + two.reveal());
        Opening same = open("ticket=" + one.reveal() + "&ticket=" + one.reveal());

        assertThat(List.of(plain, hidden, same)).allSatisfy(opening -> assertRefused(opening, Refusal.AMBIGUOUS));
        assertAdmitted(open("ticket=" + one.reveal()), "alice");
    }

    @Test
    void t10_aTicketInAnotherCarrierIsNotSeen() throws Exception {
        Ticket ticket = issue("alice");

        Opening inHeader = open(
                "", "Realtime-Ticket: " + ticket.reveal(), "Sec-WebSocket-Protocol: chat, ticket." + ticket.reveal());
        Opening inQuery = Opening.of(bySubprotocol.uri(), "ticket=" + ticket.reveal());

        assertRefused(inHeader, Refusal.MISSING);
        assertRefused(inQuery, Refusal.MISSING);
        assertAdmitted(open("ticket=" + ticket.reveal()), "alice");
    }

    @Test
    void t9_aTicketOpensAConnectionForThePageItWasIssuedTo() throws Exception {
        Ticket ticket = issue(binding().withOrigin(ORIGIN));

        Opening opening = open("ticket=" + ticket.reveal(), "Origin: " + ORIGIN);

        assertAdmitted(opening, "alice");
    }

    @Test
    void t9_aRequestWithoutAnOriginIsNotRefusedForThat() throws Exception {
        Ticket ticket = issue(binding().withOrigin(ORIGIN));

        Opening opening = open("ticket=" + ticket.reveal());

        assertAdmitted(opening, "alice");
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "Origin: https://evil.example",
                "origin: https://evil.example",
                "ORIGIN: http://app.example",
                "Origin: https://app.example.evil.example",
                "Origin: https://app.example:8443",
                "Origin: null"
            })
    void t9_aTicketFromAnotherOriginIsBurntAndRefused(String header) throws Exception {
        Ticket ticket = issue(binding().withOrigin(ORIGIN));

        Opening foreign = open("ticket=" + ticket.reveal(), header);
        Opening own = open("ticket=" + ticket.reveal(), "Origin: " + ORIGIN);

        assertRefused(foreign, Refusal.WRONG_ORIGIN);
        assertRefused(own, Refusal.NOTHING);
    }

    @Test
    void t9_aTicketForAnotherAudienceIsBurntAndRefused() throws Exception {
        Ticket ticket = issue(TicketBinding.none().withAudience("billing"));

        Opening first = open("ticket=" + ticket.reveal());
        Opening second = open("ticket=" + ticket.reveal());

        assertRefused(first, Refusal.WRONG_AUDIENCE);
        assertRefused(second, Refusal.NOTHING);
    }

    @Test
    void t5_nobodyIsLetInWhileTheStoreIsDownAndTheNextTicketWorks() throws Exception {
        Ticket ticket = issue("alice");
        store.outOfReach(true);

        Opening down = open("ticket=" + ticket.reveal());
        store.outOfReach(false);
        Opening up = open("ticket=" + issue("alice").reveal());

        assertRefused(down, Refusal.FAILED);
        assertAdmitted(up, "alice");
    }

    @Test
    void aPreflightBurnsNothing() throws Exception {
        Ticket ticket = issue("alice");

        Opening preflight = Opening.preflight(byQuery.uri(), "ticket=" + ticket.reveal(), ORIGIN);
        Opening opening = open("ticket=" + ticket.reveal(), "Origin: " + ORIGIN);

        assertThat(preflight.status()).isNotEqualTo(101);
        assertThat(preflight.text()).doesNotContain("alice");
        assertAdmitted(opening, "alice");
    }

    @Test
    void t10_aTicketTravelsAsSubprotocolAndIsNotEchoed() throws Exception {
        Ticket ticket = issue("alice");

        Opening opening =
                Opening.of(bySubprotocol.uri(), "", "Sec-WebSocket-Protocol: chat, ticket." + ticket.reveal());

        assertAdmitted(opening, "alice");
        if (opening.status() == 101) {
            assertThat(opening.header("Sec-WebSocket-Protocol")).containsExactly("chat");
        }
    }

    @Test
    void t10_theOrderAndLinesOfSubprotocolsDoNotMatter() throws Exception {
        Ticket ticket = issue("alice");

        Opening opening = Opening.of(
                bySubprotocol.uri(),
                "",
                "sec-websocket-protocol: ticket." + ticket.reveal(),
                "Sec-WebSocket-Protocol: chat");

        assertAdmitted(opening, "alice");
        if (opening.status() == 101) {
            assertThat(opening.header("Sec-WebSocket-Protocol")).containsExactly("chat");
        }
    }

    @Test
    void t10_twoTicketsAsSubprotocolsAreRefused() throws Exception {
        Ticket one = issue("alice");
        Ticket two = issue("alice");

        Opening opening = Opening.of(
                bySubprotocol.uri(),
                "",
                "Sec-WebSocket-Protocol: chat, ticket." + one.reveal() + ", ticket." + two.reveal());

        assertRefused(opening, Refusal.AMBIGUOUS);
    }

    private Ticket issue(String username) {
        return tickets.issue(TicketHolder.of(1, username)).toCompletableFuture().join();
    }

    private Ticket issue(TicketBinding binding) {
        return tickets.issue(TicketHolder.of(1, "alice"), binding)
                .toCompletableFuture()
                .join();
    }

    private TicketBinding binding() {
        return tickets.binding();
    }

    private Opening open(String query, String... headerLines) throws Exception {
        return Opening.of(byQuery.uri(), query, headerLines);
    }

    private void assertAdmitted(Opening opening, String username) {
        int expected = byQuery.uri().getScheme().equals("ws") ? 101 : 200;
        assertThat(opening.status()).as(opening.text()).isEqualTo(expected);
        assertThat(opening.text()).isEqualTo(username);
    }

    private static void assertRefused(Opening opening, Refusal reason) {
        assertThat(opening.status()).as("status for %s", reason).isEqualTo(reason.status());
        assertThat(opening.text()).isEqualTo(reason.body());
        assertThat(opening.header("Content-Type")).singleElement().satisfies(type -> assertThat(type)
                .startsWith("application/json"));
        assertThat(opening.header("Cache-Control")).singleElement().satisfies(control -> assertThat(control)
                .contains("no-store"));
        if (reason.status() == 401) {
            assertThat(opening.header("WWW-Authenticate")).containsExactly("Ticket");
        }
    }
}
