// SPDX-License-Identifier: Apache-2.0
package io.github.realtimeticket.jdbc;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.zaxxer.hikari.HikariConfig;
import com.zaxxer.hikari.HikariDataSource;
import io.github.realtimeticket.Presentation;
import io.github.realtimeticket.RememberingTicketStore.Taken;
import io.github.realtimeticket.Revocation;
import io.github.realtimeticket.Ticket;
import java.sql.Connection;
import java.sql.Statement;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.concurrent.CompletionException;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.atomic.AtomicInteger;
import javax.sql.DataSource;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** What a store asks of each database when a ticket is redeemed, with a feed of what is revoked and without, and with traces of used tickets. */
class RedeemingTest {

    private static final Duration MINUTE = Duration.ofMinutes(1);
    private static final Presentation PRESENTATION = new Presentation(Instant.EPOCH, null, null);
    private static final AtomicInteger TABLES = new AtomicInteger();

    private final String table = "redeeming_" + TABLES.incrementAndGet();

    @ParameterizedTest
    @EnumSource
    void t16_withAFeedATicketCostsNoStatementMore(TestDatabase database) {
        try (HikariDataSource pool = pool(database)) {
            var source = new HookedDataSource(pool);
            try (JdbcTicketStore plain = store(source);
                    JdbcTicketStore told = told(source, pool)) {
                List<String> without = statements(source, () -> redeem(plain, pool));
                List<String> with = statements(source, () -> redeem(told, pool));

                assertThat(with).as("beside %s", without).hasSameSizeAs(without);
            }
        }
    }

    private void redeem(JdbcTicketStore store, DataSource source) {
        assertThat(Samples.await(store.take(issued(source)))).isPresent();
        assertThat(Samples.await(store.take(Samples.ticket()))).isEmpty();
        assertThat(trace(store, issued(source)).value()).isNotNull();
        assertThat(trace(store, Samples.ticket())).isEqualTo(Taken.NOTHING);
    }

    @ParameterizedTest
    @EnumSource
    void t16_whoeverRedeemsWaitsForNobodyWhoRevokes(TestDatabase database) throws Exception {
        try (HikariDataSource pool = pool(database);
                JdbcTicketStore store = told(pool, pool);
                Connection revoking = pool.getConnection();
                Statement statement = revoking.createStatement()) {
            Ticket ticket = issued(pool);
            Ticket traced = issued(pool);

            revoking.setAutoCommit(false);
            assertThat(statement.executeUpdate("UPDATE " + table + "_revision SET last_number = last_number + 1"))
                    .isEqualTo(1);

            assertThat(Samples.await(store.take(ticket))).isPresent();
            assertThat(trace(store, traced).value()).isNotNull();
            revoking.rollback();
        }
    }

    @ParameterizedTest
    @EnumSource
    void t16_aTicketIsStillThereIfTheEndOfWhatIsRevokedCannotBeAsked(TestDatabase database) {
        try (HikariDataSource pool = pool(database);
                JdbcTicketStore store = told(pool, pool)) {
            Ticket ticket = issued(pool);
            Ticket traced = issued(pool);

            TestDatabase.execute(pool, "ALTER TABLE %1$s_revision RENAME TO %1$s_gone".formatted(table));
            assertThatThrownBy(() -> Samples.await(store.take(ticket))).isInstanceOf(CompletionException.class);
            assertThatThrownBy(() -> trace(store, traced)).isInstanceOf(CompletionException.class);
            TestDatabase.execute(pool, "ALTER TABLE %1$s_gone RENAME TO %1$s_revision".formatted(table));

            assertThat(Samples.await(store.take(ticket))).isPresent();
            assertThat(trace(store, traced).value()).isNotNull();
        }
    }

    @Test
    void t16_onAMariaDbThatSpeaksAsOracleATicketIsRedeemedWithAFeed() {
        HikariConfig config = TestDatabase.MARIADB.config(4);
        config.setConnectionInitSql("SET sql_mode = 'ORACLE'");
        try (HikariDataSource pool = pool(TestDatabase.MARIADB);
                var oracle = new HikariDataSource(config);
                JdbcTicketStore store = told(oracle, pool)) {
            Ticket ticket = issued(oracle);

            assertThat(Samples.await(store.take(ticket))).isPresent();
            assertThat(Samples.await(store.take(ticket))).isEmpty();
        }
    }

    @ParameterizedTest
    @EnumSource
    void t4_aTicketThatAnotherGateTakesMeanwhileAndLeavesATraceOfIsTakenOnce(TestDatabase database) {
        try (HikariDataSource pool = pool(database)) {
            var source = new HookedDataSource(pool);
            try (JdbcTicketStore store = store(source);
                    JdbcTicketStore other = store(pool)) {
                Ticket ticket = issued(pool);
                List<Taken> others = new CopyOnWriteArrayList<>();
                source.hook(sql -> {
                    if (sql.contains("DELETE")) {
                        others.add(trace(other, ticket));
                    }
                });

                assertThat(Samples.await(store.take(ticket))).isEmpty();

                assertThat(others).singleElement().extracting(Taken::value).isEqualTo(Samples.value());
            }
        }
    }

    private HikariDataSource pool(TestDatabase database) {
        HikariDataSource pool = database.pool(4);
        database.createTable(pool, table);
        return pool;
    }

    /** Whose feed reads on when it must, and at no other time. */
    private JdbcTicketStore store(DataSource source) {
        return JdbcTicketStore.builder(source)
                .table(table)
                .timeout(Duration.ofSeconds(30))
                .period(Duration.ofHours(1))
                .build();
    }

    /** A store whose feed has read all that there is. */
    private JdbcTicketStore told(DataSource source, DataSource other) {
        try (JdbcTicketStore revoking = store(other)) {
            Void unused = Samples.await(revoking.revocations().revoke(Revocation.session("the first")));
        }
        JdbcTicketStore told = store(source);
        Samples.await(() -> told.revocations().isCurrent());
        return told;
    }

    private Ticket issued(DataSource source) {
        Ticket ticket = Samples.ticket();
        try (JdbcTicketStore issuer = store(source)) {
            assertThat(Samples.await(issuer.put(ticket, Samples.value(), MINUTE)))
                    .isTrue();
        }
        return ticket;
    }

    private static Taken trace(JdbcTicketStore store, Ticket ticket) {
        return Samples.await(store.remembering().orElseThrow().take(ticket, PRESENTATION));
    }

    private static List<String> statements(HookedDataSource source, Runnable redeeming) {
        List<String> statements = new CopyOnWriteArrayList<>();
        source.hook(sql -> {
            if (!sql.equals(HookedDataSource.CONNECT)) {
                statements.add(sql);
            }
        });
        redeeming.run();
        source.heal();
        return statements;
    }
}
