// SPDX-License-Identifier: Apache-2.0
package io.github.realtimeticket.jdbc;

import static org.assertj.core.api.Assertions.assertThat;

import com.zaxxer.hikari.HikariConfig;
import com.zaxxer.hikari.HikariDataSource;
import io.github.realtimeticket.Presentation;
import io.github.realtimeticket.RememberingTicketStore;
import io.github.realtimeticket.RememberingTicketStore.Taken;
import io.github.realtimeticket.Revision;
import io.github.realtimeticket.Revocation;
import io.github.realtimeticket.Ticket;
import java.time.Duration;
import java.time.Instant;
import java.util.Locale;
import javax.sql.DataSource;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedClass;
import org.junit.jupiter.params.provider.EnumSource;

/**
 * What time it is, only the database says: here its clock is right at first, and then an hour ahead of this process's. Of the others none lets its clock
 * be set, but what they are asked is made of the same parts.
 */
@ParameterizedClass
@EnumSource(names = {"MARIADB", "MYSQL"})
class ClockTest {

    private static final Duration MINUTE = Duration.ofMinutes(1);
    private static final Duration HOUR = Duration.ofHours(1);

    private final String table;
    private final HikariDataSource pool;
    private final HikariDataSource aheadPool;
    private final JdbcTicketStore store;
    private final JdbcTicketStore ahead;
    private final Ticket ticket = Samples.ticket();

    ClockTest(TestDatabase database) {
        table = "clock_" + database.name().toLowerCase(Locale.ROOT);
        pool = database.pool(2);
        HikariConfig config = database.config(2);
        config.setConnectionInitSql("SET timestamp = UNIX_TIMESTAMP() + " + HOUR.toSeconds());
        aheadPool = new HikariDataSource(config);
        store = store(pool);
        ahead = store(aheadPool);
        database.createTable(pool, table);
    }

    private JdbcTicketStore store(DataSource dataSource) {
        return JdbcTicketStore.builder(dataSource)
                .table(table)
                .timeout(Duration.ofSeconds(30))
                .build();
    }

    @BeforeEach
    void issue() {
        put(store, ticket);
    }

    @AfterEach
    void close() {
        store.close();
        ahead.close();
        TestDatabase.execute(
                pool, "DROP TABLE %1$s; DROP TABLE %1$s_revocation; DROP TABLE %1$s_revision".formatted(table));
        aheadPool.close();
        pool.close();
    }

    @Test
    void t3_aTicketIsOverWhenItIsByTheDatabasesClock() {
        RememberingTicketStore remembering = ahead.remembering().orElseThrow();

        assertThat(Samples.await(ahead.take(ticket))).isEmpty();
        assertThat(Samples.await(remembering.take(ticket, new Presentation(Instant.now(), null, null))))
                .isEqualTo(Taken.NOTHING);

        assertThat(Samples.await(store.take(ticket))).isPresent();
    }

    @Test
    void t3_aTicketLastsByTheDatabasesClock() {
        // In the place of the one that is over by then.
        put(ahead, ticket);

        assertThat(Samples.await(ahead.take(ticket))).isPresent();
    }

    @Test
    void t3_whoeverIssuesRemovesWhatIsOverByTheDatabasesClock() {
        for (int i = 0; i < 16; i++) {
            put(ahead, Samples.ticket());
        }

        Samples.await(() -> TestDatabase.count(pool, table) == 16);
    }

    @Test
    void t16_whatIsRevokedIsSoAtTheDatabasesTime() {
        Instant almost = Instant.now().plus(HOUR).minus(MINUTE);

        Void unused = Samples.await(ahead.revocations().revoke(Revocation.holder(1)));

        assertThat(Revision.of(ahead.revocations().revision()).milliseconds()).isGreaterThan(almost.toEpochMilli());
    }

    private static void put(JdbcTicketStore store, Ticket ticket) {
        assertThat(Samples.await(store.put(ticket, Samples.value(), MINUTE))).isTrue();
    }
}
