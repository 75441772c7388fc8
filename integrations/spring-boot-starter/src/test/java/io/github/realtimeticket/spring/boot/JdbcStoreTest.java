// SPDX-License-Identifier: Apache-2.0
package io.github.realtimeticket.spring.boot;

import static io.github.realtimeticket.fixtures.Eventually.eventually;
import static org.assertj.core.api.Assertions.assertThat;

import io.github.realtimeticket.Admission;
import io.github.realtimeticket.Gate;
import io.github.realtimeticket.InMemoryTicketStore;
import io.github.realtimeticket.Revocation;
import io.github.realtimeticket.Revocations;
import io.github.realtimeticket.Ticket;
import io.github.realtimeticket.TicketEvent;
import io.github.realtimeticket.TicketHolder;
import io.github.realtimeticket.TicketListener;
import io.github.realtimeticket.TicketStore;
import io.github.realtimeticket.Tickets;
import io.github.realtimeticket.jdbc.JdbcTicketStore;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.UUID;
import java.util.concurrent.CopyOnWriteArrayList;
import javax.sql.DataSource;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import org.springframework.boot.autoconfigure.AutoConfigurations;
import org.springframework.boot.health.contributor.HealthIndicator;
import org.springframework.boot.health.contributor.Status;
import org.springframework.boot.jdbc.DatabaseDriver;
import org.springframework.boot.jdbc.autoconfigure.DataSourceAutoConfiguration;
import org.springframework.boot.test.context.FilteredClassLoader;
import org.springframework.boot.test.context.assertj.AssertableApplicationContext;
import org.springframework.boot.test.context.runner.ApplicationContextRunner;
import org.springframework.boot.test.system.CapturedOutput;
import org.springframework.boot.test.system.OutputCaptureExtension;
import org.springframework.jdbc.core.simple.JdbcClient;

/** The store in the application's database, and who makes its table. */
@ExtendWith(OutputCaptureExtension.class)
class JdbcStoreTest {

    private final ApplicationContextRunner program = new ApplicationContextRunner()
            .withConfiguration(AutoConfigurations.of(
                    DataSourceAutoConfiguration.class,
                    RealtimeTicketAutoConfiguration.class,
                    RealtimeTicketJdbcAutoConfiguration.class,
                    RealtimeTicketRedisAutoConfiguration.class))
            .withPropertyValues(
                    "realtime-ticket.store=jdbc",
                    "realtime-ticket.jdbc.timeout=10s",
                    "spring.datasource.url=jdbc:h2:mem:" + UUID.randomUUID());

    @Test
    void anEmbeddedDatabaseHasTheTableFromTheStart(CapturedOutput output) {
        program.run(context -> {
            assertThat(context).hasSingleBean(JdbcTicketStore.class).hasSingleBean(TicketStore.class);
            assertIssuesAndRedeems(context);
        });

        assertThat(output).contains("Tickets are kept in the application's database, in the table realtime_ticket");
    }

    @ParameterizedTest
    @EnumSource(names = {"H2", "MARIADB", "MYSQL", "POSTGRESQL"})
    void eachDatabaseHasAScriptByTheNameThatBootHasForIt(DatabaseDriver database) {
        assertThat(JdbcTicketStore.class.getResource("schema-" + database.getId() + ".sql"))
                .isNotNull();
    }

    @Test
    void theTableCanBeLeftToTheApplication() {
        program.withPropertyValues("realtime-ticket.jdbc.initialize-schema=never")
                .run(context -> assertThat(tables(context)).isZero());
    }

    @Test
    void aDatabaseThatLastsHasTheTablesOnlyWhenItIsAskedFor(@TempDir Path folder) {
        var lasting = program.withPropertyValues("spring.datasource.url=jdbc:h2:file:" + folder.resolve("tickets"));

        lasting.run(context -> assertThat(tables(context)).isZero());
        lasting.withPropertyValues("realtime-ticket.jdbc.initialize-schema=always")
                .run(JdbcStoreTest::assertIssuesAndRedeems);
    }

    @Test
    void aTableThatIsThereStaysAsItIs() {
        program.withPropertyValues(
                        "realtime-ticket.jdbc.initialize-schema=always",
                        "spring.datasource.url=jdbc:h2:mem:there;DB_CLOSE_DELAY=-1")
                .run(first -> {
                    Ticket ticket = issue(first);

                    program.withPropertyValues(
                                    "realtime-ticket.jdbc.initialize-schema=always",
                                    "spring.datasource.url=jdbc:h2:mem:there;DB_CLOSE_DELAY=-1")
                            .run(second -> assertThat(admit(second, ticket)).isInstanceOf(Admission.Admitted.class));
                });
    }

    @Test
    void itStartsWhileTheDatabaseIsDown() {
        program.withPropertyValues(
                        "spring.datasource.url=jdbc:h2:tcp://127.0.0.1:1/none",
                        "spring.datasource.hikari.connection-timeout=500",
                        "realtime-ticket.jdbc.timeout=2s")
                .run(context -> {
                    assertThat(context).hasSingleBean(JdbcTicketStore.class);
                    assertThat(admit(context, Ticket.parse("x".repeat(27)).orElseThrow()))
                            .isInstanceOfSatisfying(Admission.Refused.class, refused -> assertThat(
                                            refused.reason().status())
                                    .isEqualTo(503));
                });
    }

