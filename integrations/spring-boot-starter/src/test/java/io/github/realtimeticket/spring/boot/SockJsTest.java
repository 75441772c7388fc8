// SPDX-License-Identifier: Apache-2.0
package io.github.realtimeticket.spring.boot;

import static io.github.realtimeticket.spring.boot.StompPeer.connect;
import static io.github.realtimeticket.spring.boot.StompPeer.frame;
import static org.assertj.core.api.Assertions.assertThat;

import io.github.realtimeticket.Revocation;
import io.github.realtimeticket.TicketBinding;
import io.github.realtimeticket.TicketGrant;
import io.github.realtimeticket.TicketHolder;
import io.github.realtimeticket.fixtures.Connection;
import io.github.realtimeticket.fixtures.WebUser;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.UUID;
import java.util.stream.Collectors;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.AfterParameterizedClassInvocation;
import org.junit.jupiter.params.BeforeParameterizedClassInvocation;
import org.junit.jupiter.params.ParameterizedClass;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** Every way in of SockJS: one ticket is one session, however many requests that is. */
@ParameterizedClass
@EnumSource
class SockJsTest {

    private static final String SUBSCRIBE = frame("SUBSCRIBE", "id:1", "destination:/user/queue/answers");
    private static final String WHO = frame("SEND", "destination:/app/who");

    private static StompSite site;

