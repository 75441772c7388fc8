// SPDX-License-Identifier: Apache-2.0
package io.github.realtimeticket.interop.django;

import static org.assertj.core.api.Assertions.assertThat;

import io.github.realtimeticket.Gate;
import io.github.realtimeticket.Ticket;
import io.github.realtimeticket.TicketHolder;
import io.github.realtimeticket.TicketStore;
import io.github.realtimeticket.Tickets;
import io.github.realtimeticket.interop.TicketRedis;
import io.github.realtimeticket.interop.django.Backend.Opened;
import io.github.realtimeticket.redis.TicketKeys;
import java.nio.file.Path;
import java.util.List;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AutoClose;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The original and ours side by side on one Redis, as migration.md has it. */
class SideBySideTest {

    private static final Opened ALICE = new Opened(101, "{\"id\":1,\"username\":\"alice\"}");
    private static final Opened REFUSED = new Opened(401, "");

    @AutoClose
    private static TicketRedis redis;

    @AutoClose
    private static DjangoSite before;

    @AutoClose
    private static DjangoSite after;

    @BeforeAll
    static void start(@TempDir Path directory) throws Exception {
        redis = new TicketRedis();
        before = DjangoSite.start(Form.ORIGINAL, DjangoSite.NUMBERED, redis.port(), "ws://127.0.0.1/", directory);
        after = DjangoSite.start(Form.HASHED, DjangoSite.NUMBERED, redis.port(), "ws://127.0.0.1/", directory);
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

    private static Opened open(Backend backend, String ticket) throws Exception {
        return backend.open(ticket, after.origin());
    }
}
