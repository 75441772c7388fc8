// SPDX-License-Identifier: Apache-2.0
package io.github.realtimeticket.spring.boot;

import static org.assertj.core.api.Assertions.assertThat;

import io.github.realtimeticket.Admission;
import io.github.realtimeticket.Gate;
import io.github.realtimeticket.Ticket;
import io.github.realtimeticket.TicketStore;
import io.github.realtimeticket.Tickets;
import io.github.realtimeticket.jdbc.JdbcTicketStore;
import javax.sql.DataSource;
import org.h2.jdbcx.JdbcDataSource;
import org.junit.jupiter.api.Test;
import org.springframework.beans.factory.annotation.Qualifier;
import org.springframework.boot.autoconfigure.AutoConfigurations;
import org.springframework.boot.jdbc.autoconfigure.DataSourceAutoConfiguration;
import org.springframework.boot.test.context.runner.ApplicationContextRunner;
import org.springframework.context.annotation.Bean;

/** The examples of docs/jdbc.md. */
class JdbcExampleTest {

    static class OfItsOwn {

        @Bean
        JdbcTicketStore ticketStore(@Qualifier("tickets") DataSource dataSource) {
            return JdbcTicketStore.builder(dataSource).table("realtime.tickets").build();
        }
    }

    @Test
    void ofSeveralDatabasesABeanOfTheApplicationsNamesOne() {
        new ApplicationContextRunner()
                .withConfiguration(AutoConfigurations.of(
                        DataSourceAutoConfiguration.class,
                        RealtimeTicketAutoConfiguration.class,
                        RealtimeTicketJdbcAutoConfiguration.class))
                .withPropertyValues("realtime-ticket.store=jdbc")
                .withBean("tickets", DataSource.class, JdbcExampleTest::database)
                .withBean("orders", DataSource.class, JdbcExampleTest::database)
                .withUserConfiguration(OfItsOwn.class)
                .run(context ->
                        assertThat(context).hasSingleBean(TicketStore.class).hasBean("ticketStore"));
    }

    @Test
    void aGateStandsOnTheStoreAndLetsNobodyInWithoutItsTable() {
        DataSource dataSource = database();

        JdbcTicketStore store = JdbcTicketStore.of(dataSource);
        Gate gate =
                Gate.of(Tickets.builder(store).revocations(store.revocations()).build());

        Ticket ticket = Ticket.parse("0".repeat(27)).orElseThrow();
        try (store;
                JdbcTicketStore own = new OfItsOwn().ticketStore(dataSource)) {
            assertThat(gate.admit(ticket).toCompletableFuture().join()).isInstanceOf(Admission.Refused.class);
            assertThat(Gate.of(own).admit(ticket).toCompletableFuture().join()).isInstanceOf(Admission.Refused.class);
        }
    }

    private static DataSource database() {
        var dataSource = new JdbcDataSource();
        dataSource.setURL("jdbc:h2:mem:example");
        return dataSource;
    }
}
