// SPDX-License-Identifier: Apache-2.0
package io.github.realtimeticket.jdbc;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowable;

import com.zaxxer.hikari.HikariDataSource;
import io.github.realtimeticket.Ticket;
import io.github.realtimeticket.TicketBinding;
import io.github.realtimeticket.TicketHolder;
import io.github.realtimeticket.TicketStoreException;
import io.github.realtimeticket.TicketValue;
import io.github.realtimeticket.fixtures.Log;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.lang.reflect.Proxy;
import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.SQLException;
import java.time.Duration;
import java.util.Locale;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.logging.Level;
import javax.sql.DataSource;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.ValueSource;
import org.springframework.jdbc.datasource.AbstractDataSource;
import org.springframework.jdbc.datasource.DelegatingDataSource;

/** A fault says what is wrong, and neither its message, its causes nor the log have the ticket, its hash, or the value in them. */
class FaultsTest {

    private static final TicketValue SECRET =
            new TicketValue(TicketHolder.of("s3cret-id", "s3cret-name"), TicketBinding.none(), null);
    private static final Duration MINUTE = Duration.ofMinutes(1);

    private final Ticket ticket = Samples.ticket();

    @ParameterizedTest
    @EnumSource
    void t13_aMissingTableIsNamed(TestDatabase database) {
        try (HikariDataSource pool = database.pool(1);
                JdbcTicketStore store = JdbcTicketStore.builder(pool)
                        .table("nowhere")
                        .timeout(Duration.ofSeconds(30))
                        .build()) {
            assertSays(store.put(ticket, SECRET, MINUTE), "no table nowhere");
            assertSays(store.take(ticket), "no table nowhere");
        }
    }

    @ParameterizedTest
    @EnumSource
    void t13_whatTheTableRefusesIsNotQuoted(TestDatabase database) {
        String table = "refusing_" + database.name().toLowerCase(Locale.ROOT);
        try (HikariDataSource pool = database.pool(1);
                JdbcTicketStore store = JdbcTicketStore.builder(pool)
                        .table(table)
                        .timeout(Duration.ofSeconds(30))
                        .build()) {
            database.createTable(pool, table);
            TestDatabase.execute(
                    pool, "ALTER TABLE " + table + " ADD CONSTRAINT " + table + "_c CHECK (ticket_hash = 'x')");

            assertSays(store.put(ticket, SECRET, MINUTE), "The database answered with an error", "SQLSTATE 23");

            TestDatabase.execute(pool, "DROP TABLE " + table);
        }
    }

    @Test
    void t13_aUserWhoMayNotIsNamedSo() {
        try (HikariDataSource pool = TestDatabase.POSTGRESQL.pool(1);
                HikariDataSource nobodys = nobodys(pool);
                JdbcTicketStore store = Samples.patient(nobodys)) {
            assertSays(
                    store.take(ticket), "does not let this user SELECT, INSERT and DELETE in realtime_ticket", "42501");
        }
    }

    private static HikariDataSource nobodys(HikariDataSource admin) {
        TestDatabase.execute(admin, "DROP ROLE IF EXISTS nobody; CREATE ROLE nobody LOGIN");
        var config = TestDatabase.POSTGRESQL.config(1);
        config.setUsername("nobody");
        return new HikariDataSource(config);
    }

    @ParameterizedTest
    @ValueSource(strings = {"duplicate %s", "value %s", "%s"})
    void t13_noDriversWordsArePassedOn(String words) {
        String message = words.formatted(ticket.reveal() + " " + ticket.sha256() + " s3cret-name");
        var fault = new SQLException(message, "XX000", 7, new IllegalStateException(message));

        try (var store = Samples.patient(failing(fault))) {
            assertSays(store.put(ticket, SECRET, MINUTE), "SQLSTATE XX000, error 7");
        }
        try (var store = Samples.patient(failing(new IllegalStateException(message)))) {
            assertSays(store.take(ticket), "driver or pool failed: java.lang.IllegalStateException");
        }
    }

