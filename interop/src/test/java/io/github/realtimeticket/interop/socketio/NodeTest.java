// SPDX-License-Identifier: Apache-2.0
package io.github.realtimeticket.interop.socketio;

import static org.assertj.core.api.Assertions.assertThat;

import com.corundumstudio.socketio.Configuration;
import com.corundumstudio.socketio.SocketIOServer;
import com.sun.net.httpserver.HttpExchange;
import com.sun.net.httpserver.HttpServer;
import io.github.realtimeticket.Gate;
import io.github.realtimeticket.Revocation;
import io.github.realtimeticket.Revocations;
import io.github.realtimeticket.TicketHolder;
import io.github.realtimeticket.Tickets;
import io.github.realtimeticket.fixtures.FreePorts;
import io.github.realtimeticket.interop.TicketRedis;
import io.github.realtimeticket.interop.Tools;
import io.github.realtimeticket.netty.SocketIoGate;
import io.github.realtimeticket.redis.TicketKeys;
import java.io.IOException;
import java.io.InputStream;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.AutoClose;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** {@code socket.io-client} in Node.js, with the tickets of our client. */
class NodeTest {

    private static final int TICKETS = 2;

    @AutoClose
    private static TicketRedis redis;

    private static final Revocations revocations = Revocations.inMemory();
    private static SocketIOServer server;
    private static Path directory;
    private static int port;

    @BeforeAll
    static void start() throws Exception {
        directory = Tools.nodeModules(Path.of("socketio")).getParent();
        for (String module : List.of("client.mjs", "connect.mjs")) {
            Path unused = Files.copy(
                    Path.of("socketio", module), directory.resolve(module), StandardCopyOption.REPLACE_EXISTING);
        }
        try (InputStream client =
                NodeTest.class.getResourceAsStream("/io/github/realtimeticket/client/realtime-ticket.js")) {
            long unused =
                    Files.copy(client, directory.resolve("realtime-ticket.mjs"), StandardCopyOption.REPLACE_EXISTING);
        }
        redis = new TicketRedis();
        port = FreePorts.one();
        var configuration = new Configuration();
        configuration.setHostname("127.0.0.1");
        configuration.setPort(port);
        // The change to a WebSocket may have to wait for one.
        configuration.setPingInterval(500);
        server = new SocketIOServer(configuration);
        var sessions = new SocketIoGate(Gate.of(redis.tickets(TicketKeys.hashed(), revocations)));
        server.setPipelineFactory(sessions);
        server.addConnectListener(client ->
                client.sendEvent("message", sessions.admitted(client).holder().username()));
        server.addEventListener("leave", Object.class, (client, nothing, ack) -> client.disconnect());
        server.addEventListener("log out", Object.class, (client, nothing, ack) -> revoke(Revocation.holder(1)));
        server.addEventListener(
                "lock",
                Object.class,
                (client, nothing, ack) -> revoke(Revocation.holder(1).forbidden()));
        server.start();
    }

    @AfterAll
    static void stop() {
        if (server != null) {
            CompletableFuture<Void> unused = CompletableFuture.runAsync(server::stop);
        }
    }

    @ParameterizedTest
    @ValueSource(strings = {"", "polling", "websocket"})
    void aTicketOpensOneSessionHoweverManyRequestsItHas(String transport) throws Exception {
        List<String> expected = new ArrayList<>();
        for (int session = 0; session < TICKETS; session++) {
            expected.add("greeted alice over " + (transport.isEmpty() ? "websocket" : transport));
            expected.add("disconnected by forced close");
        }
        expected.add("logged out with 401");

        assertThat(said("lost", transport)).isEqualTo(expected);
        assertThat(redis.cli().keys("*")).isEmpty();
    }

    @Test
    void aClientThatIsThrownOutStaysOut() throws Exception {
        assertThat(said("thrown out", "websocket"))
                .containsExactly("greeted alice over websocket", "disconnected by io server disconnect");
    }

    @Test
    void aClientWhoseLoginHasEndedAsksForAnotherTicket() throws Exception {
        assertThat(said("log out", "websocket"))
                .containsExactly(
                        "greeted alice over websocket",
                        "disconnected by transport close, 3000",
                        "greeted alice over websocket",
                        "disconnected by transport close, 3000",
                        "logged out with 401");
        assertThat(said("log out", "polling"))
                .filteredOn(line -> !line.startsWith("disconnected"))
                .containsExactly("greeted alice over polling", "greeted alice over polling", "logged out with 401");
    }

    @Test
    void aClientWhoseUserIsLockedStaysOut() throws Exception {
        assertThat(said("lock", "websocket"))
                .containsExactly("greeted alice over websocket", "disconnected by io server disconnect");
    }

    @Test
    void aPageThatIsLeftConnectsNoMore() throws Exception {
        assertThat(said("left before it", "websocket")).isEmpty();
        assertThat(said("left after it", "websocket"))
                .containsExactly("greeted alice over websocket", "disconnected by forced close");
    }

    private static List<String> said(String way, String transport) throws Exception {
        HttpServer endpoint = endpoint();
        List<String> command = new ArrayList<>(List.of(
                "node",
                "client.mjs",
                "http://127.0.0.1:" + port,
                "http://127.0.0.1:" + endpoint.getAddress().getPort() + "/ticket/",
                way));
        if (!transport.isEmpty()) {
            command.add(transport);
        }
        Process process = new ProcessBuilder(command)
                .directory(directory.toFile())
                .redirectErrorStream(true)
                .start();
        String output = new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
        endpoint.stop(0);
        assertThat(process.waitFor()).as(output).isZero();
        return output.lines().toList();
    }

    /** An issuing endpoint of a user who is logged out after a few tickets. */
    private static HttpServer endpoint() throws IOException {
        Tickets tickets = redis.tickets(TicketKeys.hashed(), revocations);
        var issued = new AtomicInteger();
        HttpServer endpoint = HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 0);
        endpoint.createContext("/ticket/", exchange -> {
            if (issued.getAndIncrement() < TICKETS) {
                String ticket = tickets.issue(TicketHolder.of(1, "alice"))
                        .toCompletableFuture()
                        .join()
                        .reveal();
                answer(exchange, 200, "{\"status\":\"ok\",\"message\":\"" + ticket + "\",\"expires_in\":10}");
            } else {
                answer(exchange, 401, "{\"status\":\"error\",\"message\":\"unauthorized\"}");
            }
        });
        endpoint.start();
        return endpoint;
    }

    private static void revoke(Revocation revocation) {
        assertThat(revocations.revoke(revocation)).isCompleted();
    }

    private static void answer(HttpExchange exchange, int status, String body) throws IOException {
        exchange.getResponseHeaders().add("Content-Type", "application/json");
        exchange.sendResponseHeaders(status, body.length());
        exchange.getResponseBody().write(body.getBytes(StandardCharsets.US_ASCII));
        exchange.close();
    }
}
