// SPDX-License-Identifier: Apache-2.0
package io.github.realtimeticket.spring.boot;

import static io.github.realtimeticket.fixtures.Eventually.eventually;
import static io.github.realtimeticket.spring.boot.StompPeer.connect;
import static io.github.realtimeticket.spring.boot.StompPeer.frame;
import static org.assertj.core.api.Assertions.assertThat;

import io.github.realtimeticket.Admission;
import io.github.realtimeticket.Gate;
import io.github.realtimeticket.Refusal;
import io.github.realtimeticket.Ticket;
import io.github.realtimeticket.TicketHolder;
import io.github.realtimeticket.fixtures.Application;
import io.github.realtimeticket.fixtures.Connection;
import io.github.realtimeticket.fixtures.RemoteStore;
import io.github.realtimeticket.spring.messaging.TicketStompConfigurer;
import java.net.URI;
import java.security.Principal;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.AfterParameterizedClassInvocation;
import org.junit.jupiter.params.BeforeParameterizedClassInvocation;
import org.junit.jupiter.params.ParameterizedClass;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import org.springframework.beans.factory.ObjectProvider;
import org.springframework.beans.factory.annotation.Value;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Import;
import org.springframework.messaging.simp.user.SimpUserRegistry;
import org.springframework.web.socket.messaging.SubProtocolWebSocketHandler;

/** Clients that send other frames than they should, or none; with frames worked on in their order, and side by side as they are without a word. */
@ParameterizedClass
@ValueSource(booleans = {true, false})
class StompFramesTest {

    private static final String WHO = frame("SUBSCRIBE", "id:1", "destination:/app/me");

    private static final String BAD_REQUEST = "ERROR\nmessage:bad request\ncontent-length:0\n\n\0";

    private static final RemoteStore STORE = new RemoteStore();
    private static final Heard HEARD = new Heard();

    private static Application application;

    /** The same, with less patience than a loaded machine may need. */
    private static Application impatient;

    StompFramesTest(boolean inOrder) {
        assertThat(application.context().getEnvironment().getProperty("in-order", Boolean.class))
                .isEqualTo(inOrder);
    }

    @Import(StompApplication.class)
    static class WithPatience {

        @Bean
        TicketStompConfigurer stompTickets(ObjectProvider<Gate> gate, @Value("${patience}") Duration patience) {
            return TicketStompConfigurer.lazily(gate::getObject)
                    .withUsers(WithPatience::user)
                    .withTimeToConnect(patience);
        }

        private static Principal user(Admission.Admitted admitted) {
            if (admitted.holder().username().equals("mallory")) {
                throw new IllegalStateException("as the test wants it");
            }
            return admitted.holder();
        }
    }

    @BeforeParameterizedClassInvocation
    static void start(boolean inOrder) {
        application = start(inOrder, "1m");
        impatient = start(inOrder, "2s");
    }

    private static Application start(boolean inOrder, String patience) {
        return Application.start(
                WithPatience.class,
                Map.of("heard", HEARD, "store", STORE),
                "realtime-ticket.gate.stomp=true",
                "realtime-ticket.gate.allowed-origins=https://app.example",
                "in-order=" + inOrder,
                "patience=" + patience);
    }

