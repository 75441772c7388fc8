// SPDX-License-Identifier: Apache-2.0
package io.github.realtimeticket.testkit;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.util.List;
import java.util.function.Consumer;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** What no client sends that means well: it is refused in clear words, and leaves no stack trace in the log. */
abstract class OddScenarios {

    private static final String KEY = "Sec-WebSocket-Key: dGhlIHNhbXBsZSBub25jZQ==";

    private final GateContract gate;

    OddScenarios(GateContract gate) {
        this.gate = gate;
    }

    @Test
    void anOverLongAddressIsRefused() throws Exception {
        assertRefused(request("GET", "ticket=" + "a".repeat(9_000), handshake(KEY, 13)));
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
    @CsvSource({
        "POST, Sec-WebSocket-Key: dGhlIHNhbXBsZSBub25jZQ==, 13",
        "GET, X-No-Key: 1, 13",
        "GET, Sec-WebSocket-Key: short, 13",
        "GET, Sec-WebSocket-Key: dGhlIHNhbXBsZSBub25jZQ==, 12"
    })
    void aHandshakeThatIsNoneIsRefused(String method, String key, int version) throws Exception {
        byte[] none = request(method, "ticket=" + gate.issue("alice").reveal(), handshake(key, version));

        if (gate.isWebSocket()) {
            assertRefused(none);
        } else {
            assertStands(none, opening -> assertThat(opening.status()).isBetween(200, 499));
        }
    }

    private void assertRefused(byte[] request) throws Exception {
        assertStands(request, opening -> {
            assertThat(opening.status()).isBetween(400, 499);
            assertThat(opening.text()).doesNotContain("alice", "\tat ", "Exception");
        });
    }

    private void assertStands(byte[] request, Consumer<Opening> then) throws Exception {
        try (var traces = new StackTraces()) {
            if (gate.standsOddRequests()) {
                then.accept(send(request));
                assertThat(traces.found()).isEmpty();
            } else {
                sendAnyhow(request);
            }
        }
        gate.assertAdmitted(gate.open("ticket=" + gate.issue("alice").reveal()), "alice");
    }

    private void sendAnyhow(byte[] request) {
        try {
            assertThat(send(request)).isNotNull();
        } catch (IOException e) {
            // It ends the connection without an answer.
        }
    }

    private Opening send(byte[] request) throws IOException {
        return Opening.of(gate.uri(), gate.greeting(), request);
    }

    private byte[] withFrame(String query) {
        var bytes = new ByteArrayOutputStream();
        bytes.writeBytes(request("GET", query, handshake(KEY, 13)));
        bytes.writeBytes(Opening.masked("too early"));
        return bytes.toByteArray();
    }

    private byte[] request(String method, String query, List<String> lines) {
        return Answer.request(gate.uri(), method, Opening.target(gate.uri(), query), lines);
    }

    private static List<String> handshake(String key, int version) {
        return List.of(
                "Upgrade: websocket",
                "Connection: Upgrade",
                key,
                "Sec-WebSocket-Version: " + version,
                "Content-Length: 0");
    }
}
