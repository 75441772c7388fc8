// SPDX-License-Identifier: Apache-2.0
package io.github.realtimeticket.jdbc;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;

import com.zaxxer.hikari.HikariConfig;
import com.zaxxer.hikari.HikariDataSource;
import io.github.realtimeticket.Revocation;
import io.github.realtimeticket.Ticket;
import io.github.realtimeticket.TicketValueCodec;
import io.github.realtimeticket.testkit.Heard;
import java.nio.file.Files;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.time.Duration;
import java.util.Locale;
import java.util.concurrent.atomic.AtomicInteger;
import org.flywaydb.core.Flyway;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.ValueSource;

/** What is in the table, by whose clock, and for how long. */
class StorageDetailsTest {

    private static final Duration MINUTE = Duration.ofMinutes(1);

    @ParameterizedTest
    @EnumSource
    void t7_aRowHasTheHashAndTheValueAndNotTheTicket(TestDatabase database) throws Exception {
        try (HikariDataSource pool = database.pool(2);
                JdbcTicketStore store = Samples.patient(pool);
                Connection connection = pool.getConnection();
                PreparedStatement select =
                        connection.prepareStatement("SELECT ticket_value FROM realtime_ticket WHERE ticket_hash = ?")) {
            Ticket ticket = Samples.ticket();
            assertThat(Samples.await(store.put(ticket, Samples.value(), MINUTE)))
                    .isTrue();

            select.setString(1, ticket.sha256());
            try (ResultSet rows = select.executeQuery()) {
                assertThat(rows.next()).isTrue();
                assertThat(rows.getBytes(1))
                        .isEqualTo(TicketValueCodec.encode(Samples.value()))
                        .asString()
                        .doesNotContain(ticket.reveal());
            }
        }
    }

    @ParameterizedTest
    @EnumSource
    void t3_aTimeToLiveIsTheSameInEachTimeZone(TestDatabase database) throws Exception {
        String now = database == TestDatabase.H2 || database == TestDatabase.POSTGRESQL
                ? "CURRENT_TIMESTAMP"
                : "UTC_TIMESTAMP(6)";
        String session =
                switch (database) {
                    case H2 -> "SET TIME ZONE '-07:00'";
                    case POSTGRESQL -> "SET TIME ZONE 'America/New_York'";
                    case MARIADB, MYSQL -> "SET time_zone = '-07:00'";
                };
        var config = database.config(2);
        // Another time zone than that of whoever redeems.
        config.setConnectionInitSql(session);
        try (var elsewhere = new HikariDataSource(config);
                HikariDataSource pool = database.pool(2);
                JdbcTicketStore issuer = Samples.patient(elsewhere);
                JdbcTicketStore redeemer = Samples.patient(pool)) {
            Ticket ticket = Samples.ticket();
            assertThat(Samples.await(issuer.put(ticket, Samples.value(), MINUTE)))
                    .isTrue();

            String left = "realtime_ticket WHERE ticket_hash = '" + ticket.sha256() + "' AND expires_at ";
            String in50s =
                    database == TestDatabase.H2 ? "DATEADD(SECOND, 50, " + now + ")" : now + " + INTERVAL '50' SECOND";
            String in70s = in50s.replace("50", "70");
            assertThat(TestDatabase.count(pool, left + "> " + in50s)).isEqualTo(1);
            assertThat(TestDatabase.count(pool, left + "< " + in70s)).isEqualTo(1);
            assertThat(Samples.await(redeemer.take(ticket))).isPresent();
        }
    }

    @ParameterizedTest
    @EnumSource
    void t3_whoeverIssuesRemovesAFewExpiredRowsAndNoOther(TestDatabase database) throws Exception {
        String table = "cleaned_" + database.name().toLowerCase(Locale.ROOT);
        try (HikariDataSource pool = database.pool(4)) {
            database.createTable(pool, table);
            Ticket lasting = Samples.ticket();
            try (var store = JdbcTicketStore.builder(pool)
                    .table(table)
                    .timeout(Duration.ofSeconds(30))
                    .build()) {
                assertThat(Samples.await(store.put(lasting, Samples.value(), MINUTE)))
                        .isTrue();
                for (int i = 0; i < 150; i++) {
                    assertThat(Samples.await(store.put(Samples.ticket(), Samples.value(), Duration.ofSeconds(3))))
                            .isTrue();
                }
                Thread.sleep(3500);
                int before = TestDatabase.count(pool, table);
                assertThat(before).isGreaterThan(64);

                issueSixteen(store);
                awaitCount(pool, table, before + 16 - Statements.STEP);
                issueSixteen(store);
                awaitCount(pool, table, Math.max(1 + 32, before + 32 - 2 * Statements.STEP));
                issueSixteen(store);
                awaitCount(pool, table, 1 + 48);

                assertThat(Samples.await(store.take(lasting))).isPresent();
            }
            TestDatabase.execute(pool, "DROP TABLE " + table);
        }
    }

