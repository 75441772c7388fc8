// SPDX-License-Identifier: Apache-2.0
package io.github.realtimeticket.netty;

import static io.github.realtimeticket.fixtures.Eventually.eventually;
import static org.assertj.core.api.Assertions.assertThat;

import com.corundumstudio.socketio.AuthorizationListener;
import com.corundumstudio.socketio.AuthorizationResult;
import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.ObjectMapper;
import io.github.realtimeticket.Gate;
import io.github.realtimeticket.Refusal;
import io.github.realtimeticket.Revocation;
import io.github.realtimeticket.Revocations;
import io.github.realtimeticket.TicketCarrier;
import io.github.realtimeticket.TicketEvent;
import io.github.realtimeticket.TicketHolder;
import io.github.realtimeticket.TicketStore;
import io.github.realtimeticket.Tickets;
import io.github.realtimeticket.fixtures.Leaks;
import io.github.realtimeticket.fixtures.Redis;
import io.github.realtimeticket.fixtures.RemoteStore;
import io.github.realtimeticket.fixtures.Wire;
import io.github.realtimeticket.redis.RedisTicketStore;
import io.github.realtimeticket.testkit.GateContract;
import io.github.realtimeticket.testkit.GateContract.RunningServer;
import io.github.realtimeticket.testkit.WebSocketConnectionContract;
import java.io.IOException;
import java.net.URI;
import java.time.Duration;
import java.util.HashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.UUID;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.LongSupplier;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.AutoClose;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Nested;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class SocketIoGateTest {

    private static final String POLLING = "/socket.io/?EIO=4&transport=polling";
    private static final String WEBSOCKET = "/socket.io/?EIO=4&transport=websocket";
    private static final Pattern OPEN = Pattern.compile("0\\{\"sid\":\"([0-9a-f-]{36})\".*");

    // netty-socketio does not release a packet that came with others, nor a request that it fails to authorize, and
    // does not
    // stop the timer of the pipeline that it has without us.
    @RegisterExtension
    static final Leaks LEAKS =
            new Leaks("socketio.protocol.PacketDecoder", "'authorizeHandler' will handle", "HashedWheelTimer");

    @AutoClose
    private static Redis redis;

    private final RemoteStore store = new RemoteStore();
    private final Tickets tickets = Tickets.of(store);
    private final Revocations revocations = Revocations.inMemory();
    private final Gate gate =
            Gate.of(Tickets.builder(store).revocations(revocations).build());
    private SessionServer server;

    @BeforeAll
    static void startRedis() throws IOException {
        redis = new Redis();
    }

    @Nested
    class Sessions extends GateContract {
        @Override
        protected RunningServer serve(Gate gate) throws IOException {
            return running(new SessionServer(gate));
        }

        @Override
        protected List<String> says() {
            return List.of("40");
        }

        @Override
        protected Optional<String> username(String packet) {
            return packet.startsWith("42") ? Optional.of(argument(packet)) : Optional.empty();
        }

        // netty-socketio speaks none.
        @Override
        protected List<String> subprotocols() {
            return List.of();
        }
    }

    @Nested
    class SessionsInRedis extends Sessions {
        @Override
        protected TicketStore store(LongSupplier unused) {
            return RedisTicketStore.builder(redis.uri())
                    .timeout(Duration.ofSeconds(10))
                    .build();
        }
    }

    @Nested
    class Ends extends WebSocketConnectionContract {

        private SessionServer started;

        @Override
        protected RunningServer serve(Gate gate) throws IOException {
            started = new SessionServer(gate);
            return running(started);
        }

        @Override
        protected List<String> says() {
            return List.of("40");
        }

        @Override
        protected Optional<String> username(String packet) {
            return packet.startsWith("42") ? Optional.of(argument(packet)) : Optional.empty();
        }

        @Override
        protected String bye() {
            return "42[\"bye\"]";
        }

        @Override
        protected void broadcast(String text) {
            started.broadcast(text);
        }

        @Override
        protected long heard() {
            return started.heard.get();
        }
    }

    private static RunningServer running(SessionServer server) {
        return RunningServer.of(() -> URI.create("ws://127.0.0.1:" + server.port + WEBSOCKET), server::close);
    }

    @AfterEach
    void stop() {
        if (server != null) {
            server.close();
        }
    }

    @Test
    void aTicketOpensOneSessionHoweverManyRequestsItHas() throws Exception {
        start(Gate.of(tickets));
        String ticket = issue("alice");

        String session = session(get(POLLING + "&ticket=" + ticket));
        String of = POLLING + "&ticket=" + ticket + "&sid=" + session;
        assertThat(get(of).body()).isEqualTo("42[\"message\",\"alice\"]");
        assertThat(post(of, "40").body()).isEqualTo("ok");
        assertThat(get(of).body()).startsWith("40{\"sid\"");

        assertThat(get(POLLING + "&ticket=" + ticket).status()).isEqualTo(401);
        assertThat(server.came).containsExactly("alice");
    }

    @Test
    void t16_aSessionEndsWithALoginThatIsRevokedInRedis() throws Exception {
        try (var remote = RedisTicketStore.connect(redis.uri());
                var elsewhere = RedisTicketStore.connect(redis.uri())) {
            start(Gate.of(
                    Tickets.builder(remote).revocations(remote.revocations()).build()));

            try (var client = new Wire(server.port)) {
                client.handshake(WEBSOCKET + "&ticket=" + issue(remote, "alice"));
                assertThat(client.answer().status()).isEqualTo(101);
                assertThat(client.frame()).startsWith("text 0{");
                assertThat(client.frame()).isEqualTo("text 42[\"message\",\"alice\"]");
                elsewhere
                        .revocations()
                        .revoke(Revocation.holder(1))
                        .toCompletableFuture()
                        .join();
                assertThat(client.frame()).isEqualTo("text 1");
                assertThat(client.frame()).isEqualTo("close 3000");
            }
        }
    }

    @Test
    void theChangeToAWebSocketUsesUpNoTicket() throws Exception {
        start(Gate.of(tickets));
        String other = issue("bob");
        String session = session(get(POLLING + "&ticket=" + issue("alice")));
        assertThat(get(POLLING + "&sid=" + session).body()).isEqualTo("42[\"message\",\"alice\"]");

        try (var client = new Wire(server.port)) {
            client.handshake(WEBSOCKET + "&sid=" + session + "&ticket=" + other);
            assertThat(client.answer().status()).isEqualTo(101);
            client.text("2probe");
            assertThat(client.frame()).isEqualTo("text 3probe");
            client.text("5");
            client.text("40");
            String packet = client.frame();
            // What ends a poll that waits; here none does.
            assertThat(packet.equals("text 6") ? client.frame() : packet).startsWith("text 40{\"sid\"");
        }

        assertThat(server.left.poll(30, TimeUnit.SECONDS)).isEqualTo("alice");
        assertThat(get(POLLING + "&ticket=" + other).status()).isEqualTo(200);
    }

    @Test
    void aTicketInAHeaderOpensASession() throws Exception {
        start(Gate.builder(tickets).carrier(TicketCarrier.header()).build());

        try (var client = new Wire(server.port)) {
            client.handshake(WEBSOCKET, "Realtime-Ticket: " + issue("alice"));
            assertThat(client.answer().status()).isEqualTo(101);
            assertThat(client.frame()).startsWith("text 0{");
            assertThat(client.frame()).isEqualTo("text 42[\"message\",\"alice\"]");
        }
    }

    @Test
    void anAuthorizationListenerIsAskedOnceOfASessionBehindItsOneRedemption() throws Exception {
        List<String> asked = new CopyOnWriteArrayList<>();
        List<TicketEvent> events = new CopyOnWriteArrayList<>();
        AuthorizationListener authorization = request -> {
            asked.add(events.size() + " " + request.getSingleUrlParam("transport"));
            return AuthorizationResult.SUCCESSFUL_AUTHORIZATION;
        };
        server = new SessionServer(watched(events), 1, settings -> settings.setAuthorizationListener(authorization));
        String first = issue("alice");
        String second = issue("bob");

        String session = session(get(POLLING + "&ticket=" + first));
        try (var client = new Wire(server.port);
                var other = new Wire(server.port)) {
            client.handshake(WEBSOCKET + "&ticket=" + first + "&sid=" + session);
            assertThat(client.answer().status()).isEqualTo(101);
            client.text("2probe");
            assertThat(client.frame()).isEqualTo("text 3probe");
            client.text("5");
            other.handshake(WEBSOCKET + "&ticket=" + second);
            assertThat(other.answer().status()).isEqualTo(101);
            assertThat(other.frame()).startsWith("text 0{");
        }

        assertThat(asked).containsExactly("1 polling", "2 websocket");
        assertThat(events).hasSize(2).allSatisfy(event -> assertThat(event).isInstanceOf(TicketEvent.Redeemed.class));
        assertThat(server.came).containsExactly("alice", "bob");
    }

    @ParameterizedTest
    @ValueSource(strings = {POLLING, WEBSOCKET})
    void whatAnAuthorizationListenerRefusesLeavesNothingOpen(String target) throws Exception {
        List<TicketEvent> events = new CopyOnWriteArrayList<>();
        Gate watched = watched(events);
        var asked = new AtomicInteger();
        AuthorizationListener authorization = request -> {
            asked.incrementAndGet();
            return AuthorizationResult.FAILED_AUTHORIZATION;
        };
        server = new SessionServer(watched, 1, settings -> settings.setAuthorizationListener(authorization));
        String ticket = issue("alice");

        for (int attempt = 0; attempt < 2; attempt++) {
            try (var client = new Wire(server.port)) {
                if (target.equals(POLLING)) {
                    client.send("GET " + target + "&ticket=" + ticket + " HTTP/1.1\r\nHost: localhost\r\n\r\n");
                } else {
                    client.handshake(target + "&ticket=" + ticket);
                }
                assertThat(client.answer().status()).isEqualTo(401);
                assertThat(client.rest()).isEmpty();
            }
        }

        // The second time it is the gate that refuses.
        assertThat(asked).hasValue(1);
        assertThat(events)
                .satisfiesExactly(
                        first -> assertThat(first).isInstanceOf(TicketEvent.Redeemed.class),
                        second -> assertThat(second)
                                .isInstanceOfSatisfying(
                                        TicketEvent.Refused.class,
                                        refused -> assertThat(refused.reason()).isEqualTo(Refusal.NOTHING)));
        assertThat(watched.connections().count()).isZero();
        assertThat(server.came).isEmpty();
    }

    @Test
    void whoHasNoTicketOpensNoSessionWhateverTheConnectPacketSays() throws Exception {
        start(Gate.of(tickets));

        assertRefused(get(POLLING), Refusal.MISSING);
        try (var client = new Wire(server.port)) {
            client.handshake(WEBSOCKET);
            assertRefused(client.answer(), Refusal.MISSING);
            assertThat(client.rest()).isEmpty();
        }
        String ticket = issue("alice");
        assertThat(post(POLLING, "40{\"ticket\":\"" + ticket + "\"}").status()).isEqualTo(400);
        assertThat(server.came).isEmpty();
        assertThat(get(POLLING + "&ticket=" + ticket).status()).isEqualTo(200);

        store.down();
        assertRefused(get(POLLING + "&ticket=" + UUID.randomUUID()), Refusal.FAILED);
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "GET /socket.io/?transport=polling&sid=6f1c2f0e-3c2f-4f0c-9d3c-0d6a54a6b1c1",
                "POST /socket.io/?transport=polling&sid=6f1c2f0e-3c2f-4f0c-9d3c-0d6a54a6b1c1",
                "GET /socket.io/?transport=polling&disconnect=1&sid=6f1c2f0e-3c2f-4f0c-9d3c-0d6a54a6b1c1",
                "GET /socket.io/?transport=polling&sid=garbage",
                "GET /socket.io/?transport=polling&sid=",
                "GET /socket.io/?transport=polling&sid",
                "GET /socket.io/?transport=websocket",
                "GET /socket.io/?transport=carrier-pigeon",
                "GET /socket.io/?transport=POLLING",
                "GET /socket.io/?transport=polling&transport=websocket",
                "GET /socket.io/?EIO=4",
                "GET /socket.io/other?transport=polling",
                "GET /%73ocket.io/x?transport=polling",
                "GET /socket.io/?transport=polling&x=%zz",
                "GET /socket.io/?transport=polling&x=%",
                "POST /socket.io/?transport=polling",
                "PUT /socket.io/?transport=polling",
                "OPTIONS /socket.io/?transport=polling",
                "GET /socket.io?transport=polling",
                "GET /other?transport=polling",
                "GET /?transport=polling",
                "GET /socket.io/?EIO=4&transport=polling&disconnect=1",
                "GET /socket.io/?EIO=4&transport=polling&disconnect",
                "GET /socket.io/?EIO=4&transport=polling&j=garbage",
                "GET /socket.io/?EIO=4&transport=polling&j",
                "GET /socket.io/?EIO=4&transport=polling&j=99999999999",
                "GET /socket.io/?EIO=4&transport=polling&b64=garbage",
                "GET /socket.io/?EIO=4&transport=polling&b64=TRUE"
            })
    void t20_whatOpensNoSessionAndIsOfNoneUsesUpNoTicketAndIsNotLeftOpen(String line) throws Exception {
        start(Gate.of(tickets));
        String ticket = issue("alice");

        try (var client = new Wire(server.port)) {
            client.send(line + "&ticket=" + ticket + " HTTP/1.1\r\nHost: localhost\r\n\r\n");
            assertThat(client.answer().status()).isEqualTo(400);
            assertThat(client.rest()).isEmpty();
        }

        assertThat(get(POLLING + "&ticket=" + ticket).status()).isEqualTo(200);
    }

    // netty-socketio lets other paths past its own check then, and its transports look at the query alone.
    @ParameterizedTest
    @ValueSource(strings = {"polling", "polling&sid=", "websocket", "websocket&sid="})
    void aTransportAtAnotherPathIsRefusedThoughOtherRequestsAreAllowed(String transport) throws Exception {
        server = new SessionServer(gate, 1, settings -> settings.setAllowCustomRequests(true));
        String session = session(get(POLLING + "&ticket=" + issue("alice")));
        String target = "/other?transport=" + (transport.endsWith("=") ? transport + session : transport);

        try (var client = new Wire(server.port)) {
            if (transport.startsWith("polling")) {
                client.send("GET " + target + " HTTP/1.1\r\nHost: localhost\r\n\r\n");
            } else {
                client.handshake(target);
            }
            assertThat(client.answer().status()).isEqualTo(400);
            assertThat(client.rest()).isEmpty();
        }
    }

    @ParameterizedTest
    @ValueSource(strings = {"garbage", "6f1c2f0e-3c2f-4f0c-9d3c-0d6a54a6b1c1"})
    void aHandshakeOfNoSessionIsRefused(String session) throws Exception {
        start(Gate.of(tickets));

        try (var client = new Wire(server.port)) {
            client.handshake(WEBSOCKET + "&sid=" + session);
            assertThat(client.answer().status()).isEqualTo(400);
            assertThat(client.rest()).isEmpty();
        }
    }

    @ParameterizedTest
    @ValueSource(strings = {"/%73ocket.io/", "/socket.io%2F", "http://localhost/socket.io/", "/socket.io/#"})
    void noSpellingOfThePathLeadsPastTheGate(String path) throws Exception {
        start(Gate.of(tickets));

        assertThat(get(path + "?EIO=4&transport=polling").status()).isIn(400, 401);
    }

    @Test
    void aClientDoesNotNameItsSession() throws Exception {
        start(Gate.of(tickets));
        String wanted = UUID.randomUUID().toString();

        try (var client = new Wire(server.port)) {
            client.send("GET " + POLLING + "&ticket=" + issue("alice") + " HTTP/1.1\r\nHost: localhost\r\nCookie: io="
                    + wanted + "\r\nio: " + wanted + "\r\n\r\n");

            assertThat(session(client.answer())).isNotEqualTo(wanted);
        }
    }

    @Test
    void aFaultOfTheServerEndsItsConnection() throws Exception {
        start(Gate.of(tickets));
        server.cluster.full();

        try (var client = new Wire(server.port)) {
            client.send("GET " + POLLING + "&ticket=" + issue("alice") + " HTTP/1.1\r\nHost: localhost\r\n\r\n");

            assertThat(client.rest()).isEmpty();
        }
    }

    @ParameterizedTest
    @CsvSource({"GET, &j=garbage", "POST, &j=garbage", "GET, &b64=garbage", "POST, &b64=", "POST, &b64"})
    void whatATransportCannotReadIsRefusedInASessionToo(String method, String parameter) throws Exception {
        start(Gate.of(tickets));
        String of = POLLING + "&sid=" + session(get(POLLING + "&ticket=" + issue("alice")));

        try (var client = new Wire(server.port)) {
            client.send(method + " " + of + parameter + " HTTP/1.1\r\nHost: localhost\r\nContent-Length: 2\r\n\r\n40");
            assertThat(client.answer().status()).isEqualTo(400);
            assertThat(client.rest()).isEmpty();
        }

        assertThat(get(of).body()).isEqualTo("42[\"message\",\"alice\"]");
    }

    @ParameterizedTest
    @ValueSource(strings = {"&j=0", "&b64=1", "&b64=false", "&j=0&b64=true"})
    void olderClientsOpenSessionsToo(String parameters) throws Exception {
        start(Gate.of(tickets));

        assertThat(get(POLLING + parameters + "&ticket=" + issue("alice")).body())
                .contains("sid");
    }

    @Test
    void aSessionThatFailsAsItIsOpenedIsForgotten() throws Exception {
        start(Gate.of(tickets));
        server.cluster.down();

        String session = session(get(POLLING + "&ticket=" + issue("alice")));

        assertThat(server.cluster.forgotten.poll(30, TimeUnit.SECONDS)).hasToString(session);
        assertThat(get(POLLING + "&sid=" + session).status()).isEqualTo(400);
        assertThat(server.came).isEmpty();
    }

    @Test
    void t16_aSessionThatPollsEndsWithTheLogin() throws Exception {
        String of = startPolling();

        try (Wire poll = poll(of)) {
            revoke(Revocation.holder(1));
            assertThat(poll.answer().body()).isEqualTo("1");
        }
        assertIsOver(of);
    }

    @Test
    void t17_aSessionThatPollsEndsAtItsDeadline() throws Exception {
        Gate bounded = Gate.builder(tickets).maximumAge(Duration.ofSeconds(5)).build();
        String of = startPolling(bounded);

        try (Wire poll = poll(of)) {
            assertThat(poll.answer().body()).isEqualTo("1");
        }
        assertIsOver(bounded, of);
    }

    @Test
    void t17_aSessionBetweenTwoPollsEndsAtItsDeadline() throws Exception {
        Gate bounded = Gate.builder(tickets).maximumAge(Duration.ofSeconds(5)).build();

        assertIsOver(bounded, startPolling(bounded));
    }

    @Test
    void t16_whoPollsAndMayNotComeBackIsToldSoInEveryNamespace() throws Exception {
        String of = startPolling();
        assertThat(post(of, "40/admin,").body()).isEqualTo("ok");
        assertThat(get(of).body()).startsWith("40/admin,{\"sid\"");

        try (Wire poll = poll(of)) {
            revoke(Revocation.holder(1).forbidden());
            assertThat(poll.answer().body().split("\u001e")).containsExactlyInAnyOrder("41", "41/admin,", "1");
        }
        assertIsOver(of);
    }

    @Test
    void t16_aSessionBetweenTwoPollsEndsWithTheLogin() throws Exception {
        String of = startPolling();
        eventually(() -> !server.hears());

        revoke(Revocation.holder(1));

        assertIsOver(of);
    }

    @Test
    void t16_aSessionThatCannotBeForgottenIsServedNoMore() throws Exception {
        String of = startPolling();
        assertThat(post(of, "40/admin,").body()).isEqualTo("ok");
        assertThat(get(of).body()).startsWith("40/admin,{\"sid\"");
        eventually(() -> !server.hears());
        server.cluster.down();

        revoke(Revocation.holder(1));

        eventually(() -> gate.connections().count() == 0);
        assertThat(get(of).status()).isEqualTo(400);
    }

    @Test
    void t16_aSessionThatChangesToAWebSocketEndsWithTheLogin() throws Exception {
        String of = startPolling();

        try (var client = new Wire(server.port)) {
            client.handshake(of.replace("polling", "websocket"));
            assertThat(client.answer().status()).isEqualTo(101);
            client.text("2probe");
            assertThat(client.frame()).isEqualTo("text 3probe");
            revoke(Revocation.holder(1));

            assertThat(client.frame()).isEqualTo("text 1");
            assertThat(client.frame()).isEqualTo("close 3000");
        }
        assertIsOver(of);
    }

    @Test
    void t16_whoMayNotComeBackIsToldSoInEveryNamespace() throws Exception {
        start(gate);
        Set<String> said = new HashSet<>();

        try (var client = new Wire(server.port)) {
            client.handshake(WEBSOCKET + "&ticket=" + issue("alice"));
            assertThat(client.answer().status()).isEqualTo(101);
            client.text("40/admin,");
            for (String frame = ""; !frame.startsWith("text 40/admin,"); frame = client.frame()) {}
            revoke(Revocation.holder(1).forbidden());
            for (String frame = ""; !frame.startsWith("close"); frame = client.frame()) {
                said.add(frame);
            }
            assertThat(said).containsExactlyInAnyOrder("", "text 41", "text 41/admin,", "text 1");
        }
    }

    @Test
    void aWebSocketThatAnotherReplacesIsNotLeftOpen() throws Exception {
        start(gate);

        try (var first = new Wire(server.port);
                var second = new Wire(server.port)) {
            String session = open(first);
            second.handshake(WEBSOCKET + "&sid=" + session);
            assertThat(second.answer().status()).isEqualTo(101);
            assertThat(first.rest()).isEmpty();

            revoke(Revocation.holder(1));
            assertThat(second.frame()).isEqualTo("text 1");
            assertThat(second.frame()).isEqualTo("close 3000");
        }
    }

    @Test
    void aPollThatAnotherReplacesIsNotLeftOpen() throws Exception {
        String of = startPolling();

        try (Wire first = poll(of);
                var second = new Wire(server.port)) {
            second.send("GET " + of + " HTTP/1.1\r\nHost: localhost\r\n\r\n");
            assertThat(first.rest()).isEmpty();

            revoke(Revocation.holder(1));
            assertThat(second.answer().body()).isEqualTo("1");
        }
        assertIsOver(of);
    }

    @Test
    void aWebSocketThatAnotherReplacesInAnotherEventLoopEndsNoSession() throws Exception {
        server = new SessionServer(gate, 2);

        for (int i = 0; i < 50; i++) {
            try (var first = new Wire(server.port);
                    var second = new Wire(server.port)) {
                String session = open(first);
                second.handshake(WEBSOCKET + "&sid=" + session);
                assertThat(second.answer().status()).isEqualTo(101);
                second.text("40/admin,");
                assertThat(second.frame()).startsWith("text 40/admin,");
            }
        }
    }

    @ParameterizedTest
    @ValueSource(strings = {"Sec-WebSocket-Version: 99", "X: y"})
    void whatFailsToReplaceAWebSocketDoesNotEndIt(String line) throws Exception {
        start(gate);

        try (var first = new Wire(server.port);
                var second = new Wire(server.port)) {
            String session = open(first);
            second.send("GET " + WEBSOCKET + "&sid=" + session + " HTTP/1.1\r\nHost: localhost\r\n"
                    + "Connection: Upgrade\r\nUpgrade: websocket\r\n" + line + "\r\n\r\n");
            second.end();

            revoke(Revocation.holder(1));
            assertThat(first.frame()).isEqualTo("text 1");
            assertThat(first.frame()).isEqualTo("close 3000");
        }
    }

    @Test
    void whatFailsToReplaceAPollDoesNotEndIt() throws Exception {
        String of = startPolling();

        try (Wire poll = poll(of);
                var second = new Wire(server.port)) {
            second.send("GET " + of + "&j=garbage HTTP/1.1\r\nHost: localhost\r\n\r\n");
            assertThat(second.answer().status()).isEqualTo(400);

            revoke(Revocation.holder(1));
            assertThat(poll.answer().body()).isEqualTo("1");
        }
        assertIsOver(of);
    }

    @Test
    void t16_whoLeavesTheLastNamespaceHasNoSessionToComeBackTo() throws Exception {
        start(gate);

        try (var client = new Wire(server.port)) {
            client.handshake(WEBSOCKET + "&ticket=" + issue("alice"));
            assertThat(client.answer().status()).isEqualTo(101);
            client.text("41");
            client.text("40");
            String frame = client.frame();
            while (!frame.startsWith("close")) {
                assertThat(frame).doesNotStartWith("text 40");
                frame = client.frame();
            }
            assertThat(frame).isEqualTo("close 1000");
        }
        eventually(() -> gate.connections().count() == 0);
        assertThat(server.server.getAllClients()).isEmpty();
    }

    @Test
    void t16_whoPollsAndComesBackInOneRequestIsForgotten() throws Exception {
        String of = startPolling();

        assertThat(post(of, "41\u001e40").body()).isEqualTo("ok");

        assertIsOver(of);
        // The application's listeners, which may block, are called where nobody else's are.
        eventually(() -> server.leftOn.size() == 2);
        assertThat(server.leftOn).noneMatch(thread -> thread.startsWith("globalEventExecutor"));
    }

    @Test
    void nothingIsHeldOfSessionsThatHaveEnded() throws Exception {
        start(gate);
        for (int i = 0; i < 250; i++) {
            assertThat(get(POLLING + "&ticket=" + issue("alice")).status()).isEqualTo(200);
            try (var client = new Wire(server.port)) {
                client.handshake(WEBSOCKET + "&ticket=" + issue("alice"));
                assertThat(client.answer().status()).isEqualTo(101);
            }
        }
        eventually(() -> server.came.size() == 500);

        revoke(Revocation.holder(1));

        eventually(() -> server.left.size() == 500);
        // An event loop may still have its last task at hand.
        eventually(() -> {
            System.gc();
            return server.held.stream().filter(client -> client.get() != null).count() < 5;
        });
    }

    @Test
    void theServerServesOthersWhileTheStoreIsAskedAndForgetsWhoLeaves() throws Exception {
        start(Gate.of(tickets));
        String ticket = issue("alice");
        String patient = issue("bob");
        String session;
        store.hold();

        try (var waiting = new Wire(server.port)) {
            try (var client = new Wire(server.port)) {
                client.handshake(WEBSOCKET + "&ticket=" + ticket);
                store.awaitTake();
            }
            waiting.handshake(WEBSOCKET + "&ticket=" + patient);
            store.awaitTake();
            assertThat(get(POLLING).status()).isEqualTo(401);
            store.up();

            assertThat(waiting.answer().status()).isEqualTo(101);
            session = session(waiting.frame().replaceFirst("^text ", ""));
            assertThat(waiting.frame()).isEqualTo("text 42[\"message\",\"bob\"]");
        }
        assertThat(server.came).containsExactly("bob");
        assertThat(server.left.poll(30, TimeUnit.SECONDS)).isEqualTo("bob");
        assertThat(server.server.getAllClients()).isEmpty();
        assertThat(get(POLLING + "&sid=" + session).status()).isEqualTo(400);
    }

    private String open(Wire client) throws Exception {
        client.handshake(WEBSOCKET + "&ticket=" + issue("alice"));
        assertThat(client.answer().status()).isEqualTo(101);
        String session = session(client.frame().replaceFirst("^text ", ""));
        assertThat(client.frame()).isEqualTo("text 42[\"message\",\"alice\"]");
        return session;
    }

    // A session in the default namespace that has nothing to hear.
    private String startPolling() throws Exception {
        return startPolling(gate);
    }

    private String startPolling(Gate gate) throws Exception {
        start(gate);
        String of = POLLING + "&sid=" + session(get(POLLING + "&ticket=" + issue("alice")));
        assertThat(get(of).body()).isEqualTo("42[\"message\",\"alice\"]");
        assertThat(post(of, "40").body()).isEqualTo("ok");
        assertThat(get(of).body()).startsWith("40{\"sid\"");
        assertThat(gate.connections().count()).isOne();
        return of;
    }

    private Wire poll(String of) throws Exception {
        eventually(() -> !server.hears());
        var client = new Wire(server.port);
        client.send("GET " + of + " HTTP/1.1\r\nHost: localhost\r\n\r\n");
        eventually(() -> server.hears());
        return client;
    }

    private void assertIsOver(String of) throws Exception {
        assertIsOver(gate, of);
    }

    private void assertIsOver(Gate gate, String of) throws Exception {
        eventually(() -> gate.connections().count() == 0);
        assertThat(server.left.poll(30, TimeUnit.SECONDS)).isEqualTo("alice");
        eventually(() -> server.server.getAllClients().isEmpty());
        assertThat(get(of).status()).isEqualTo(400);
    }

    private void revoke(Revocation revocation) {
        assertThat(revocations.revoke(revocation)).isCompleted();
    }

    // Notes whom it has admitted and whom it has refused.
    private Gate watched(List<TicketEvent> events) {
        return Gate.of(Tickets.builder(store)
                .revocations(revocations)
                .listener(event -> {
                    if (event instanceof TicketEvent.Redeemed || event instanceof TicketEvent.Refused) {
                        events.add(event);
                    }
                })
                .build());
    }

    private void start(Gate gate) throws IOException {
        server = new SessionServer(gate);
    }

    private Wire.Answer get(String target) throws IOException {
        try (var client = new Wire(server.port)) {
            client.send("GET " + target + " HTTP/1.1\r\nHost: localhost\r\n\r\n");
            return client.answer();
        }
    }

    private Wire.Answer post(String target, String body) throws IOException {
        try (var client = new Wire(server.port)) {
            client.post(target, body);
            return client.answer();
        }
    }

    private static String session(Wire.Answer answer) {
        return session(answer.body());
    }

    private static String session(String packet) {
        Matcher open = OPEN.matcher(packet);
        assertThat(open.matches()).as(packet).isTrue();
        return open.group(1);
    }

    // What an event brings: packet 4 is a message of Engine.IO, and in it 2 is an event.
    private static String argument(String packet) {
        try {
            return new ObjectMapper().readTree(packet.substring(2)).get(1).asText();
        } catch (JsonProcessingException e) {
            throw new AssertionError(e);
        }
    }

    private static void assertRefused(Wire.Answer answer, Refusal reason) {
        assertThat(answer.status()).isEqualTo(reason.status());
        assertThat(answer.body()).isEqualTo(reason.body());
    }

    private String issue(String name) {
        return issue(store, name);
    }

    private static String issue(TicketStore store, String name) {
        return Tickets.of(store)
                .issue(TicketHolder.of(1, name))
                .toCompletableFuture()
                .join()
                .reveal();
    }
}
