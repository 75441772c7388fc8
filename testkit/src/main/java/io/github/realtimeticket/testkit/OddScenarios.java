// SPDX-License-Identifier: Apache-2.0
package io.github.realtimeticket.testkit;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.ByteArrayOutputStream;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.function.Consumer;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/**
 * What no client sends that means well is refused in clear words, and leaves no stack trace in the log. What browsers and proxies do send is
 * taken.
 */
abstract class OddScenarios {

    private final GateContract gate;

    OddScenarios(GateContract gate) {
        this.gate = gate;
    }

    @Test
    void anOverLongAddressIsRefused() throws Exception {
        assertRefused(handshake("ticket=" + "a".repeat(9_000)));
    }

    @Test
    void aFrameBeforeTheAnswerOpensNothingWithoutATicket() throws Exception {
        assertRefused(withFrame("ticket=" + "a".repeat(27)));
    }

    // A client must wait (RFC 6455 section 4.1). A server may keep the frame, refuse, or end what it has opened.
    @Test
    void aFrameBeforeTheAnswerComesFromTheHolderOrNobody() throws Exception {
        assertStands(withFrame("ticket=" + gate.issue("alice").reveal()), opening -> {
            if (opening.status() >= 300) {
                assertThat(opening.status()).isBetween(400, 499);
            } else if (!opening.text().isEmpty()) {
                gate.assertAdmitted(opening, "alice");
            }
        });
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "GET /                    | POST /",
                "Sec-WebSocket-Key        | X-No-Key",
                "dGhlIHNhbXBsZSBub25jZQ== | short",
                "Version: 13              | Version: 12",
                "Upgrade: websocket       | Upgrade: websocket, h2c",
                "Connection: Upgrade      | Connection: Upgraded",
                "Connection: Upgrade      | Connection: keep-alive"
            })
    void t20_aHandshakeThatIsNoneIsRefusedAndUsesUpNoTicket(String part, String instead) throws Exception {
        String query = "ticket=" + gate.issue("alice").reveal();
        byte[] none = handshake(query, part, instead);

        if (gate.isWebSocket()) {
            assertRefused(none);
            gate.assertAdmitted(gate.open(query), "alice");
        } else {
            assertStands(none, opening -> assertThat(opening.status()).isBetween(200, 499));
        }
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "Connection: Upgrade | Connection: keep-alive, Upgrade",
                "Connection: Upgrade | connection: upgrade",
                "Upgrade: websocket  | upgrade: WebSocket"
            })
    void aHandshakeIsTakenAsBrowsersAndProxiesSendIt(String part, String instead) throws Exception {
        byte[] whole = handshake("ticket=" + gate.issue("alice").reveal(), part, instead);

        assertStands(whole, opening -> {
            if (gate.isWebSocket()) {
                gate.assertAdmitted(opening, "alice");
            } else {
                assertThat(opening.status()).isBetween(200, 499);
            }
        });
    }

    private void assertRefused(byte[] request) throws Exception {
        assertStands(request, opening -> {
            assertThat(opening.status()).isBetween(400, 499);
            assertThat(opening.text()).doesNotContain("alice", "\tat ", "Exception");
        });
    }

    private void assertStands(byte[] request, Consumer<Opening> then) throws Exception {
        try (var traces = new StackTraces()) {
            then.accept(Opening.of(gate.uri(), gate.greeting(), request));
            assertThat(traces.found()).isEmpty();
        }
        gate.assertAdmitted(gate.open("ticket=" + gate.issue("alice").reveal()), "alice");
    }

    private byte[] withFrame(String query) {
        var bytes = new ByteArrayOutputStream();
        bytes.writeBytes(handshake(query));
        bytes.writeBytes(Opening.masked("too early"));
        return bytes.toByteArray();
    }

    private byte[] handshake(String query, String part, String instead) {
        return new String(handshake(query), StandardCharsets.UTF_8)
                .replace(part, instead)
                .getBytes(StandardCharsets.UTF_8);
    }

    private byte[] handshake(String query) {
        List<String> lines = new ArrayList<>(Opening.HANDSHAKE);
        lines.add("Content-Length: 0");
        return Answer.request(gate.uri(), "GET", Opening.target(gate.uri(), query), lines);
    }
}
