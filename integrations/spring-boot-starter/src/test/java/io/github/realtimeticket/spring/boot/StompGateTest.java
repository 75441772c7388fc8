// SPDX-License-Identifier: Apache-2.0
package io.github.realtimeticket.spring.boot;

import static io.github.realtimeticket.fixtures.Eventually.eventually;
import static io.github.realtimeticket.spring.boot.StompPeer.connect;
import static io.github.realtimeticket.spring.boot.StompPeer.frame;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.github.realtimeticket.Gate;
import io.github.realtimeticket.LiveConnections;
import io.github.realtimeticket.Refusal;
import io.github.realtimeticket.Revocation;
import io.github.realtimeticket.TicketGrant;
import io.github.realtimeticket.TicketHolder;
import io.github.realtimeticket.fixtures.Application;
import io.github.realtimeticket.fixtures.Connection;
import io.github.realtimeticket.fixtures.FirstMessageScenarios;
import io.github.realtimeticket.fixtures.Wire;
import java.io.IOException;
import java.time.Instant;
import java.util.List;
import java.util.concurrent.Callable;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.AfterParameterizedClassInvocation;
import org.junit.jupiter.params.BeforeParameterizedClassInvocation;
import org.junit.jupiter.params.ParameterizedClass;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.ValueSource;
import org.springframework.messaging.simp.SimpMessagingTemplate;
import org.springframework.messaging.simp.user.SimpUserRegistry;

/** What becomes of a ticket in the first frame of STOMP, as of one in a handshake. */
@ParameterizedClass
@EnumSource
class StompGateTest extends FirstMessageScenarios {

    private static final String SUBSCRIBE = frame("SUBSCRIBE", "id:1", "destination:/user/queue/answers");
    private static final String COUNT = frame("SEND", "destination:/app/count");
    private static final String WHO = frame("SEND", "destination:/app/who");

    private static StompSite site;

    StompGateTest(StompSite.Store store) {
        assertThat(store).isNotNull();
    }

    @BeforeParameterizedClassInvocation
    static void start(StompSite.Store store) throws Exception {
        site = new StompSite(store, StompApplication.class);
    }

    @AfterParameterizedClassInvocation
    static void stop() throws Exception {
        site.close();
    }

    @Override
    protected Application application() {
        return site.application();
    }

    @Override
    protected String message(String ticket) {
        return connect("ticket:" + ticket);
    }

    @Override
    protected String message(String ticket, String origin) {
        return connect("Origin:" + origin, "ticket:" + ticket);
    }

    @Override
    protected Callable<Boolean> racer(String message) throws Exception {
        StompPeer peer = site.open();
        return () -> {
            try (peer) {
                peer.send(message);
                String answer = peer.next();
                assertThat(answer).matches(said -> said.startsWith("CONNECTED") || saysUnauthorized(said));
                return answer.startsWith("CONNECTED");
            }
        };
    }

    @Override
    protected void outOfReach(boolean down) throws Exception {
        site.outOfReach(down);
    }

    @ParameterizedTest
    @ValueSource(strings = {"ticket", "passcode"})
    void aTicketInTheFirstFrameMakesItsHolderTheUser(String header) throws Exception {
        try (StompPeer peer = site.open()) {
            peer.send(connect(header + ":" + site.ticket()));

            assertThat(peer.next()).startsWith("CONNECTED\n").contains("\nuser-name:alice\n");
            peer.send(SUBSCRIBE);
            peer.send(WHO);
            assertThat(peer.next()).startsWith("MESSAGE\n").endsWith("\nalice\0");
            assertThat(registry().getUser("alice")).isNotNull();
            site.application()
                    .bean(SimpMessagingTemplate.class)
                    .convertAndSendToUser("alice", "/queue/answers", "for you");
            assertThat(peer.next()).endsWith("\nfor you\0");
        }
        eventually(() -> registry().getUser("alice") == null);
    }

    @Test
    void theOtherNameOfTheFrameIsAsGood() throws Exception {
        try (StompPeer peer = site.open()) {
            peer.send(frame("STOMP", "accept-version:1.1,1.2", "host:localhost", "ticket:" + site.ticket()));

            assertThat(peer.next()).startsWith("CONNECTED\n").contains("\nuser-name:alice\n");
        }
    }

