// SPDX-License-Identifier: Apache-2.0
package io.github.realtimeticket.testkit;

import static org.assertj.core.api.Assertions.assertThat;

import io.github.realtimeticket.Ticket;
import java.io.BufferedInputStream;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.net.Socket;
import java.net.SocketException;
import java.net.SocketTimeoutException;
import java.nio.charset.StandardCharsets;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/**
 * What no client sends that means well: it is refused in clear words, uses up no ticket, and leaves no stack trace in the log. What browsers and
 * proxies do send is taken.
 */
abstract class OddScenarios {

    private static final String UPGRADE = "Upgrade: websocket + Connection: Upgrade";
    private static final String VERSION_AND_KEY = "Sec-WebSocket-Version: 13 + KEY";

    private final GateContract gate;

    OddScenarios(GateContract gate) {
        this.gate = gate;
    }

    /** What is looked at in an answer. */
    @FunctionalInterface
    private interface Look {
        void at(Opening opening) throws Exception;
    }

    @Test
    void anOverLongAddressIsRefused() throws Exception {
        assertRefused(handshake("ticket=" + "a".repeat(9_000)));
    }

    @Test
    void aFrameBeforeTheAnswerOpensNothingWithoutATicket() throws Exception {
        assertRefused(together(handshake("ticket=" + "a".repeat(27)), Opening.masked("too early")));
    }

    // A client must wait (RFC 6455 section 4.1). A server may keep the frame, refuse, or end what it has opened.
    @Test
    void aFrameBeforeTheAnswerComesFromTheHolderOrNobody() throws Exception {
        byte[] handshake = handshake(query(gate.issue("alice")));

        assertStands(together(handshake, Opening.masked("too early")), opening -> {
            if (opening.status() >= 300) {
                assertThat(opening.status()).isBetween(400, 499);
            } else if (!opening.text().isEmpty()) {
                gate.assertAdmitted(opening, "alice");
            }
        });
    }

    // Behind a handshake nothing is taken for a request. Plain requests may follow each other: whatever is answered has
    // used up its own
    // ticket, though a server may use up one that it does not answer.
    @ParameterizedTest
    @ValueSource(strings = {UPGRADE + " + " + VERSION_AND_KEY, "Accept: text/event-stream"})
    void t16_aRequestBehindAnotherTakesOnlyWhatIsItsOwn(String lines) throws Exception {
        Ticket first = gate.issue("alice");
        Ticket behind = gate.issue("alice");

        String answers = answers(together(handshake(query(first)), request("GET", query(behind), lines)));

        if (gate.isWebSocket()) {
            assertNothingIsBehind(answers, behind);
        } else {
            int admitted = answers.split("HTTP/1\\.1 200 ", -1).length - 1;
            int left = (gate.admits(first) ? 1 : 0) + (gate.admits(behind) ? 1 : 0);
            assertThat(admitted + left).isLessThanOrEqualTo(2);
        }
    }

    private void assertNothingIsBehind(String answers, Ticket behind) throws Exception {
        assertThat(answers).matches("(?s)(HTTP/1\\.1 (101|4\\d\\d) .*)?");
        // Behind one that it has refused, a server may take the next.
        if (!answers.startsWith("HTTP/1.1 4")) {
            assertThat(answers.lastIndexOf("HTTP/1.1")).isLessThanOrEqualTo(0);
            if (gate.keepsTicketsBehindAHandshake()) {
                assertIsUsedUp(behind, false);
            }
        }
    }

    @ParameterizedTest
    @CsvSource(delimiter = '|', textBlock = """
            POST | Upgrade: websocket       | Connection: Upgrade    | Sec-WebSocket-Version: 13 + KEY + Content-Length: 0
            GET  | Upgrade: websocket, h2c  | Connection: Upgrade    | Sec-WebSocket-Version: 13 + KEY
            GET  | Upgrade: websocket       | Connection: Upgraded   | Sec-WebSocket-Version: 13 + KEY
            GET  | Upgrade: websocket       | Connection: keep-alive | Sec-WebSocket-Version: 13 + KEY
            GET  | Upgrade: websocket       | Connection: Upgrade    | KEY
            GET  | Upgrade: websocket       | Connection: Upgrade    | Sec-WebSocket-Version: 13
            GET  | Upgrade: websocket       | Connection: Upgrade    | Sec-WebSocket-Version: 13 + Sec-WebSocket-Key: short
            GET  | Upgrade: websocket       | Connection: Upgrade    | Sec-WebSocket-Version: 13 + KEY + KEY
            GET  | Upgrade: websocket       | Connection: Upgrade    | Sec-WebSocket-Version: 12 + KEY
            """)
    void t20_aHandshakeThatIsNoneIsRefusedAndUsesUpNoTicket(
            String method, String upgrade, String connection, String rest) throws Exception {
        Ticket ticket = gate.issue("alice");
        String lines = String.join(" + ", upgrade, connection, rest);

        assertIsNoHandshake(request(method, query(ticket), lines), ticket);
    }

