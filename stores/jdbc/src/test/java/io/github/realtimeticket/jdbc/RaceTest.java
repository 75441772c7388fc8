// SPDX-License-Identifier: Apache-2.0
package io.github.realtimeticket.jdbc;

import static org.assertj.core.api.Assertions.assertThat;

import com.zaxxer.hikari.HikariConfig;
import com.zaxxer.hikari.HikariDataSource;
import io.github.realtimeticket.Ticket;
import io.github.realtimeticket.TicketStore;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CyclicBarrier;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** Of many who present one ticket at once, to two stores on one database, one is let in. */
class RaceTest {

    private static final int THREADS = 8;
    private static final int TICKETS = 150;

    @ParameterizedTest
    @EnumSource
    void t4_of150TicketsThatEightThreadsPresentAtOnceNoneIsRedeemedTwice(TestDatabase database) throws Exception {
        ExecutorService threads = Executors.newFixedThreadPool(THREADS);
        // There H2 and PostgreSQL would not tell the losers that the ticket is gone, but that they have failed.
        HikariConfig serializable = database.config(THREADS);
        serializable.setTransactionIsolation("TRANSACTION_SERIALIZABLE");
        try (HikariDataSource onePool = database.pool(THREADS);
                HikariDataSource otherPool = new HikariDataSource(serializable);
                JdbcTicketStore one = Samples.patient(onePool);
                JdbcTicketStore other = Samples.patient(otherPool)) {

            List<Integer> winners = new ArrayList<>();
            for (int i = 0; i < TICKETS; i++) {
                Ticket ticket = Samples.ticket();
                assertThat(Samples.await(one.put(ticket, Samples.value(), Duration.ofMinutes(1))))
                        .isTrue();
                var barrier = new CyclicBarrier(THREADS);
                List<Future<Boolean>> racers = new ArrayList<>();
                for (int racer = 0; racer < THREADS; racer++) {
                    TicketStore store = racer % 2 == 0 ? one : other;
                    racers.add(threads.submit(() -> {
                        int unused = barrier.await();
                        return Samples.await(store.take(ticket)).isPresent();
                    }));
                }
                int won = 0;
                for (Future<Boolean> racer : racers) {
                    won += racer.get() ? 1 : 0;
                }
                winners.add(won);
            }

            assertThat(winners).hasSize(TICKETS).containsOnly(1);
        } finally {
            threads.shutdownNow();
        }
    }
}