    @Test
    void aStatementIsClosedThoughItsValuesCannotBeSet() {
        var closed = new AtomicInteger();
        var statement = (PreparedStatement) Proxy.newProxyInstance(
                getClass().getClassLoader(), new Class<?>[] {PreparedStatement.class}, (proxy, method, arguments) -> {
                    if (method.getName().equals("setObject")) {
                        throw new SQLException("of no type that is known", "22023");
                    }
                    return method.getName().equals("close") ? closed.incrementAndGet() : null;
                });
        try (HikariDataSource pool = TestDatabase.H2.pool(1);
                var store = Samples.patient(new DelegatingDataSource(pool) {
                    @Override
                    public Connection getConnection() throws SQLException {
                        Connection connection = super.getConnection();
                        return (Connection) Proxy.newProxyInstance(
                                getClass().getClassLoader(),
                                new Class<?>[] {Connection.class},
                                (proxy, method, arguments) -> method.getName().equals("prepareStatement")
                                        ? statement
                                        : method.invoke(connection, arguments));
                    }
                })) {
            assertSays(store.take(ticket), "SQLSTATE 22023");
        }

        assertThat(closed).hasValue(1);
    }

    @Test
    void t13_anotherDatabaseIsRefusedByName() {
        DataSource derby = new AbstractDataSource() {
            @Override
            public Connection getConnection() {
                return (Connection) java.lang.reflect.Proxy.newProxyInstance(
                        getClass().getClassLoader(), new Class<?>[] {Connection.class}, (proxy, method, arguments) -> {
                            return switch (method.getName()) {
                                case "getMetaData" ->
                                    java.lang.reflect.Proxy.newProxyInstance(
                                            getClass().getClassLoader(),
                                            new Class<?>[] {java.sql.DatabaseMetaData.class},
                                            (p, m, a) -> "Apache Derby");
                                case "getAutoCommit" -> true;
                                case "isClosed" -> false;
                                case "getNetworkTimeout" -> throw new java.sql.SQLFeatureNotSupportedException();
                                default -> null;
                            };
                        });
            }

            @Override
            public Connection getConnection(String username, String password) {
                return getConnection();
            }
        };
        try (var store = Samples.patient(derby)) {
            assertSays(store.take(ticket), "not in Apache Derby");
        }
    }

    @Test
    void t13_whatCannotBeCleanedIsSaidOnceInTheLog() {
        String table = "uncleaned";
        var log = new Log(JdbcTicketStore.class);
        try (log;
                HikariDataSource pool = TestDatabase.POSTGRESQL.pool(2);
                HikariDataSource nobodys = nobodys(pool)) {
            TestDatabase.POSTGRESQL.createTable(pool, table);
            TestDatabase.execute(pool, "GRANT INSERT ON " + table + " TO nobody");
            try (var store = JdbcTicketStore.builder(nobodys)
                    .table(table)
                    .timeout(Duration.ofSeconds(30))
                    .build()) {
                for (int i = 0; i < 40; i++) {
                    assertThat(Samples.await(store.put(Samples.ticket(), SECRET, MINUTE)))
                            .isTrue();
                }
            }
            TestDatabase.execute(pool, "DROP TABLE " + table);
        }

        assertThat(log.said(Level.WARNING))
                .singleElement()
                .asString()
                .startsWith("Expired tickets are not removed: The database does not let this user")
                .doesNotContain("s3cret");
    }

    private void assertSays(CompletionStage<?> stage, String... words) {
        Throwable fault = catchThrowable(() -> Samples.await(stage));

        assertThat(fault).cause().isInstanceOf(TicketStoreException.class).hasNoCause();
        assertThat(fault).cause().message().contains(words);
        var everything = new StringWriter();
        fault.printStackTrace(new PrintWriter(everything));
        assertThat(everything.toString()).doesNotContain(ticket.reveal(), ticket.sha256(), "s3cret");
    }

    private static DataSource failing(Exception fault) {
        return new AbstractDataSource() {
            @Override
            public Connection getConnection() throws SQLException {
                if (fault instanceof SQLException sql) {
                    throw sql;
                }
                throw (RuntimeException) fault;
            }

            @Override
            public Connection getConnection(String username, String password) throws SQLException {
                return getConnection();
            }
        };
    }
}
