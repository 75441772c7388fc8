// SPDX-License-Identifier: Apache-2.0
package io.github.realtimeticket.interop.django;

import static org.assertj.core.api.Assertions.assertThat;

import io.github.realtimeticket.Gate;
import io.github.realtimeticket.Ticket;
import io.github.realtimeticket.TicketHolder;
import io.github.realtimeticket.TicketStore;
import io.github.realtimeticket.Tickets;
import io.github.realtimeticket.interop.Redis;
import io.github.realtimeticket.redis.TicketKeys;
import java.nio.file.Path;
import java.util.List;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The original and ours side by side on one Redis, as migration.md has it. */
class SideBySideTest {

    private static final Connection ALICE = new Connection(101, "{\"id\":1,\"username\":\"alice\"}");
    private static final Connection REFUSED = new Connection(401, "");

    private static Redis redis;
    private static DjangoSite before;
    private static DjangoSite after;

    @BeforeAll
    static void start(@TempDir Path directory) throws Exception {
        redis = new Redis();
        before = DjangoSite.start(Form.ORIGINAL, DjangoSite.NUMBERED, redis.port(), "ws://127.0.0.1/", directory);
        after = DjangoSite.start(Form.HASHED, DjangoSite.NUMBERED, redis.port(), "ws://127.0.0.1/", directory);
    }

    @AfterAll
    static void stop() throws Exception {
        if (before != null) {
            before.close();
        }
        if (after != null) {
            after.close();
        }
        redis.close();
    }

    @Test
    void aGateForBothFormsOpensOneConnectionForEachTicket() throws Exception {
        TicketStore store = storeForBothForms();
        try (Backend vertx = new VertxBackend(Gate.of(Tickets.of(store)));
                Backend spring = SpringBackend.start(store)) {
            for (Backend backend : List.of(vertx, spring)) {
                for (String ticket : List.of(
                        before.user(1).ticket(),
                        after.user(1).ticket(),
                        before.user(1).pageTicket(),
                        issue(Tickets.of(store)))) {
                    assertThat(open(backend, ticket)).isEqualTo(ALICE);
                    assertThat(open(backend, ticket)).isEqualTo(REFUSED);
                }
            }
        }
    }

    @Test
    void aGateInCompatibleModeOpensWhatTheOriginalAndJavaIssue() throws Exception {
        Tickets compatible = redis.tickets(TicketKeys.plain(""));
        try (Backend backend = new VertxBackend(Gate.of(compatible))) {
            for (String ticket : List.of(before.user(1).ticket(), issue(compatible))) {
                assertThat(open(backend, ticket)).isEqualTo(ALICE);
                assertThat(open(backend, ticket)).isEqualTo(REFUSED);
            }
            assertThat(open(backend, after.user(1).ticket())).isEqualTo(REFUSED);
        }
    }

    @Test
    void aBackendOfTheOriginalReadsWhatJavaIssuesInCompatibleMode() {
        String ticket = issue(redis.tickets(TicketKeys.plain("")));

        assertThat(redis.cli().get(ticket)).startsWith("{\"id\":1,\"username\":\"alice\",");
    }

    @Test
    void whoReadsAHashedKeyOpensNothingAtAGateForBothForms() throws Exception {
        try (Backend backend = new VertxBackend(Gate.of(Tickets.of(storeForBothForms())))) {
            String ticket = after.user(1).ticket();
            String hash = Ticket.parse(ticket).orElseThrow().sha256();

            assertThat(open(backend, hash)).isEqualTo(REFUSED);
            assertThat(open(backend, "ticket:" + hash)).isEqualTo(REFUSED);
            assertThat(open(backend, ticket)).isEqualTo(ALICE);
        }
    }

    private static TicketStore storeForBothForms() {
        return new BothForms(redis.store(TicketKeys.hashed()), redis.store(TicketKeys.plain("")));
    }

    private static String issue(Tickets tickets) {
        return tickets.issue(TicketHolder.of(1, "alice"))
                .toCompletableFuture()
                .orTimeout(30, TimeUnit.SECONDS)
                .join()
                .reveal();
    }

    private static Connection open(Backend backend, String ticket) throws Exception {
        return Connection.open(backend, ticket, after.origin());
    }
}