    @Test
    void t16_aSessionIsKnownUntilItEndsAndCanBeClosed() throws Exception {
        LiveConnections connections = site.application().bean(Gate.class).connections();
        eventually(() -> connections.count() == 0);

        try (StompPeer peer = site.open()) {
            peer.send(connect("ticket:" + site.ticket()));
            assertThat(peer.next()).startsWith("CONNECTED\n");
            eventually(() -> connections.count() == 1);
            connections.stream().forEach(connection -> connection.close(3000, "unauthorized"));

            assertThat(peer.closeCode()).isEqualTo(3000);
        }
        eventually(() -> connections.count() == 0);
    }

    @Test
    void t16_aHolderWhoIsLockedIsClosedForGoodAndNobodyElse() throws Exception {
        try (StompPeer peer = site.open();
                StompPeer other = site.open()) {
            peer.send(connect("ticket:" + site.ticket(TicketHolder.of(2, "bob"))));
            assertThat(peer.next()).startsWith("CONNECTED\n");
            other.send(connect("ticket:" + site.ticket()));
            assertThat(other.next()).startsWith("CONNECTED\n");

            site.revoke(Revocation.holder(2).forbidden());

            assertThat(peer.closeCode()).isEqualTo(3003);
            other.send(SUBSCRIBE);
            other.send(WHO);
            assertThat(other.next()).endsWith("\nalice\0");
        }
        eventually(() -> registry().getUser("bob") == null);
    }

    @Test
    void t16_nothingFollowsTheCloseCodeAndWhoeverIsToldToGoIsHeardNoMore() throws Exception {
        AtomicInteger counted = site.application().bean(StompApplication.class).counted;
        SimpMessagingTemplate template = site.application().bean(SimpMessagingTemplate.class);
        try (var client = new Wire(site.application().port());
                StompPeer other = site.open()) {
            other.send(connect("ticket:" + site.ticket()));
            assertThat(other.next()).startsWith("CONNECTED\n");
            client.handshake("/stomp");
            assertThat(client.answer().status()).isEqualTo(101);
            client.text(connect("ticket:" + site.ticket(TicketHolder.of(2, "bob"))));
            assertThat(client.frame()).startsWith("text CONNECTED\n");
            client.text(SUBSCRIBE);
            client.text(COUNT);
            client.text(WHO);
            assertThat(client.frame()).endsWith("\nbob\0");
            int before = counted.get();

            site.revoke(Revocation.holder(2));
            for (int i = 0; i < 100; i++) {
                template.convertAndSendToUser("bob", "/queue/answers", "news");
            }

            String frame = client.frame();
            while (frame.startsWith("text ")) {
                frame = client.frame();
            }
            assertThat(frame).isEqualTo("close 3000");
            client.text(COUNT);
            client.goodbye();
            assertThatThrownBy(client::frame).isInstanceOf(IOException.class);
            // What came before on the one thread has been worked on when the answer is there.
            other.send(SUBSCRIBE);
            other.send(WHO);
            assertThat(other.next()).endsWith("\nalice\0");
            assertThat(before).isPositive();
            assertThat(counted).hasValue(before);
        }
    }

    @Test
    void t17_aSessionIsClosedAtTheDeadlineOfItsTicket() throws Exception {
        try (StompPeer peer = site.open()) {
            TicketGrant.Granted grant = TicketGrant.to(TicketHolder.of(1, "alice"))
                    .withAudience(StompSite.AUDIENCE)
                    .withUntil(Instant.now().plusSeconds(8));
            peer.send(connect("ticket:" + site.ticket(grant)));
            assertThat(peer.next()).startsWith("CONNECTED\n");

            assertThat(peer.closeCode()).isEqualTo(3000);
        }
    }

