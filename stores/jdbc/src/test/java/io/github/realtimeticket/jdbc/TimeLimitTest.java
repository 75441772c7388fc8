// SPDX-License-Identifier: Apache-2.0
package io.github.realtimeticket.jdbc;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.fail;

import com.zaxxer.hikari.HikariDataSource;
import io.github.realtimeticket.Ticket;
import io.github.realtimeticket.TicketStoreException;
import io.github.realtimeticket.fixtures.Relay;
import java.sql.Connection;
import java.sql.Statement;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletionException;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import org.springframework.jdbc.datasource.DelegatingDataSource;

/** Every operation ends within its time, whatever the database or its pool does, and what was given up is not done later. */
class TimeLimitTest {

    private static final Duration TIMEOUT = Duration.ofMillis(500);
    private static final Duration MINUTE = Duration.ofMinutes(1);

    @ParameterizedTest
    @EnumSource
    void t5_anExhaustedPoolIsFailedInTimeAndWhatWaitedForItIsNotDoneLater(TestDatabase database) throws Exception {
        try (HikariDataSource pool = database.pool(1);
                HikariDataSource free = database.pool(1);
                JdbcTicketStore store =
                        JdbcTicketStore.builder(pool).timeout(TIMEOUT).build();
                JdbcTicketStore patient = Samples.patient(pool);
                JdbcTicketStore other = Samples.patient(free)) {
            Ticket ticket = Samples.ticket();
            Ticket late = Samples.ticket();
            assertThat(Samples.await(other.put(ticket, Samples.value(), MINUTE)))
                    .isTrue();

            try (Connection busy = pool.getConnection()) {
                assertFailsInTime(store.take(ticket), "no connection of its pool was free");
                assertFailsInTime(store.put(late, Samples.value(), MINUTE), "no connection of its pool was free");
            }

            // Behind those that waited, and so at their end.
            assertAnswers(patient);
            assertThat(Samples.await(other.take(ticket))).isPresent();
            assertThat(Samples.await(other.take(late))).isEmpty();
        }
    }

    @ParameterizedTest
    @EnumSource
    void t5_aRowThatSomebodyLocksIsFailedInTime(TestDatabase database) throws Exception {
        try (HikariDataSource pool = database.pool(2);
                JdbcTicketStore patient = Samples.patient(pool);
                JdbcTicketStore store =
                        JdbcTicketStore.builder(pool).timeout(TIMEOUT).build()) {
            Ticket ticket = Samples.ticket();
            assertThat(Samples.await(patient.put(ticket, Samples.value(), MINUTE)))
                    .isTrue();

            try (Connection locker = pool.getConnection();
                    Statement statement = locker.createStatement()) {
                locker.setAutoCommit(false);
                assertThat(statement.executeUpdate("UPDATE realtime_ticket SET expires_at = expires_at"
                                + " WHERE ticket_hash = '" + ticket.sha256() + "'"))
                        .isEqualTo(1);
                assertFailsInTime(store.take(ticket), "The database did not");
                locker.rollback();
            }

            assertAnswers(patient);
        }
    }

    @ParameterizedTest
    @EnumSource(names = {"POSTGRESQL", "MARIADB", "MYSQL"})
    void t5_aServerThatFallsSilentIsFailedInTimeAndFoundAgain(TestDatabase database) throws Exception {
        int port = Integer.parseInt(database.url().replaceAll(".*:(\\d+)/.*", "$1"));
        try (var relay = new Relay(port);
                var pool = new HikariDataSource();
                JdbcTicketStore patient = Samples.patient(pool);
                JdbcTicketStore store =
                        JdbcTicketStore.builder(pool).timeout(TIMEOUT).build()) {
            pool.setJdbcUrl(database.url().replaceFirst("//[^/]+/", "//127.0.0.1:" + relay.port() + "/"));
            pool.setUsername(database.user());
            pool.setMaximumPoolSize(4);
            pool.setConnectionTimeout(1000);
            pool.setValidationTimeout(500);
            assertAnswers(patient);

            relay.swallowEverything();
            // More than there are threads to wait on.
            List<CompletionStage<?>> stages = new ArrayList<>();
            for (int i = 0; i < 40; i++) {
                stages.add(store.take(Samples.ticket()));
            }
            stages.forEach(stage -> assertFailsInTime(stage, "The database did not answer within 500 ms"));
            relay.heal();

            assertWorks(store);
        }
    }