    @AfterParameterizedClassInvocation
    static void stop() {
        application.close();
        impatient.close();
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "SUBSCRIBE\nid:1\ndestination:/topic/all\n\n\0",
                "SEND\ndestination:/topic/all\n\nHello\0",
                "SEND\ndestination:/app/who\n\n\0",
                "DISCONNECT\nreceipt:1\n\n\0",
                "ACK\nid:1\n\n\0",
                "BEGIN\ntransaction:1\n\n\0"
            })
    void noFrameIsTakenBeforeATicketNorATicketBehindIt(String first) throws Exception {
        String ticket = ticket();
        int before = HEARD.refusals().size();
        try (StompPeer peer = open()) {
            peer.send(first + connect("ticket:" + ticket) + WHO);

            assertThat(peer.next()).isEqualTo(BAD_REQUEST);
            assertThat(peer.closeCode()).isEqualTo(1002);
        }
        assertNobodyIsThere();
        assertThat(HEARD.refusals().subList(before, HEARD.refusals().size())).containsExactly(Refusal.UNSUITABLE);
        assertThat(isGood(ticket)).isTrue();
    }

    @Test
    void aFaultOfTheApplicationOpensNothing() throws Exception {
        try (StompPeer peer = open()) {
            peer.send(connect("ticket:" + application.issue(TicketHolder.of(3, "mallory"))) + WHO);

            assertThat(peer.next()).startsWith("ERROR\nmessage:unavailable\n");
            assertThat(peer.next()).isEqualTo(Connection.CLOSED);
        }
    }

    @Test
    void aHeartbeatIsNoFirstFrame() throws Exception {
        try (StompPeer peer = open()) {
            peer.send("\n");

            assertThat(peer.next()).isEqualTo(BAD_REQUEST);
            assertThat(peer.closeCode()).isEqualTo(1002);
        }
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "CONNECT\naccept-version:1.2\nticket=%s\n\n\0",
                "SEND\ndestination:/app/who\nticket:%s\\q\n\n\0",
                "CONNECT\naccept-version:1.2\nticket:%s\n\nwith a body\0",
                "CONNECT\naccept-version:1.2\ncontent-length:1\nticket:%s\n\nwith a body\0",
                "CONNECT\naccept-version:1.2\ncontent-type:%s\n\n\0",
                "CONNECT\naccept-version:1.2\nheart-beat:a,b\nticket:%s\n\n\0",
                "CONNECT\naccept-version:1.2\nheart-beat:99999999999999999999,0\nticket:%s\n\n\0",
                "CONNECT\naccept-version:1.2\nticket:%s\n\n\0FOO\n\n\0",
                "FOO\nticket:%s\n\n\0",
                "%s\n\n\0",
                "\rCONNECT\naccept-version:1.2\nticket:%s\n\n\0"
            })
    void whatCannotBeReadIsRefusedInOneWordAndUsesUpNoTicket(String frames) throws Exception {
        String ticket = ticket();
        int before = HEARD.refusals().size();
        try (StompPeer peer = open()) {
            peer.send(frames.formatted(ticket));

            assertThat(peer.next()).isEqualTo(BAD_REQUEST);
            assertThat(peer.closeCode()).isEqualTo(1002);
        }
        assertNobodyIsThere();
        assertThat(HEARD.refusals().subList(before, HEARD.refusals().size())).containsExactly(Refusal.UNSUITABLE);
        assertThat(isGood(ticket)).isTrue();
    }

    @Test
    void aFrameThatComesInPiecesIsReadAsAWhole() throws Exception {
        String ticket = ticket();
        String whole = "\n\r\n" + connect("ticket:" + ticket) + WHO;
        try (StompPeer peer = open()) {
            peer.send(whole.substring(0, 20));
            peer.send(whole.substring(20, 60));
            peer.send(whole.substring(60));

            assertThat(List.of(peer.next(), peer.next()))
                    .anySatisfy(frame -> assertThat(frame).startsWith("CONNECTED\n"))
                    .anySatisfy(frame -> assertThat(frame).endsWith("\nalice\0"));
        }
        try (StompPeer peer = open()) {
            peer.send("CONNECT\naccept-version:1.2\ntick");
            peer.send("et=" + ticket + "\n");
            peer.send("\n\0");

            assertThat(peer.next()).isEqualTo(BAD_REQUEST);
            assertThat(peer.closeCode()).isEqualTo(1002);
        }
    }

    @Test
    void aFrameMayComeInThirtyTwoPiecesAndInNoMore() throws Exception {
        String ticket = ticket();
        try (StompPeer peer = open()) {
            peer.send("CONNECT\naccept-version:1.2\nticket:" + ticket + "\nx:");
            for (int i = 1; i < 31; i++) {
                peer.send("a");
            }
            peer.send("\n\n\0");

            assertThat(peer.next()).startsWith("CONNECTED\n");
        }
        try (StompPeer peer = open()) {
            peer.send("CONNECT\nx:");
            for (int i = 1; i < 32; i++) {
                peer.send("a");
            }

            assertThat(peer.next()).isEqualTo(BAD_REQUEST);
            assertThat(peer.closeCode()).isEqualTo(1002);
        }
    }

    @Test
    void whatComesInOneMessageBehindTheTicketIsItsHolders() throws Exception {
        try (StompPeer peer = open()) {
            peer.send(connect("ticket:" + ticket()) + WHO);

            assertThat(List.of(peer.next(), peer.next()))
                    .anySatisfy(frame -> assertThat(frame).startsWith("CONNECTED\n"))
                    .anySatisfy(frame -> assertThat(frame).endsWith("\nalice\0"));
        }
        assertNobodyIsThere();
    }

    @Test
    void t9_aPageOfAnOriginThatTheGateDoesNotAllowIsRefused() throws Exception {
        String ticket = ticket();
        try (StompPeer peer = open("Origin", "https://other.example")) {
            peer.send(connect("ticket:" + ticket));

            assertThat(peer.next()).startsWith("ERROR\nmessage:forbidden\n");
            assertThat(peer.closeCode()).isEqualTo(1002);
        }
        assertThat(isGood(ticket)).isFalse();
        try (StompPeer peer = open("Origin", "https://app.example")) {
            peer.send(connect("ticket:" + ticket()));

            assertThat(peer.next()).startsWith("CONNECTED\n");
        }
    }

    @Test
    void whatComesBehindARefusedTicketIsNotTaken() throws Exception {
        String good = ticket();
        try (StompPeer peer = open()) {
            peer.send(connect("ticket:none") + connect("ticket:" + good) + WHO);

            assertThat(peer.next()).startsWith("ERROR\nmessage:unauthorized\n");
            assertThat(peer.next()).isEqualTo(Connection.CLOSED);
        }
        assertThat(isGood(good)).isTrue();
    }

    @Test
    void anotherConnectChangesNothingAndUsesUpNoTicket() throws Exception {
        String bobs = application.issue(TicketHolder.of(2, "bob"));
        try (StompPeer peer = open()) {
            peer.send(connect("ticket:" + ticket()));
            assertThat(peer.next()).startsWith("CONNECTED\n");

            peer.send(connect("ticket:" + bobs) + WHO + connect("ticket:" + bobs) + WHO);

            // Spring's ERROR may be lost when the socket is still busy with CONNECTED.
            String end = peer.next();
            assertThat(end.equals(Connection.CLOSED) || end.startsWith("ERROR\n"))
                    .isTrue();
            assertThat(end).doesNotContain(bobs);
            assertThat(peer.closeCode()).isEqualTo(1002);
        }
        assertNobodyIsThere();
        assertThat(isGood(bobs)).isTrue();
    }

    @ParameterizedTest
    @ValueSource(strings = {"", "CONNECT\naccept-version:1.2\nticket:"})
    void aSocketThatBringsNoTicketIsClosedAfterSeconds(String sent) throws Exception {
        int before = HEARD.refusals().size();
        try (StompPeer peer = open(impatient)) {
            if (!sent.isEmpty()) {
                peer.send(sent);
            }

            assertThat(peer.next()).isEqualTo(Connection.CLOSED);
            assertThat(peer.closeCode()).isEqualTo(3000);
        }
        eventually(() -> HEARD.refusals().size() > before);
        assertThat(HEARD.refusals().get(before)).isEqualTo(Refusal.MISSING);
    }

    @Test
    void aSessionOfSockJsThatBringsNoTicketIsClosedToo() throws Exception {
        URI root = impatient.uri("http", "/");
        try (StompPeer socket = StompPeer.open(root, StompPeer.Way.SOCKJS_WEBSOCKET);
                StompPeer stream = StompPeer.open(root, StompPeer.Way.XHR_STREAMING)) {
            assertThat(socket.closeCode()).isEqualTo(3000);
            assertThat(stream.closeCode()).isEqualTo(3000);
        }
    }

    @Test
    void aSessionWithATicketIsNotClosedThen() throws Exception {
        try (StompPeer silent = open(impatient);
                StompPeer peer = open(impatient)) {
            peer.send(connect("ticket:" + ticket()));
            assertThat(peer.next()).startsWith("CONNECTED\n");

            assertThat(silent.closeCode()).isEqualTo(3000);
            // Of the two it was opened later, so its own time is over when a third one's is.
            try (StompPeer later = open(impatient)) {
                assertThat(later.closeCode()).isEqualTo(3000);
            }
            peer.send(WHO);
            assertThat(peer.next()).endsWith("\nalice\0");
        }
    }

    @Test
    void whoeverSaysGoodbyeAndStaysIsClosedAfterSeconds() throws Exception {
        try (StompPeer peer = open(impatient)) {
            peer.send(connect("ticket:" + ticket()));
            assertThat(peer.next()).startsWith("CONNECTED\n");
            peer.send(frame("DISCONNECT", "receipt:1"));
            assertThat(peer.next()).startsWith("RECEIPT\n");

            assertThat(peer.closeCode()).isEqualTo(1000);
        }
        assertNobodyIsThere(impatient);
    }

    @Test
    void aHeaderThatIsTooLongEndsTheSession() throws Exception {
        try (StompPeer peer = open()) {
            for (int i = 0; i < 9; i++) {
                peer.send((i == 0 ? "CONNECT\naccept-version:1.2\nticket:" : "") + "a".repeat(8_000));
            }

            assertThat(peer.next()).isEqualTo(BAD_REQUEST);
            assertThat(peer.next()).isEqualTo(Connection.CLOSED);
        }
    }

    @Test
    void aClientThatVanishesWhileTheStoreIsAskedLeavesNothingBehind() throws Exception {
        String ticket = ticket();
        long before = HEARD.redemptions();
        CompletableFuture<Void> held = STORE.hold();
        try (StompPeer peer = open()) {
            peer.send(connect("ticket:" + ticket));
            eventually(() -> held.getNumberOfDependents() == 1);
        } finally {
            STORE.up();
        }

        eventually(() -> HEARD.redemptions() > before);
        assertNobodyIsThere();
    }

    @Test
    void aStoreThatHangsTakesNoMoreThreadsThanAtAHandshake() throws Exception {
        CompletableFuture<Void> answer = STORE.hold();
        List<StompPeer> peers = new ArrayList<>();
        try {
            for (int i = 0; i < 70; i++) {
                StompPeer peer = open();
                peers.add(peer);
                peer.send(connect("ticket:aaaaaaaaaaaaaaaaaaaaaaaaaaa"));
            }
            for (StompPeer turnedAway : peers.subList(64, 70)) {
                assertThat(turnedAway.next()).startsWith("ERROR\nmessage:unavailable\n");
            }
        } finally {
            answer.complete(null);
            STORE.up();
            peers.forEach(StompPeer::close);
        }
    }

    private static StompPeer open(String... headers) throws Exception {
        return open(application, headers);
    }

    private static StompPeer open(Application application, String... headers) throws Exception {
        return StompPeer.open(application.uri("http", "/"), StompPeer.Way.WEBSOCKET, headers);
    }

    private static String ticket() {
        return application.issue(TicketHolder.of(1, "alice"));
    }

    private static boolean isGood(String ticket) {
        return application.redeem(Ticket.parse(ticket).orElseThrow()).isPresent();
    }

    private static void assertNobodyIsThere() {
        assertNobodyIsThere(application);
    }

    private static void assertNobodyIsThere(Application application) {
        var sockets = application.bean(SubProtocolWebSocketHandler.class);
        eventually(() -> sockets.getStats().getWebSocketSessions() == 0);
        eventually(() -> application.bean(SimpUserRegistry.class).getUserCount() == 0);
        eventually(() -> application.bean(Gate.class).connections().count() == 0);
    }
}
