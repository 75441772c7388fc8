// SPDX-License-Identifier: Apache-2.0
package io.github.realtimeticket.interop.stomp;

import static org.assertj.core.api.Assertions.assertThat;

import io.github.realtimeticket.TicketHolder;
import io.github.realtimeticket.fixtures.Application;
import io.github.realtimeticket.interop.TicketRedis;
import io.github.realtimeticket.interop.Tools;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.util.List;
import java.util.UUID;
import org.junit.jupiter.api.AutoClose;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** {@code @stomp/stompjs} and {@code sockjs-client} in Node.js, as programs use them. */
class NodeTest {

    @AutoClose
    private static TicketRedis redis;

    @AutoClose
    private static Application site;

    private static Path directory;

    @BeforeAll
    static void start() throws Exception {
        directory = Tools.nodeModules(Path.of("stomp")).getParent();
        Path unused = Files.copy(
                Path.of("stomp", "client.mjs"), directory.resolve("client.mjs"), StandardCopyOption.REPLACE_EXISTING);
        redis = new TicketRedis();
        site = ChatSite.start(redis);
    }

    @ParameterizedTest
    @ValueSource(strings = {"", "websocket", "xhr-streaming", "xhr-polling"})
    void aTicketConnectsOnceAndAnUnknownOneIsRefused(String transport) throws Exception {
        String ticket = site.issue(TicketHolder.of(1, "alice"));

        assertThat(said(ticket, transport)).contains("connected as alice", "answered alice");
        assertRefused(said(ticket, transport), transport);
        assertRefused(said(UUID.randomUUID().toString(), transport), transport);
    }

    private static void assertRefused(List<String> said, String transport) {
        if (transport.equals("xhr-polling")) {
            // Spring closes such a session with this, and may drop an ERROR that no request waits for.
            assertThat(said)
                    .noneMatch(line -> line.startsWith("connected"))
                    .last()
                    .asString()
                    .matches("closed with (1002|3000)");
        } else {
            assertThat(said).containsExactly("error unauthorized", "closed with 1002");
        }
    }

    private static List<String> said(String ticket, String transport) throws Exception {
        String url = site.uri(transport.isEmpty() ? "ws" : "http", transport.isEmpty() ? "/stomp" : "/sockjs")
                .toString();
        Process process = new ProcessBuilder("node", "client.mjs", url, ticket, transport)
                .directory(directory.toFile())
                .redirectErrorStream(true)
                .start();
        String output = new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
        assertThat(process.waitFor()).isZero();
        return output.lines().toList();
    }
}