    @Test
    void t5_aDataSourceThatHangsHoldsNobodyUp() {
        var hangs = new CountDownLatch(1);
        var asked = new AtomicInteger();
        try (HikariDataSource pool = TestDatabase.H2.pool(4);
                var store = JdbcTicketStore.builder(new DelegatingDataSource(pool) {
                            @Override
                            public Connection getConnection() throws java.sql.SQLException {
                                asked.incrementAndGet();
                                awaitQuietly(hangs);
                                return super.getConnection();
                            }
                        })
                        .timeout(TIMEOUT)
                        .build()) {
            List<CompletionStage<?>> stages = new ArrayList<>();
            long start = System.nanoTime();
            for (int i = 0; i < 2000; i++) {
                stages.add(store.take(Samples.ticket()));
            }

            stages.forEach(stage -> assertFails(stage, "within 500 ms"));
            assertThat(Duration.ofNanos(System.nanoTime() - start)).isLessThan(TIMEOUT.multipliedBy(40));

            int begun = asked.get();
            hangs.countDown();
            assertWorks(store);
            // What had waited for a thread when it was given up has asked for no connection.
            assertThat(asked.get() - begun).isLessThan(100);
        }
    }

    @Test
    void t5_whatIsMoreThanCanWaitIsFailedAtOnce() {
        var hangs = new CountDownLatch(1);
        try (HikariDataSource pool = TestDatabase.H2.pool(4);
                var store = Samples.patient(new DelegatingDataSource(pool) {
                    @Override
                    public Connection getConnection() throws java.sql.SQLException {
                        awaitQuietly(hangs);
                        return super.getConnection();
                    }
                })) {
            for (int i = 0; i < BlockingWork.WAITING + 600; i++) {
                CompletionStage<?> unused = store.take(Samples.ticket());
            }

            assertFailsInTime(store.take(Samples.ticket()), "The database is too slow: 10000 operations");
            hangs.countDown();
        }
    }

    @Test
    void t5_closingUnderLoadLeavesNobodyWaiting() throws Exception {
        for (int round = 0; round < 20; round++) {
            try (HikariDataSource pool = TestDatabase.H2.pool(4)) {
                var store = JdbcTicketStore.builder(pool).timeout(TIMEOUT).build();
                List<CompletionStage<?>> stages = new ArrayList<>();
                var closer = new Thread(store::close);
                for (int i = 0; i < 2000; i++) {
                    if (i == 1000) {
                        closer.start();
                    }
                    stages.add(store.take(Samples.ticket()));
                }
                closer.join();

                for (CompletionStage<?> stage : stages) {
                    stage.toCompletableFuture()
                            .handle((answer, fault) -> "ended")
                            .get(30, TimeUnit.SECONDS);
                }
                assertFails(store.take(Samples.ticket()), "The store is closed");
            }
        }
    }

    private static void assertFailsInTime(CompletionStage<?> stage, String words) {
        long start = System.nanoTime();
        assertFails(stage, words);
        assertThat(Duration.ofNanos(System.nanoTime() - start)).isLessThan(TIMEOUT.multipliedBy(40));
    }

    private static void assertFails(CompletionStage<?> stage, String words) {
        assertThatThrownBy(() -> Samples.await(stage))
                .isInstanceOf(CompletionException.class)
                .cause()
                .isInstanceOf(TicketStoreException.class)
                .hasMessageContaining(words);
    }

    /** The first time. */
    private static void assertAnswers(JdbcTicketStore patient) {
        assertThat(Samples.await(patient.take(Samples.ticket()))).isEmpty();
    }

    /** In time at least once, however busy the machine is. */
    private static void assertWorks(JdbcTicketStore store) {
        long end = System.nanoTime() + TimeUnit.MINUTES.toNanos(2);
        while (System.nanoTime() < end) {
            try {
                assertThat(Samples.await(store.take(Samples.ticket()))).isEmpty();
                return;
            } catch (CompletionException e) {
                assertThat(e).hasCauseInstanceOf(TicketStoreException.class);
            }
        }
        fail("The store does not work");
    }

    private static void awaitQuietly(CountDownLatch latch) {
        try {
            boolean unused = latch.await(1, TimeUnit.MINUTES);
        } catch (InterruptedException e) {
            throw new IllegalStateException(e);
        }
    }
}