    // The whole of a body, since some servers wait for it before they hand the request on. A tilde ends a line.
    @ParameterizedTest
    @CsvSource({"Content-Length: 3, a=b", "Transfer-Encoding: chunked, 3~a=b~0~~"})
    void t20_aHandshakeWithABodyIsRefusedAndUsesUpNoTicket(String length, String body) throws Exception {
        Ticket ticket = gate.issue("alice");
        byte[] head = request("GET", query(ticket), UPGRADE + " + " + length + " + " + VERSION_AND_KEY);

        assertIsNoHandshake(together(head, body.replace("~", "\r\n").getBytes(StandardCharsets.US_ASCII)), ticket);
    }

    @ParameterizedTest
    @CsvSource(delimiter = '|', textBlock = """
            Upgrade: websocket + X: 1                                         | &x=1
            Upgrade: websocket + Connection: UPGRADE                          | &x=1
            Upgrade: websocket + Connection: close                            | &x=1
            Upgrade: websocket + Connection: keep-alive + Connection: Upgrade | &x=1
            Upgrade: websocket + Connection: Upgrade                          | &x=50%
            Upgrade: websocket + Connection: Upgrade                          | &x=%zz
            Upgrade: websocket + Connection: Upgrade                          | &x=%ff
            Upgrade: websocket + Connection: Upgrade                          | &x=[%
            """)
    void t20_whatAServerMayRefuseUsesUpATicketOnlyIfItOpens(String lines, String odd) throws Exception {
        Ticket ticket = gate.issue("alice");

        assertStands(request("GET", query(ticket) + odd, lines + " + " + VERSION_AND_KEY), opening -> {
            boolean opened = opening.status() == (gate.isWebSocket() ? 101 : 200);
            if (!opened) {
                assertIsRefused(opening);
            }
            assertIsUsedUp(ticket, opened);
        });
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "Upgrade: websocket + Connection: keep-alive, Upgrade",
                "Upgrade: websocket + connection: upgrade",
                "upgrade: websocket + Connection: Upgrade"
            })
    void aHandshakeIsTakenAsBrowsersAndProxiesSendIt(String lines) throws Exception {
        byte[] whole = request("GET", query(gate.issue("alice")), lines + " + " + VERSION_AND_KEY);

        assertStands(whole, opening -> {
            if (gate.isWebSocket()) {
                gate.assertAdmitted(opening, "alice");
            } else {
                assertThat(opening.status()).isBetween(200, 499);
            }
        });
    }

    private void assertIsNoHandshake(byte[] request, Ticket ticket) throws Exception {
        assertStands(request, opening -> {
            if (gate.isWebSocket()) {
                assertIsRefused(opening);
                assertIsUsedUp(ticket, false);
            } else {
                assertThat(opening.status()).isBetween(200, 499);
            }
        });
    }

    private void assertIsUsedUp(Ticket ticket, boolean used) throws Exception {
        assertThat(gate.admits(ticket)).isEqualTo(!used);
    }

    private void assertRefused(byte[] request) throws Exception {
        assertStands(request, OddScenarios::assertIsRefused);
    }

    private static void assertIsRefused(Opening opening) {
        assertThat(opening.status()).isBetween(400, 499);
        assertThat(opening.text()).doesNotContain("alice", "\tat ", "Exception");
    }

    private void assertStands(byte[] request, Look look) throws Exception {
        try (var traces = new StackTraces()) {
            look.at(Opening.of(gate.uri(), gate.greeting(), request));
            assertThat(traces.found()).isEmpty();
        }
        gate.assertAdmitted(gate.open(query(gate.issue("alice"))), "alice");
    }

    /** All that comes back, until the server ends the connection or has been silent for a second. */
    private String answers(byte[] requests) throws IOException {
        var answers = new ByteArrayOutputStream();
        try (Socket socket = Answer.connect(gate.uri())) {
            socket.getOutputStream().write(requests);
            InputStream in = new BufferedInputStream(socket.getInputStream());
            for (int next = in.read(); next >= 0; next = in.read()) {
                answers.write(next);
                socket.setSoTimeout(1_000);
            }
        } catch (SocketException | SocketTimeoutException e) {
            // Then nothing more comes.
        }
        return answers.toString(StandardCharsets.ISO_8859_1);
    }

    private static String query(Ticket ticket) {
        return "ticket=" + ticket.reveal();
    }

    private byte[] handshake(String query) {
        return request("GET", query, UPGRADE + " + Content-Length: 0 + " + VERSION_AND_KEY);
    }

    private byte[] request(String method, String query, String lines) {
        String known = lines.replace("KEY", "Sec-WebSocket-Key: dGhlIHNhbXBsZSBub25jZQ==");
        List<String> each = List.of(known.split(" \\+ "));
        return Answer.request(gate.uri(), method, Opening.target(gate.uri(), query), each);
    }

    private static byte[] together(byte[] first, byte[] second) {
        var bytes = new ByteArrayOutputStream();
        bytes.writeBytes(first);
        bytes.writeBytes(second);
        return bytes.toByteArray();
    }
}