    @Test
    void withoutADataSourceItDoesNotStart() {
        new ApplicationContextRunner()
                .withConfiguration(AutoConfigurations.of(
                        RealtimeTicketAutoConfiguration.class, RealtimeTicketJdbcAutoConfiguration.class))
                .withPropertyValues("realtime-ticket.store=jdbc")
                .run(context -> assertThat(context.getStartupFailure())
                        .rootCause()
                        .hasMessageContaining(DataSource.class.getName()));
    }

    @Test
    void itIsNeverReplacedByMemoryBecauseItsLibraryIsMissing() {
        program.withClassLoader(new FilteredClassLoader(JdbcTicketStore.class))
                .run(context -> assertThat(context.getStartupFailure())
                        .rootCause()
                        .hasMessageContaining("realtime-ticket-jdbc on the class path"));
    }

    @Test
    void aDataSourceByHandNeedsNothingOfBoots() {
        new ApplicationContextRunner()
                .withConfiguration(AutoConfigurations.of(
                        RealtimeTicketAutoConfiguration.class, RealtimeTicketJdbcAutoConfiguration.class))
                .withClassLoader(
                        new FilteredClassLoader("org.springframework.boot.jdbc", "org.springframework.boot.sql"))
                .withPropertyValues("realtime-ticket.store=jdbc", "realtime-ticket.jdbc.timeout=10s")
                .withBean(DataSource.class, () -> {
                    var h2 = new org.h2.jdbcx.JdbcDataSource();
                    h2.setUrl("jdbc:h2:mem:byhand;DB_CLOSE_DELAY=-1;INIT=RUNSCRIPT FROM"
                            + " 'classpath:io/github/realtimeticket/jdbc/schema-h2.sql'");
                    return h2;
                })
                .run(JdbcStoreTest::assertIssuesAndRedeems);
    }

    @Test
    void inMemoryNothingIsDoneToTheDatabase() {
        program.withPropertyValues("realtime-ticket.store=memory").run(context -> {
            assertThat(context).hasSingleBean(InMemoryTicketStore.class).doesNotHaveBean("realtimeTicketSchema");
            assertThat(tables(context)).isZero();
        });
    }

    @Test
    void theHealthTellsWhetherWhatIsRevokedIsTold() {
        program.withConfiguration(AutoConfigurations.of(RealtimeTicketHealthAutoConfiguration.class))
                .withPropertyValues("realtime-ticket.revocations.enabled=true")
                .run(context -> {
                    var indicator = context.getBean(HealthIndicator.class);
                    eventually(() -> indicator.health().getStatus().equals(Status.UP));

                    int unused = JdbcClient.create(context.getBean(DataSource.class))
                            .sql("DROP TABLE realtime_ticket_revocation")
                            .update();

                    eventually(() -> indicator.health().getStatus().equals(Status.DOWN));
                });
        program.withConfiguration(AutoConfigurations.of(RealtimeTicketHealthAutoConfiguration.class))
                .run(context -> assertThat(context).doesNotHaveBean(HealthIndicator.class));
    }

    @Test
    void whatIsRevokedIsToldWhereItIsAskedFor() {
        program.run(context -> assertThat(context).doesNotHaveBean(Revocations.class));
        program.withPropertyValues("realtime-ticket.revocations.enabled=true").run(context -> {
            Revocations revocations = context.getBean(Revocations.class);
            assertThat(revocations)
                    .isSameAs(context.getBean(JdbcTicketStore.class).revocations());
            assertThat(revocations.revoke(Revocation.holder(1)).toCompletableFuture())
                    .succeedsWithin(Duration.ofSeconds(30));
            assertIssuesAndRedeems(context);
        });
    }

    @Test
    void aUsedTicketThatIsPresentedAgainIsTold() {
        List<TicketEvent> events = new CopyOnWriteArrayList<>();

        program.withBean(TicketListener.class, () -> events::add)
                .withPropertyValues("realtime-ticket.replay-alarm=log")
                .run(JdbcStoreTest::assertIssuesAndRedeems);

        assertThat(events)
                .filteredOn(TicketEvent.PresentedAgain.class::isInstance)
                .hasSize(1);
    }

    @Test
    void inMemoryNothingIsRevokedWhereThatIsSwitchedOff() {
        program.withPropertyValues("realtime-ticket.store=memory")
                .run(context -> assertThat(context).hasSingleBean(Revocations.class));
        program.withPropertyValues("realtime-ticket.store=memory", "realtime-ticket.revocations.enabled=false")
                .run(context -> assertThat(context).doesNotHaveBean(Revocations.class));
    }

    private static void assertIssuesAndRedeems(AssertableApplicationContext context) {
        Ticket ticket = issue(context);

        assertThat(admit(context, ticket)).isInstanceOf(Admission.Admitted.class);
        assertThat(admit(context, ticket)).isInstanceOf(Admission.Refused.class);
    }

    private static Ticket issue(AssertableApplicationContext context) {
        return context.getBean(Tickets.class)
                .issue(TicketHolder.of(1, "alice"))
                .toCompletableFuture()
                .join();
    }

    private static Admission admit(AssertableApplicationContext context, Ticket ticket) {
        return context.getBean(Gate.class).admit(ticket).toCompletableFuture().join();
    }

    private static int tables(AssertableApplicationContext context) {
        return JdbcClient.create(context.getBean(DataSource.class))
                .sql("SELECT COUNT(*) FROM information_schema.tables WHERE table_name = 'REALTIME_TICKET'")
                .query(Integer.class)
                .single();
    }
}