    @Test
    void t16_aClientThatSaysGoodbyeAndStaysIsClosedWithItsLogin() throws Exception {
        LiveConnections connections = site.application().bean(Gate.class).connections();
        eventually(() -> connections.count() == 0);

        try (StompPeer peer = site.open()) {
            peer.send(connect("ticket:" + site.ticket()));
            assertThat(peer.next()).startsWith("CONNECTED\n");
            peer.send(frame("DISCONNECT", "receipt:9"));
            assertThat(peer.next()).startsWith("RECEIPT\n");

            assertThat(connections.count()).isEqualTo(1);
            connections.stream().forEach(connection -> connection.close(3003, "forbidden"));
            assertThat(peer.closeCode()).isEqualTo(3003);
        }
        eventually(() -> connections.count() == 0);
    }

    @Test
    void t5_anExpiredTicketIsRefused() throws Exception {
        assertRefused(Refusal.NOTHING, connect("ticket:" + site.expired()));
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "ticket:",
                "ticket:short",
                "ticket:ticket:abc",
                "passcode:",
                "passcode:AAAAAAAAAAAAAAAAAAAAAAAAAA*"
            })
    void t2_garbageIsRefusedBeforeTheStoreIsAsked(String header) throws Exception {
        assertRefused(Refusal.MALFORMED, connect(header));
    }

    @ParameterizedTest
    @ValueSource(strings = {"login:alice", "passcode:PROTECTED", "Ticket:AAAAAAAAAAAAAAAAAAAAAAAAAAA"})
    void t11_aFrameWithoutATicketIsRefused(String header) throws Exception {
        assertRefused(Refusal.MISSING, connect(header));
    }

    @Test
    void t10_twoTicketsAreRefusedAndStayRedeemable() throws Exception {
        String one = site.ticket();
        String two = site.ticket();

        assertRefused(Refusal.AMBIGUOUS, connect("ticket:" + one, "ticket:" + two));
        assertRefused(Refusal.AMBIGUOUS, connect("ticket:" + one, "ticket:" + one));
        assertRefused(Refusal.AMBIGUOUS, connect("ticket:" + one, "passcode:" + two));

        assertThat(site.isGood(one)).isTrue();
        assertThat(site.isGood(two)).isTrue();
    }

    @Test
    void t10_aTicketInTheAddressIsNotSeen() throws Exception {
        String inAddress = site.ticket();

        try (Connection connection = Connection.open(site.application().uri("ws", "/stomp?ticket=" + inAddress))) {
            connection.send(connect("login:alice"));
            assertThat(connection.next()).matches(StompGateTest::saysUnauthorized);
        }
        try (Connection connection = Connection.open(site.application().uri("ws", "/stomp?ticket=" + inAddress))) {
            connection.send(connect("ticket:" + site.ticket()));
            assertThat(connection.next()).startsWith("CONNECTED");
        }

        assertThat(site.isGood(inAddress)).isTrue();
    }

    @ParameterizedTest
    @ValueSource(strings = {"accept-version:2.0", "accept-version:", "version:1.2"})
    void t20_aVersionThatNobodySpeaksUsesUpNoTicket(String header) throws Exception {
        String ticket = site.ticket();

        assertRefused(Refusal.UNSUITABLE, frame("CONNECT", header, "ticket:" + ticket));

        assertThat(site.isGood(ticket)).isTrue();
    }

    @Override
    protected void assertAdmitted(String frame, String... headers) throws Exception {
        try (StompPeer peer = site.open(headers)) {
            peer.send(frame);
            assertThat(peer.next()).startsWith("CONNECTED\n").contains("\nuser-name:alice\n");
        }
    }

    @Override
    protected void assertRefused(Refusal reason, String frame, String... headers) throws Exception {
        int before = site.heard().refusals().size();
        try (StompPeer peer = site.open(headers)) {
            peer.send(frame);

            assertThat(peer.next()).isEqualTo("ERROR\nmessage:" + reason.message() + "\ncontent-length:0\n\n\0");
            assertThat(peer.closeCode()).isEqualTo(1002);
        }
        List<Refusal> refusals = site.heard().refusals();
        if (reason != Refusal.FAILED) {
            assertThat(refusals.subList(before, refusals.size())).containsExactly(reason);
        }
    }

    private static boolean saysUnauthorized(String answer) {
        return answer.startsWith("ERROR\nmessage:unauthorized\n");
    }

    private static SimpUserRegistry registry() {
        return site.application().bean(SimpUserRegistry.class);
    }
}
