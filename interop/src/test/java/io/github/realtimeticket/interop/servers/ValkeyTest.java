// SPDX-License-Identifier: Apache-2.0
package io.github.realtimeticket.interop.servers;

import static org.assertj.core.api.Assertions.assertThat;

import io.github.realtimeticket.Admission;
import io.github.realtimeticket.Gate;
import io.github.realtimeticket.Refusal;
import io.github.realtimeticket.Ticket;
import io.github.realtimeticket.TicketHolder;
import io.github.realtimeticket.TicketStore;
import io.github.realtimeticket.Tickets;
import io.github.realtimeticket.redis.RedisTicketStore;
import io.github.realtimeticket.testkit.TicketStoreContract;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.AutoClose;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The store for Redis on Valkey. */
class ValkeyTest extends TicketStoreContract {

    @TempDir
    private static Path directory;

    @AutoClose
    private static Valkey valkey;

    private final List<RedisTicketStore> stores = new ArrayList<>();

    @BeforeAll
    static void start() throws Exception {
        valkey = new Valkey(directory);
    }

    @AfterEach
    void closeStores() {
        stores.forEach(RedisTicketStore::close);
    }

    @Override
    protected TicketStore store() {
        RedisTicketStore store = RedisTicketStore.builder(valkey.uri())
                .timeout(Duration.ofSeconds(10))
                .build();
        stores.add(store);
        return store;
    }

    @Override
    protected void pass(Duration time) throws InterruptedException {
        Thread.sleep(time.toMillis());
    }

    @Test
    void t15_aRestartFromASnapshotBringsNoTicketBack(@TempDir Path data) throws Exception {
        try (Valkey before = new Valkey(data);
                RedisTicketStore store = RedisTicketStore.builder(before.uri())
                        .timeout(Duration.ofSeconds(10))
                        .build()) {
            Tickets tickets =
                    Tickets.builder(store).timeToLive(Duration.ofMinutes(5)).build();
            Ticket ticket = issue(tickets);
            before.operate(cli -> assertThat(cli.save()).isEqualTo("OK"));
            assertThat(admit(tickets, ticket)).isInstanceOf(Admission.Admitted.class);
            before.close();

            try (Valkey after = new Valkey(data, before.port())) {
                awaitRecovery(tickets);
                assertThat(admit(tickets, ticket))
                        .isInstanceOfSatisfying(Admission.Refused.class, refused -> assertThat(refused.reason())
                                .isEqualTo(Refusal.OTHER_HISTORY));
                assertThat(admit(tickets, issue(tickets))).isInstanceOf(Admission.Admitted.class);
                assertThat(after.port()).isEqualTo(before.port());
            }
        }
    }

    private static void awaitRecovery(Tickets tickets) throws InterruptedException {
        for (int tries = 1;
                tickets.issue(TicketHolder.of(1, "alice"))
                        .toCompletableFuture()
                        .handle((ticket, fault) -> fault != null)
                        .join();
                tries++) {
            assertThat(tries).isLessThan(100);
            Thread.sleep(20);
        }
    }

    private static Ticket issue(Tickets tickets) {
        return tickets.issue(TicketHolder.of(1, "alice")).toCompletableFuture().join();
    }

    private static Admission admit(Tickets tickets, Ticket ticket) {
        return Gate.of(tickets).admit(ticket).toCompletableFuture().join();
    }
}