    @ParameterizedTest
    @EnumSource
    void whatIsInTheTableOfAnotherKindIsNothing(TestDatabase database) throws Exception {
        try (HikariDataSource pool = database.pool(2);
                JdbcTicketStore store = Samples.patient(pool)) {
            Ticket ticket = Samples.ticket();
            assertThat(Samples.await(store.put(ticket, Samples.value(), MINUTE)))
                    .isTrue();
            try (Connection connection = pool.getConnection();
                    PreparedStatement update = connection.prepareStatement(
                            "UPDATE realtime_ticket SET ticket_value = ? WHERE ticket_hash = ?")) {
                update.setBytes(1, new byte[] {0, -1, 7});
                update.setString(2, ticket.sha256());
                assertThat(update.executeUpdate()).isEqualTo(1);
            }

            assertThat(Samples.await(store.take(ticket))).isEmpty();
        }
    }

    @ParameterizedTest
    @EnumSource
    void aSchemaIsAMigrationForFlywayAsItIs(TestDatabase database, @TempDir Path migrations) throws Exception {
        Path unused = Files.writeString(migrations.resolve("V7__realtime_ticket.sql"), database.schema());
        String empty = "flyway_" + database.name().toLowerCase(Locale.ROOT);

        int executed = Flyway.configure()
                .dataSource(database.url(), database.user(), "")
                .defaultSchema(empty)
                .locations("filesystem:" + migrations)
                .load()
                .migrate()
                .migrationsExecuted;

        assertThat(executed).isEqualTo(1);
        HikariConfig config = database.config(1);
        // Each of them knows one of the two.
        config.setSchema(empty);
        config.setCatalog(empty);
        try (var pool = new HikariDataSource(config)) {
            assertThat(TestDatabase.count(pool, "realtime_ticket")).isZero();
        }
    }

    @ParameterizedTest
    @ValueSource(strings = {"", "a b", "x;DROP TABLE y", "a.b.c", "\"quoted\"", "1a"})
    void aTableIsAName(String table) {
        var builder = JdbcTicketStore.builder(TestDatabase.H2.pool(1));

        assertThatIllegalArgumentException()
                .isThrownBy(() -> builder.table(table))
                .withMessageContaining("table");
    }

    private static void issueSixteen(JdbcTicketStore store) {
        for (int i = 0; i < 16; i++) {
            assertThat(Samples.await(store.put(Samples.ticket(), Samples.value(), MINUTE)))
                    .isTrue();
        }
    }

    private static void awaitCount(HikariDataSource pool, String table, int count) throws InterruptedException {
        for (int i = 0; i < 100 && TestDatabase.count(pool, table) != count; i++) {
            Thread.sleep(50);
        }
        assertThat(TestDatabase.count(pool, table)).isEqualTo(count);
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "Oracle",
                "MSSQLServer",
                "DB2",
                "Derby",
                "HSQLDB",
                "PostgreSQL",
                "MySQL",
                "MariaDB",
                "LEGACY",
                "STRICT"
            })
    void inH2AsAnotherDatabaseTicketsWorkAndExpiredRowsGo(String mode) {
        try (var pool = new HikariDataSource()) {
            pool.setJdbcUrl("jdbc:h2:mem:as" + mode + ";DB_CLOSE_DELAY=-1;MODE=" + mode);
            pool.setUsername("sa");
            pool.setMaximumPoolSize(4);
            TestDatabase.execute(pool, TestDatabase.H2.schema());
            try (JdbcTicketStore store = Samples.patient(pool)) {
                Ticket ticket = Samples.ticket();
                assertThat(Samples.await(store.put(Samples.ticket(), Samples.value(), Duration.ofMillis(1))))
                        .isTrue();
                assertThat(Samples.await(store.put(ticket, Samples.value(), MINUTE)))
                        .isTrue();
                assertThat(Samples.await(store.take(ticket))).contains(Samples.value());
                assertThat(Samples.await(store.take(ticket))).isEmpty();

                var kept = new AtomicInteger();
                Samples.await(() -> {
                    boolean unused = Samples.await(store.put(Samples.ticket(), Samples.value(), MINUTE));
                    return TestDatabase.count(pool, "realtime_ticket") == kept.incrementAndGet();
                });
                var heard = Heard.of(store.revocations());
                Void unused = Samples.await(store.revocations().revoke(Revocation.holder(1)));
                Samples.await(() -> heard.revocations().contains(Revocation.holder(1)));
            }
        }
    }
}
