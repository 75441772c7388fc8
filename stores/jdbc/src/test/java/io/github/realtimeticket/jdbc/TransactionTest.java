// SPDX-License-Identifier: Apache-2.0
package io.github.realtimeticket.jdbc;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalStateException;

import com.zaxxer.hikari.HikariConfig;
import com.zaxxer.hikari.HikariDataSource;
import io.github.realtimeticket.Ticket;
import io.github.realtimeticket.TicketStore;
import java.sql.Connection;
import java.time.Duration;
import javax.sql.DataSource;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.EnumSource;
import org.springframework.context.annotation.AnnotationConfigApplicationContext;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Configuration;
import org.springframework.jdbc.core.JdbcTemplate;
import org.springframework.jdbc.datasource.TransactionAwareDataSourceProxy;
import org.springframework.jdbc.support.JdbcTransactionManager;
import org.springframework.transaction.PlatformTransactionManager;
import org.springframework.transaction.annotation.EnableTransactionManagement;
import org.springframework.transaction.annotation.Transactional;

/** The store joins no transaction of its caller, and leaves connections as they were. */
class TransactionTest {

    @Configuration(proxyBeanMethods = false)
    @EnableTransactionManagement
    static class Application {

        @Bean
        PlatformTransactionManager transactions(DataSource dataSource) {
            return new JdbcTransactionManager(dataSource);
        }

        @Bean
        Service service(DataSource dataSource, TicketStore store) {
            return new Service(new JdbcTemplate(dataSource), store);
        }
    }

    static class Service {

        private final JdbcTemplate database;
        private final TicketStore store;

        Service(JdbcTemplate database, TicketStore store) {
            this.database = database;
            this.store = store;
        }

        @Transactional
        public void redeem(Ticket ticket) {
            database.update("INSERT INTO audit VALUES (1)");
            assertThat(Samples.await(store.take(ticket))).isPresent();
            throw new IllegalStateException("roll back");
        }
    }

    @ParameterizedTest
    @CsvSource({"H2, false", "H2, true", "POSTGRESQL, false", "POSTGRESQL, true", "MARIADB, false", "MARIADB, true"})
    void t4_aRedeemedTicketStaysRedeemedWhenTheCallersTransactionIsRolledBack(TestDatabase database, boolean aware) {
        try (HikariDataSource pool = database.pool(4);
                var store = JdbcTicketStore.of(aware ? new TransactionAwareDataSourceProxy(pool) : pool);
                var context = new AnnotationConfigApplicationContext()) {
            TestDatabase.execute(pool, "CREATE TABLE IF NOT EXISTS audit (id INT)");
            context.registerBean(DataSource.class, () -> pool);
            context.registerBean(TicketStore.class, () -> store, definition -> definition.setDestroyMethodName(""));
            context.register(Application.class);
            context.refresh();
            Ticket ticket = Samples.ticket();
            assertThat(Samples.await(store.put(ticket, Samples.value(), Duration.ofMinutes(1))))
                    .isTrue();

            assertThatIllegalStateException()
                    .isThrownBy(() -> context.getBean(Service.class).redeem(ticket))
                    .withMessage("roll back");

            assertThat(TestDatabase.count(pool, "audit")).isZero();
            assertThat(Samples.await(store.take(ticket))).isEmpty();
        }
    }

    @ParameterizedTest
    @EnumSource
    void aPoolWithoutAutocommitAtAnotherIsolationIsUsedAsItShouldBeAndLeftAsItWas(TestDatabase database)
            throws Exception {
        HikariConfig config = database.config(1);
        config.setAutoCommit(false);
        config.setTransactionIsolation("TRANSACTION_SERIALIZABLE");
        Ticket ticket = Samples.ticket();
        try (HikariDataSource pool = new HikariDataSource(config);
                HikariDataSource otherPool = database.pool(1);
                JdbcTicketStore store = Samples.patient(pool);
                JdbcTicketStore other = Samples.patient(otherPool)) {
            assertThat(Samples.await(store.put(ticket, Samples.value(), Duration.ofMinutes(1))))
                    .isTrue();

            assertThat(Samples.await(other.take(ticket))).isPresent();
            assertThat(Samples.await(store.take(ticket))).isEmpty();

            try (Connection connection = pool.getConnection()) {
                assertThat(connection.getAutoCommit()).isFalse();
                assertThat(connection.getTransactionIsolation()).isEqualTo(Connection.TRANSACTION_SERIALIZABLE);
            }
        }
    }
}