    SockJsTest(StompSite.Store store) {
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

    @ParameterizedTest
    @EnumSource
    void oneTicketIsOneSessionHoweverManyRequests(StompPeer.Way way) throws Exception {
        String ticket = site.ticket();

        try (StompPeer peer = site.open(way)) {
            peer.send(connect("ticket:" + ticket));
            assertThat(peer.next()).startsWith("CONNECTED\n").contains("\nuser-name:alice\n");
            peer.send(SUBSCRIBE);
            for (int i = 0; i < 3; i++) {
                peer.send(WHO);
                assertThat(peer.next()).startsWith("MESSAGE\n").endsWith("\nalice\0");
            }
        }
        assertThat(site.isGood(ticket)).isFalse();
    }

    @ParameterizedTest
    @EnumSource
    void everyWayInEndsWithTheLogin(StompPeer.Way way) throws Exception {
        TicketGrant.Granted grant = TicketGrant.to(TicketHolder.of(2, "bob")).withAudience(StompSite.AUDIENCE);

        try (StompPeer peer = site.open(way)) {
            peer.send(connect("ticket:" + site.ticket(grant.withSession("of " + way))));
            assertThat(peer.next()).startsWith("CONNECTED\n");

            site.revoke(Revocation.session("of " + way));

            assertThat(peer.closeCode()).isEqualTo(3000);
        }
    }

    @Test
    void t17_everyWayInEndsAtItsDeadline() throws Exception {
        Instant until = Instant.now().plusSeconds(5);
        TicketGrant.Granted grant = TicketGrant.to(TicketHolder.of(2, "bob"))
                .withAudience(StompSite.AUDIENCE)
                .withUntil(until);
        List<StompPeer> peers = new ArrayList<>();

        try {
            for (StompPeer.Way way : StompPeer.Way.values()) {
                StompPeer peer = site.open(way);
                peers.add(peer);
                peer.send(connect("ticket:" + site.ticket(grant)));
                assertThat(peer.next()).as("%s", way).startsWith("CONNECTED\n");
            }

            for (StompPeer peer : peers) {
                assertThat(peer.closeCode()).isEqualTo(3000);
                assertThat(Instant.now()).isAfterOrEqualTo(until);
            }
        } finally {
            for (StompPeer peer : peers) {
                peer.close();
            }
        }
    }

    @ParameterizedTest
    @EnumSource
    void aTicketThatIsNoGoodIsAnErrorFrameAndTheEnd(StompPeer.Way way) throws Exception {
        String bound = site.ticket(
                TicketBinding.none().withAudience(StompSite.AUDIENCE).withOrigin(StompSite.ORIGIN));
        String own = site.application().user().origin();

        try (StompPeer peer = site.open(way)) {
            peer.send(connect("ticket:" + "a".repeat(27)));
            assertEnds(way, peer, "unauthorized");
        }
        try (StompPeer peer = site.open(way, "Origin", own)) {
            peer.send(connect("ticket:" + bound));
            assertEnds(way, peer, "forbidden");
        }
    }

    @ParameterizedTest
    @EnumSource
    void theCookieOfALoginIsNeitherNeededNorLookedAt(StompPeer.Way way) throws Exception {
        WebUser bob = site.application().user().logsIn("alice", "ticket");
        String cookies = bob.cookies().stream()
                .map(cookie -> cookie.getName() + "=" + cookie.getValue())
                .collect(Collectors.joining("; "));

        try (StompPeer peer = site.open(way, "Cookie", cookies)) {
            peer.send(frame("CONNECT", "accept-version:1.2"));
            assertEnds(way, peer, "unauthorized");
        }
        try (StompPeer peer = site.open(way, "Cookie", cookies)) {
            peer.send(connect("ticket:" + site.ticket()));
            assertThat(peer.next()).startsWith("CONNECTED\n");
        }
        assertThat(bob.get("/me").body()).isEqualTo("alice");
    }

    @Test
    void askingForTheInfoUsesUpNoTicketAndNeedsNone() throws Exception {
        String ticket = site.ticket();
        WebUser stranger = site.application().user();

        assertThat(stranger.get("/sockjs/info").statusCode()).isEqualTo(200);
        assertThat(stranger.get("/sockjs/info?ticket=" + ticket).statusCode()).isEqualTo(200);
        assertThat(stranger.cookies()).isEmpty();

        assertThat(site.isGood(ticket)).isTrue();
    }

    @Test
    void noMoreThanAMebibyteOfOneRequestIsRead() throws Exception {
        int mebibyte = 1 << 20;

        assertThat(sent(mebibyte)).isEqualTo(204);
        assertThat(sent(mebibyte + 1)).isEqualTo(500);
    }

    private static int sent(int bytes) throws Exception {
        WebUser stranger = site.application().user();
        String session = "/sockjs/000/" + UUID.randomUUID();
        assertThat(stranger.post(session + "/xhr").statusCode()).isEqualTo(200);
        return stranger.send(stranger.request(session + "/xhr_send", "Content-Type", "text/plain")
                        .POST(BodyPublishers.ofString("[" + " ".repeat(bytes - 2) + "]")))
                .statusCode();
    }

    @Test
    void nothingElseIsOpenToEverybody() throws Exception {
        WebUser stranger = site.application().user();

        assertThat(stranger.get("/me").statusCode()).isEqualTo(401);
        assertThat(stranger.get("/sockjs-elsewhere/info").statusCode()).isEqualTo(401);
        assertThat(stranger.get("/stomp/further").statusCode()).isEqualTo(401);
        assertThat(stranger.post("/me").statusCode()).isIn(401, 403);
    }

    @Test
    void aControllerBelowThePathOfAnEndpointStaysClosed() throws Exception {
        WebUser stranger = site.application().user();
        WebUser alice = site.application().user().logsIn("alice", "ticket");

        assertThat(stranger.get("/sockjs/history").statusCode()).isEqualTo(401);
        assertThat(stranger.get("/sockjs/000/history/xhr").statusCode()).isEqualTo(401);
        assertThat(stranger.post("/sockjs/history").statusCode()).isIn(401, 403);
        assertThat(alice.get("/sockjs/history").body()).isEqualTo("history");
    }

    @Test
    void aPageOfAnotherOriginIsLetInWhereItIsNamed() throws Exception {
        WebUser page = site.application().user();

        HttpResponse<String> named = page.get("/sockjs-of-pages/info", "Origin", StompSite.ORIGIN);
        HttpResponse<String> stranger = page.get("/sockjs-of-pages/info", "Origin", "https://evil.example");

        assertThat(named.statusCode()).isEqualTo(200);
        assertThat(named.headers().firstValue("Access-Control-Allow-Origin")).hasValue(StompSite.ORIGIN);
        assertThat(stranger.statusCode()).isEqualTo(403);
        assertThat(Connection.status(
                        site.application().uri("ws", "/sockjs-of-pages/websocket"), "Origin", "https://evil.example"))
                .isEqualTo(403);
    }

    @Test
    void theFrameOfSockJsMayBeFramedByPagesOfTheApplication() throws Exception {
        HttpResponse<String> frame = site.application().user().get("/sockjs/iframe.html");

        assertThat(frame.statusCode()).isEqualTo(200);
        assertThat(frame.headers().allValues("X-Frame-Options")).containsExactly("SAMEORIGIN");
    }

    private static void assertEnds(StompPeer.Way way, StompPeer peer, String message) throws Exception {
        String last = peer.next();
        if (way == StompPeer.Way.XHR && last.equals(Connection.CLOSED)) {
            // Spring drops what waits for the next poll when it closes a session.
            return;
        }
        assertThat(last).startsWith("ERROR\nmessage:" + message + "\n");
        assertThat(peer.closeCode()).isIn(1002, way == StompPeer.Way.XHR ? 3000 : 1002);
    }
}
