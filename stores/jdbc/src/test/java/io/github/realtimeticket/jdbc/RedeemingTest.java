// SPDX-License-Identifier: Apache-2.0
package io.github.realtimeticket.jdbc;

import static org.assertj.core.api.Assertions.assertThat;

import com.zaxxer.hikari.HikariDataSource;
import io.github.realtimeticket.Presentation;
import io.github.realtimeticket.RememberingTicketStore.Taken;
import io.github.realtimeticket.Ticket;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.atomic.AtomicInteger;
import javax.sql.DataSource;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** What a store asks of each database when a ticket is redeemed. */
class RedeemingTest {

    private static final Duration MINUTE = Duration.ofMinutes(1);
    private static final Presentation PRESENTATION = new Presentation(Instant.EPOCH, null, null);
    private static final AtomicInteger TABLES = new AtomicInteger();

    private final String table = "redeeming_" + TABLES.incrementAndGet();

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
}
