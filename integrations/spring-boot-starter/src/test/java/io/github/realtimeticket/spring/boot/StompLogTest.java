// SPDX-License-Identifier: Apache-2.0
package io.github.realtimeticket.spring.boot;

import static io.github.realtimeticket.spring.boot.StompPeer.connect;
import static org.assertj.core.api.Assertions.assertThat;

import io.github.realtimeticket.TicketHolder;
import io.github.realtimeticket.fixtures.Application;
import io.github.realtimeticket.fixtures.Connection;
import io.github.realtimeticket.fixtures.WebUser;
import java.net.URI;
import java.net.http.HttpRequest.BodyPublishers;
import java.util.List;
import java.util.UUID;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import org.springframework.boot.test.system.CapturedOutput;
import org.springframework.boot.test.system.OutputCaptureExtension;

/** Which of Spring's logs have a ticket that came by STOMP. */
@ExtendWith(OutputCaptureExtension.class)
class StompLogTest {

    @Test
    void atDebugNoneHas(CapturedOutput output) throws Exception {
        try (Application application = start("debug")) {
            String one = connected(application, StompPeer.Way.WEBSOCKET, "ticket:");
            String two = connected(application, StompPeer.Way.XHR_STREAMING, "ticket:");
            String three = connected(application, StompPeer.Way.XHR_STREAMING, "passcode:");

            assertThat(output.getAll()).doesNotContain(one, two, three);
        }
    }

    @Test
    void atTraceWhatReadsFramesHasAndNothingBehindTheGate(CapturedOutput output) throws Exception {
        try (Application application = start("trace")) {
            String inHeader = connected(application, StompPeer.Way.WEBSOCKET, "ticket:");
            String asPasscode = connected(application, StompPeer.Way.WEBSOCKET, "passcode:");
            String byFallback = connected(application, StompPeer.Way.XHR_STREAMING, "passcode:");

            assertThat(output.getAll().lines().filter(line -> line.contains(inHeader)))
                    .isNotEmpty()
                    .allMatch(line -> line.contains("StompDecoder"));
            assertThat(output.getAll()).doesNotContain(asPasscode).contains(byFallback);
        }
    }

    @Test
    void ofFramesThatCannotBeReadNoneHasAnything(CapturedOutput output) throws Exception {
        try (Application application = start("info")) {
            String ticket = application.issue(TicketHolder.of(1, "alice"));
            int begun = output.getAll().length();
            for (StompPeer.Way way : StompPeer.Way.values()) {
                for (String frame : List.of(
                        "CONNECT\naccept-version:1.2\nticket=" + ticket + "\n\n\0",
                        connect("ticket:" + ticket).replace("\0", "with a body\0"),
                        "FOO\nticket:" + ticket + "\n\n\0",
                        "ACK\n\n\0".repeat(1_300),
                        "DISCONNECT\n\n\0".repeat(600),
                        "\n",
                        connect("ticket:none") + "SEND\n\n\0".repeat(1_000),
                        connect("heart-beat:0," + ticket, "ticket:" + ticket),
                        connect("content-length:" + ticket, "ticket:" + ticket, "no colon"))) {
                    try (StompPeer peer = StompPeer.open(application.uri("http", "/"), way)) {
                        peer.send(frame);
                        int unused = peer.closeCode();
                    }
                }
            }

            assertThat(output.getAll()
                            .substring(begun)
                            .lines()
                            .filter(line -> line.contains(" ERROR ") || line.startsWith("\tat ")))
                    .isEmpty();
            assertThat(output.getAll()).doesNotContain(ticket);
        }
    }

    @Test
    void ofMessagesOfSockJsThatCannotBeReadNoneHasAStackTrace(CapturedOutput output) throws Exception {
        try (Application application = start("info")) {
            WebUser client = application.user();
            for (String body : List.of("x", "", "{\"a\":1}", "[null]", "[\"a\"", "[[]]")) {
                String session = "/sockjs/000/" + UUID.randomUUID();
                assertThat(post(client, session + "/xhr", "")).isEqualTo(200);
                assertThat(post(client, session + "/xhr_send", body)).as(body).isEqualTo(500);

                URI socket = application.uri("ws", "/sockjs/000/" + UUID.randomUUID() + "/websocket");
                try (Connection connection = Connection.open(socket)) {
                    assertThat(connection.next()).isEqualTo("o");
                    connection.send(body.isEmpty() ? "[" : body);
                    assertThat(connection.closeCode()).isEqualTo(1007);
                }
            }

            assertThat(output.getAll().lines().filter(line -> line.startsWith("\tat ")))
                    .isEmpty();
        }
    }

    // As SockJS has it: what cannot be read is a 500.
    private static int post(WebUser client, String path, String body) throws Exception {
        return client.send(client.request(path, "Content-Type", "text/plain").POST(BodyPublishers.ofString(body)))
                .statusCode();
    }

    private static Application start(String level) {
        return Application.start(
                StompApplication.class,
                "realtime-ticket.gate.stomp=true",
                "logging.level.org.springframework=" + level,
                "logging.level.io.github.realtimeticket=" + level);
    }

    /** A ticket that was let in, and refused when it was shown again. */
    private static String connected(Application application, StompPeer.Way way, String header) throws Exception {
        String ticket = application.issue(TicketHolder.of(1, "alice"));
        for (String outcome : new String[] {"CONNECTED", "ERROR"}) {
            try (StompPeer peer = StompPeer.open(application.uri("http", "/"), way)) {
                peer.send(connect(header + ticket));
                assertThat(peer.next()).startsWith(outcome);
            }
        }
        return ticket;
    }
}
