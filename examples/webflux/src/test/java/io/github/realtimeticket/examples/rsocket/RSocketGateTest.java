// SPDX-License-Identifier: Apache-2.0
package io.github.realtimeticket.examples.rsocket;

import static io.github.realtimeticket.fixtures.StoreWithRedis.PATIENCE;
import static org.assertj.core.api.Assertions.assertThat;

import io.github.realtimeticket.Refusal;
import io.github.realtimeticket.TicketEvent;
import io.github.realtimeticket.TicketHolder;
import io.github.realtimeticket.TicketListener;
import io.github.realtimeticket.TicketStore;
import io.github.realtimeticket.fixtures.Application;
import io.github.realtimeticket.fixtures.FirstMessageScenarios;
import io.github.realtimeticket.fixtures.RemoteStore;
import io.github.realtimeticket.fixtures.StoreWithRedis;
import io.github.realtimeticket.redis.RedisTicketStore;
import io.netty.buffer.Unpooled;
import io.rsocket.util.DefaultPayload;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.List;
import java.util.Map;
import java.util.concurrent.Callable;
import java.util.concurrent.CopyOnWriteArrayList;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.AfterParameterizedClassInvocation;
import org.junit.jupiter.params.BeforeParameterizedClassInvocation;
import org.junit.jupiter.params.ParameterizedClass;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.ValueSource;

/** What becomes of a ticket in a setup frame, as of one in a handshake. */
@ParameterizedClass
@EnumSource
class RSocketGateTest extends FirstMessageScenarios {

    private static final List<Refusal> REFUSALS = new CopyOnWriteArrayList<>();
    private static final Deque<AutoCloseable> PARTS = new ArrayDeque<>();

    private static RemoteStore store;
    private static Application application;

    enum Kept {
        IN_MEMORY,
        IN_REDIS
    }

    RSocketGateTest(Kept tickets) {
        assertThat(tickets).isNotNull();
    }

    @BeforeParameterizedClassInvocation
    static void start(Kept tickets) throws Exception {
        store = tickets == Kept.IN_MEMORY ? new RemoteStore() : new RemoteStore(inRedis());
        TicketListener listener = event -> {
            if (event instanceof TicketEvent.Refused refused) {
                REFUSALS.add(refused.reason());
            }
        };
        application = Application.start(
                RSocketChat.class,
                Map.of("store", store, "listener", listener),
                "realtime-ticket.audience=chat",
                // A loaded machine may take longer than ten seconds.
                "realtime-ticket.time-to-live=60s");
        PARTS.push(application);
    }

    private static TicketStore inRedis() throws IOException {
        var tickets = new StoreWithRedis(
                uri -> RedisTicketStore.builder(uri).timeout(PATIENCE).build());
        PARTS.push(tickets);
        return tickets;
    }

    @AfterParameterizedClassInvocation
    static void stop() throws Exception {
        while (!PARTS.isEmpty()) {
            PARTS.pop().close();
        }
    }

    @Override
    protected Application application() {
        return application;
    }

    @Override
    protected String message(String ticket) {
        return ticket;
    }

    /** In the metadata. */
    @Override
    protected String message(String ticket, String origin) {
        return ticket + "\n" + origin;
    }

    private static void send(Peer peer, String message) {
        String[] parts = message.split("\n", 2);
        peer.setup(DefaultPayload.create(
                Unpooled.copiedBuffer(parts[0], StandardCharsets.UTF_8),
                parts.length == 1 ? null : Peer.route(parts[1])));
    }

    @Override
    protected Callable<Boolean> racer(String message) {
        Peer peer = open();
        return () -> {
            try (peer) {
                send(peer, message);
                peer.ask();
                String answer = peer.next();
                assertThat(answer).isIn("alice", "rejected: unauthorized");
                return answer.equals("alice");
            }
        };
    }

    @Override
    protected void outOfReach(boolean down) {
        if (down) {
            store.down();
        } else {
            store.up();
        }
    }

    @ParameterizedTest
    @ValueSource(strings = {"", "short", "AAAAAAAAAAAAAAAAAAAAAAAAAA*"})
    void t2_garbageIsRefusedBeforeTheStoreIsAsked(String ticket) throws Exception {
        assertRefused(Refusal.MALFORMED, ticket);
    }

    @Test
    void t10_aTicketInTheAddressIsNotSeen() throws Exception {
        String inAddress = application.issue(TicketHolder.of(1, "alice"));

        try (Peer peer = new Peer(application, "/rsocket?ticket=" + inAddress)) {
            peer.setup("");
            assertThat(peer.next()).isEqualTo("rejected: unauthorized");
        }
        assertThat(application.isGood(inAddress)).isTrue();
    }

    @Test
    void aSecondSetupRedeemsNothingAndChangesNothing() throws Exception {
        String second = application.issue(TicketHolder.of(2, "bob"));

        try (Peer peer = open()) {
            peer.setup(application.issue(TicketHolder.of(1, "alice")));
            peer.ask();
            assertThat(peer.next()).isEqualTo("alice");
            peer.setup(second);
            assertThat(peer.next()).startsWith("failed: ");
            peer.ask();
            assertThat(peer.next()).isEqualTo("alice");
        }
        assertThat(application.isGood(second)).isTrue();
    }

    @Override
    protected void assertAdmitted(String message, String... headers) throws Exception {
        try (Peer peer = open(headers)) {
            send(peer, message);
            peer.ask();
            assertThat(peer.next()).isEqualTo("alice");
        }
    }

    @Override
    protected void assertRefused(Refusal reason, String message, String... headers) throws Exception {
        int before = REFUSALS.size();
        try (Peer peer = open(headers)) {
            send(peer, message);

            assertThat(peer.next()).isEqualTo("rejected: " + reason.message());
            assertThat(peer.next()).isEqualTo(Peer.CLOSED);
        }
        if (reason != Refusal.FAILED) {
            assertThat(REFUSALS.subList(before, REFUSALS.size())).containsExactly(reason);
        }
    }

    /** The headers are the word {@code Origin} and its value, or none. */
    private static Peer open(String... headers) {
        return new Peer(application, "/rsocket", headers.length == 0 ? headers : new String[] {headers[1]});
    }
}
