// SPDX-License-Identifier: Apache-2.0
package io.github.realtimeticket.jdbc;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.zaxxer.hikari.HikariDataSource;
import io.github.realtimeticket.Gate;
import io.github.realtimeticket.Refusal;
import io.github.realtimeticket.Revision;
import io.github.realtimeticket.Revocation;
import io.github.realtimeticket.Revocations;
import io.github.realtimeticket.Ticket;
import io.github.realtimeticket.TicketGrant;
import io.github.realtimeticket.TicketHolder;
import io.github.realtimeticket.Tickets;
import io.github.realtimeticket.fixtures.Log;
import io.github.realtimeticket.testkit.Heard;
import java.lang.management.ManagementFactory;
import java.sql.Connection;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.SQLTimeoutException;
import java.sql.SQLTransientConnectionException;
import java.sql.Statement;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ThreadFactory;
import java.util.concurrent.ThreadPoolExecutor;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.logging.Level;
import java.util.stream.Collectors;
import javax.sql.DataSource;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** What a feed in a database does when some of its statements fail, hang or come too late, and when rows are lost. */
class FeedFaultsTest {

    private static final Duration PATIENCE = Duration.ofSeconds(30);
    private static final Duration SOON = Duration.ofMillis(20);
    private static final Duration NEVER = Duration.ofHours(1);
    private static final int MORE_THAN_THREADS = 40;
    private static final AtomicInteger TABLES = new AtomicInteger();

    private final String table = "faulty_" + TABLES.incrementAndGet();

    @Test
    void t16_aFeedThatHangsFailsNoTicketOfNoSessionAndNoIssuer() {
        try (HikariDataSource pool = pool(TestDatabase.H2)) {
            var source = new HookedDataSource(pool);
            var released = new CountDownLatch(1);
            try (JdbcTicketStore store = store(source, Duration.ofSeconds(2), SOON);
                    JdbcTicketStore other = store(pool, PATIENCE, NEVER)) {
                Gate gate = gate(store);
                Samples.await(() -> store.revocations().isCurrent());
                List<Ticket> tickets = new ArrayList<>();
                for (int i = 0; i < 40; i++) {
                    tickets.add(issue(other, null));
                }
                Ticket bound = issue(other, "session");
                source.hook(sql -> {
                    if (isReading(sql)) {
                        hold(released);
                    }
                });
                revoke(other, Revocation.session("another"));

                List<CompletionStage<Optional<Refusal>>> refusals =
                        tickets.stream().map(ticket -> begin(gate, ticket)).toList();
                Ticket unused = issue(store, null);

                assertThat(refusals.stream().map(Samples::await)).containsOnly(Optional.empty());
                assertThat(refusal(gate, bound)).contains(Refusal.FAILED);
                released.countDown();
                Samples.await(() -> refusal(gate, issue(other, "session")).isEmpty());
            } finally {
                released.countDown();
            }
        }
    }

    @Test
    void t16_aFeedThatCannotReadAdmitsNoTicketOfASessionAndAllOthers() {
        try (HikariDataSource pool = pool(TestDatabase.H2)) {
            var source = new HookedDataSource(pool);
            try (JdbcTicketStore store = store(source, PATIENCE, SOON);
                    JdbcTicketStore other = store(pool, PATIENCE, NEVER)) {
                Gate gate = gate(store);
                Samples.await(() -> store.revocations().isCurrent());
                source.hook(sql -> {
                    if (isReading(sql)) {
                        throw new SQLTimeoutException("slow", "57014");
                    }
                });
                revoke(other, Revocation.session("another"));

                assertThat(refusal(gate, issue(other, "session"))).contains(Refusal.FAILED);
                assertThat(refusal(gate, issue(other, null))).isEmpty();
                source.heal();
                Samples.await(() -> refusal(gate, issue(other, "session")).isEmpty());
            }
        }
    }

    @Test
    void t16_whatHasNotBeenReadForSecondsIsNotCurrentUntilATicketTellsThatThereIsNoMore() {
        try (HikariDataSource pool = pool(TestDatabase.H2);
                JdbcTicketStore store = store(pool, PATIENCE, NEVER)) {
            Gate gate = gate(store);
            Samples.await(() -> store.revocations().isCurrent());

            Samples.await(() -> !store.revocations().isCurrent());

            assertThat(refusal(gate, issue(store, "session"))).isEmpty();
        }
    }

    @Test
    void t16_whoeverFindsThatItsOwnRevocationIsLostRevokesItAgain() {
        try (HikariDataSource pool = pool(TestDatabase.H2)) {
            var source = new HookedDataSource(pool);
            try (JdbcTicketStore store = store(source, PATIENCE, NEVER)) {
                var heard = Heard.of(store.revocations());
                Gate gate = gate(store);
                revoke(store, Revocation.session("first"));
                Samples.await(() -> heard.revocations().size() == 1);
                String undo = undo(pool);
                Ticket outstanding = issue(store, "lost");
                var added = new AtomicBoolean();
                source.hook(sql -> {
                    if (sql.startsWith("INSERT")) {
                        added.set(true);
                    } else if (isReading(sql) && added.get()) {
                        source.heal();
                        TestDatabase.execute(pool, undo);
                    }
                });

                revoke(store, Revocation.session("lost"));

                Samples.await(
                        () -> !heard.lost().isEmpty() && heard.revocations().contains(Revocation.session("lost")));
                assertThat(refusal(gate, outstanding)).contains(Refusal.REVOKED);
                assertThat(TestDatabase.count(pool, table + "_revocation")).isGreaterThan(2);
            }
        }
    }

    @Test
    void t16_whatAFailoverLostBeforeAllHadReadItIsRevokedAgain() throws Exception {
        try (HikariDataSource pool = pool(TestDatabase.H2)) {
            var source = new HookedDataSource(pool);
            try (JdbcTicketStore one = store(pool, PATIENCE, SOON);
                    JdbcTicketStore other = store(source, PATIENCE, SOON)) {
                var heard = Heard.of(one.revocations());
                var elsewhere = Heard.of(other.revocations());
                revoke(one, Revocation.session("first"));
                Samples.await(() -> heard.revocations().size() == 1
                        && elsewhere.revocations().size() == 1);
                String undo = undo(pool);
                CompletableFuture<Integer> open = Samples.open(gate(other), issue(one, "lost"));
                source.hook(sql -> {
                    throw new SQLTransientConnectionException("down", "08001");
                });
                revoke(one, Revocation.session("lost"));
                Samples.await(() -> heard.revocations().size() == 2);

                TestDatabase.execute(pool, undo);
                source.heal();

                assertThat(open.get(PATIENCE.toSeconds(), TimeUnit.SECONDS)).isEqualTo(3000);
            }
        }
    }

    @Test
    void t16_neitherASlowCallerNorTheRemovalOfOldRowsDelaysWhatOthersRevoke() {
        try (HikariDataSource pool = pool(TestDatabase.H2)) {
            var source = new HookedDataSource(pool);
            var picked = new CountDownLatch(1);
            var begun = new CountDownLatch(1);
            var released = new CountDownLatch(1);
            try (JdbcTicketStore store = store(source, PATIENCE, SOON)) {
                source.hook(sql -> {
                    if (sql.startsWith("INSERT")) {
                        picked.countDown();
                        hold(begun);
                    } else if (sql.startsWith("SELECT MIN(revocation_number) FROM")) {
                        hold(released);
                    }
                });
                CompletionStage<Void> slow =
                        store.revocations().revoke(Revocation.session("slow")).thenRun(() -> hold(released));
                hold(picked);
                begun.countDown();

                revoke(store, Revocation.session("other"));

                assertThat(slow.toCompletableFuture()).isNotDone();
                released.countDown();
            } finally {
                begun.countDown();
                released.countDown();
            }
        }
    }

    @Test
    void t16_whatFailedWhileItWaitedForAConnectionIsNotRevokedLater() {
        try (HikariDataSource pool = pool(TestDatabase.H2)) {
            var source = new HookedDataSource(pool);
            var released = new CountDownLatch(1);
            try (JdbcTicketStore store = store(source, Duration.ofSeconds(1), NEVER)) {
                Samples.await(() -> store.revocations().isCurrent());
                source.hook(sql -> hold(released));
                assertThatThrownBy(() -> revoke(store, Revocation.session("given up")))
                        .hasMessageContaining("did not answer within");

                source.heal();
                released.countDown();
                Samples.await(() -> revoked(store, "later"));

                assertThat(TestDatabase.count(pool, table + "_revocation")).isEqualTo(1);
            } finally {
                released.countDown();
            }
        }
    }

    @ParameterizedTest
    @EnumSource(names = {"H2", "POSTGRESQL", "MARIADB"})
    void t16_aLastPositionThatIsBehindTheRowsIsSetRightByWhoeverRevokes(TestDatabase database) {
        try (HikariDataSource pool = pool(database);
                JdbcTicketStore store = store(pool, PATIENCE, SOON)) {
            var heard = Heard.of(store.revocations());
            revoke(store, Revocation.session("first"));
            revoke(store, Revocation.session("second"));
            TestDatabase.execute(pool, "UPDATE " + table + "_revision SET last_number = 1");

            revoke(store, Revocation.session("third"));

            Samples.await(() -> heard.revocations().contains(Revocation.session("third")));
            Samples.await(() -> refusal(gate(store), issue(store, "fourth")).isEmpty());
        }
    }

    @Test
    void t16_aClientThatStandsStillWithinARevocationIsEndedByPostgreSql() {
        try (HikariDataSource pool = pool(TestDatabase.POSTGRESQL);
                HikariDataSource another = TestDatabase.POSTGRESQL.pool(4)) {
            var source = new HookedDataSource(another);
            var begun = new CountDownLatch(1);
            var released = new CountDownLatch(1);
            try (JdbcTicketStore still = store(source, PATIENCE, SOON);
                    JdbcTicketStore other = store(pool, Duration.ofSeconds(2), SOON)) {
                source.hook(sql -> {
                    if (sql.startsWith("INSERT INTO " + table + "_revocation")) {
                        begun.countDown();
                        hold(released);
                    }
                });
                CompletionStage<Void> unused = still.revocations().revoke(Revocation.session("still"));
                hold(begun);

                Samples.await(() -> revoked(other, "other"));
                released.countDown();
            } finally {
                released.countDown();
            }
        }
    }

    @Test
    void t16_aHoleInTheRowsClosesTheConnectionsOfSessions() throws Exception {
        try (HikariDataSource pool = pool(TestDatabase.H2);
                JdbcTicketStore store = store(pool, PATIENCE, SOON)) {
            var heard = Heard.of(store.revocations());
            revoke(store, Revocation.session("first"));
            Samples.await(() -> heard.revocations().size() == 1);
            CompletableFuture<Integer> open = Samples.open(gate(store), issue(store, "bound"));

            TestDatabase.execute(
                    pool,
                    "INSERT INTO %1$s_revocation SELECT 3, last_millis, X'7b7d' FROM %1$s_revision; UPDATE %1$s_revision SET last_number = 3"
                            .formatted(table));

            assertThat(open.get(PATIENCE.toSeconds(), TimeUnit.SECONDS)).isEqualTo(3000);
            Samples.await(() -> refusal(gate(store), issue(store, "after")).isEmpty());
        }
    }

    @Test
    void t16_aRowThatOneStatementDoesNotShowIsNotGone() {
        try (HikariDataSource pool = pool(TestDatabase.H2)) {
            var source = new HookedDataSource(pool);
            try (JdbcTicketStore store = store(source, PATIENCE, NEVER);
                    JdbcTicketStore other = store(pool, PATIENCE, NEVER)) {
                var heard = Heard.of(store.revocations());
                List<Revocation> all =
                        List.of(Revocation.session("first"), Revocation.session("second"), Revocation.session("third"));
                revoke(store, all.get(0));
                Samples.await(() -> heard.revocations().size() == 1);
                revoke(other, all.get(1));
                String show = "UPDATE " + table + "_revocation SET revocation_number = %d WHERE revocation_number = %d";
                source.hook(sql -> {
                    if (isReading(sql)) {
                        TestDatabase.execute(pool, show.formatted(-2, 2));
                        source.hook(again -> {
                            if (isReading(again)) {
                                source.heal();
                                TestDatabase.execute(pool, show.formatted(2, -2));
                            }
                        });
                    }
                });

                revoke(store, all.get(2));

                Samples.await(() -> heard.revocations().contains(all.get(2)));
                assertThat(heard.revocations()).isEqualTo(all);
                assertThat(heard.lost()).isEmpty();
                assertThat(TestDatabase.count(pool, table + "_revocation")).isEqualTo(3);
            }
        }
    }

    @Test
    void t16_whatIsRevokedHereWhileAFeedBeginsAnewIsNotMissed() {
        try (HikariDataSource pool = pool(TestDatabase.H2);
                Log log = new Log(Revocations.class)) {
            var source = new HookedDataSource(pool);
            try (JdbcTicketStore store = store(source, PATIENCE, NEVER)) {
                var heard = Heard.of(store.revocations());
                revoke(store, Revocation.session("first"));
                Samples.await(() -> heard.revocations().size() == 1);
                TestDatabase.execute(pool, "DELETE FROM " + table + "_revocation");
                source.hook(sql -> {
                    // Behind the question for the end.
                    if (sql.contains("MIN(CASE")) {
                        revoke(store, Revocation.session("meanwhile"));
                    }
                });

                revoke(store, Revocation.session("second"));

                Samples.await(() -> heard.revocations().contains(Revocation.session("meanwhile")));
                assertThat(heard.lost()).hasSize(1);
                assertThat(log.said(Level.WARNING)).isEmpty();
            }
        }
    }

    @Test
    void t16_aLastPositionThatNoRowHasClosesTheConnectionsOfSessions() throws Exception {
        try (HikariDataSource pool = pool(TestDatabase.H2);
                JdbcTicketStore store = store(pool, PATIENCE, SOON)) {
            var heard = Heard.of(store.revocations());
            revoke(store, Revocation.session("first"));
            Samples.await(() -> heard.revocations().size() == 1);
            Gate gate = gate(store);
            CompletableFuture<Integer> open = Samples.open(gate, issue(store, "bound"));

            TestDatabase.execute(pool, "UPDATE " + table + "_revision SET last_number = 2");

            assertThat(refusal(gate, issue(store, "next"))).isPresent();
            assertThat(open.get(PATIENCE.toSeconds(), TimeUnit.SECONDS)).isEqualTo(3000);
            Samples.await(() -> refusal(gate, issue(store, "after")).isEmpty());
        }
    }

    @Test
    void t16_whoeverBeginsWhereEarlierRowsAreGoneAdmitsNoTicketThatTheyMayHaveNamed() {
        try (HikariDataSource pool = pool(TestDatabase.H2);
                JdbcTicketStore one = store(pool, PATIENCE, SOON)) {
            Ticket outstanding = issue(one, "outstanding");
            for (int i = 0; i < 3; i++) {
                revoke(one, Revocation.session("session " + i));
            }
            TestDatabase.execute(pool, "DELETE FROM " + table + "_revocation WHERE revocation_number < 3");

            try (JdbcTicketStore late = store(pool, PATIENCE, SOON)) {
                var heard = Heard.of(late.revocations());
                Samples.await(() -> late.revocations().isCurrent());

                assertThat(heard.lost()).isNotEmpty();
                assertThat(refusal(gate(late), outstanding)).contains(Refusal.REVOKED);
            }
        }
    }

    @Test
    void t16_whoeverBeginsAnewDoesSoBehindAllThatWasKnown() {
        try (HikariDataSource pool = pool(TestDatabase.H2)) {
            // By the clock of the database that was there before, which was wrong.
            TestDatabase.execute(pool, "INSERT INTO " + table + "_revision VALUES (1, 4102444800000, 0)");
            try (JdbcTicketStore store = store(pool, PATIENCE, SOON)) {
                var heard = Heard.of(store.revocations());
                revoke(store, Revocation.session("before"));
                Samples.await(() -> heard.revocations().size() == 1);
                int lostBefore = heard.lost().size();
                Ticket outstanding = issue(store, "outstanding");

                TestDatabase.execute(pool, "DELETE FROM %1$s_revision; DELETE FROM %1$s_revocation".formatted(table));

                Samples.await(() ->
                        heard.lost().size() > lostBefore && store.revocations().isCurrent());
                assertThat(refusal(gate(store), outstanding)).contains(Refusal.REVOKED);
                Samples.await(() -> refusal(gate(store), issue(store, "after")).isEmpty());
            }
        }
    }

    @Test
    void t16_aFeedGoesOnAndEverythingEndsThoughNoThreadCanBeStarted() {
        try (HikariDataSource pool = pool(TestDatabase.H2);
                JdbcTicketStore other = store(pool, PATIENCE, NEVER)) {
            var exhausted = new AtomicBoolean();
            try (var database = new Database(
                    pool,
                    table,
                    PATIENCE,
                    unless(exhausted, BlockingWork.executor()),
                    unless(exhausted, BlockingWork.answers()))) {
                var feed = new JdbcRevocations(database, SOON);
                var heard = Heard.of(feed);
                Samples.await(feed::isCurrent);

                exhausted.set(true);
                assertThatThrownBy(() -> Samples.await(feed.revoke(Revocation.session("in vain"))))
                        .hasMessageContaining("No thread could be started");
                Void unused = Samples.await(feed.catchUp(null, new Revision(1, 1), System.nanoTime()));
                revoke(other, Revocation.session("meanwhile"));
                Samples.await(() -> heard.revocations().contains(Revocation.session("meanwhile")));

                exhausted.set(false);
                unused = Samples.await(feed.revoke(Revocation.session("afterwards")));
                Samples.await(() -> heard.revocations().contains(Revocation.session("afterwards")));
            }
        }
    }

    private static ThreadPoolExecutor unless(AtomicBoolean exhausted, ThreadPoolExecutor executor) {
        ThreadFactory threads = executor.getThreadFactory();
        executor.setThreadFactory(work -> {
            if (exhausted.get()) {
                throw new OutOfMemoryError("unable to create native thread");
            }
            return threads.newThread(work);
        });
        return executor;
    }

    @Test
    void t16_anIdleFeedHasOneThread() {
        try (HikariDataSource pool = pool(TestDatabase.H2)) {
            Set<Thread> before = storesThreads();
            try (JdbcTicketStore store = store(pool, PATIENCE, SOON)) {
                var polls = new AtomicInteger();
                var heard = Heard.of(store.revocations());
                revoke(store, Revocation.session("the first"));
                Samples.await(() -> heard.revocations().size() == 1);

                // What was revoked here was read on other threads, which end when nothing else is.
                Samples.await(() -> {
                    Set<Thread> now = storesThreads();
                    now.removeAll(before);
                    return polls.incrementAndGet() > 100 && now.size() == 1;
                });
                assertThat(storesThreads())
                        .filteredOn(thread -> !before.contains(thread))
                        .extracting(Thread::getName)
                        .containsExactly("realtime-ticket-jdbc-timer");
            }
        }
    }

    @Test
    void t16_ticketsThatWaitForAFeedStartNoThreadEach() {
        int tickets = 500;
        try (HikariDataSource pool = pool(TestDatabase.H2)) {
            var source = new HookedDataSource(pool);
            var released = new CountDownLatch(1);
            try (JdbcTicketStore store = store(source, Duration.ofSeconds(2), SOON);
                    JdbcTicketStore other = store(pool, PATIENCE, NEVER)) {
                Gate gate = gate(store);
                Samples.await(() -> store.revocations().isCurrent());
                List<Ticket> issued = new ArrayList<>();
                for (int i = 0; i < tickets; i++) {
                    issued.add(issue(other, null));
                }
                source.hook(sql -> {
                    if (isReading(sql)) {
                        hold(released);
                    }
                });
                revoke(other, Revocation.session("another"));
                long before = ManagementFactory.getThreadMXBean().getTotalStartedThreadCount();

                List<CompletionStage<Optional<Refusal>>> refusals =
                        issued.stream().map(ticket -> begin(gate, ticket)).toList();

                assertThat(refusals.stream().map(Samples::await)).containsOnly(Optional.empty());
                assertThat(ManagementFactory.getThreadMXBean().getTotalStartedThreadCount() - before)
                        .isLessThan(tickets / 2);
            } finally {
                released.countDown();
            }
        }
    }

    @Test
    void t16_callersThatWaitForTheStoreInWhatFollowsWaitForNoneOfThemselves() {
        try (HikariDataSource pool = pool(TestDatabase.H2);
                JdbcTicketStore store = store(pool, PATIENCE, SOON)) {
            Revocations feed = store.revocations();
            List<CompletionStage<Void>> callers = new ArrayList<>();
            for (int i = 0; i < MORE_THAN_THREADS; i++) {
                var next = Revocation.session("next " + i);
                callers.add(feed.revoke(Revocation.session("first " + i)).thenRun(() -> {
                    Void unused = Samples.await(feed.revoke(next));
                }));
            }

            assertThat(callers.stream().map(Samples::await)).hasSize(MORE_THAN_THREADS);
        }
    }

    @Test
    void t16_callersThatAreSlowInWhatFollowsStopNoTimeLimit() {
        try (HikariDataSource pool = pool(TestDatabase.H2)) {
            var source = new HookedDataSource(pool);
            var released = new CountDownLatch(1);
            try (JdbcTicketStore store = store(source, Duration.ofSeconds(2), SOON)) {
                Gate gate = gate(store);
                Ticket ticket = issue(store, null);
                for (int i = 0; i < MORE_THAN_THREADS; i++) {
                    CompletionStage<Void> unused = store.revocations()
                            .revoke(Revocation.session("slow " + i))
                            .thenRun(() -> hold(released));
                }
                source.hook(sql -> {
                    if (isReading(sql)) {
                        hold(released);
                    }
                });
                revoke(store, Revocation.session("not read"));
                assertThat(refusal(gate, ticket)).isEmpty();

                source.hook(sql -> hold(released));
                assertThatThrownBy(() -> Samples.await(store.take(ticket)))
                        .hasMessageContaining("did not answer within");
                released.countDown();
            } finally {
                released.countDown();
            }
        }
    }

    @Test
    void t16_theFeedOfAStoreThatIsClosedIsNotCurrent() {
        try (HikariDataSource pool = pool(TestDatabase.H2)) {
            JdbcTicketStore store = store(pool, PATIENCE, SOON);
            store.close();

            Revocations feed = store.revocations();

            assertThat(feed.isCurrent()).isFalse();
            assertThatThrownBy(() -> Samples.await(feed.revoke(Revocation.session("late"))))
                    .hasMessageContaining("The store is closed");
        }
    }

    private static Set<Thread> storesThreads() {
        return Thread.getAllStackTraces().keySet().stream()
                .filter(thread -> thread.getName().startsWith("realtime-ticket-jdbc-"))
                .collect(Collectors.toSet());
    }

    private HikariDataSource pool(TestDatabase database) {
        HikariDataSource pool = database.pool(40);
        database.createTable(pool, table);
        return pool;
    }

    private JdbcTicketStore store(DataSource source, Duration timeout, Duration period) {
        return JdbcTicketStore.builder(source)
                .table(table)
                .timeout(timeout)
                .period(period)
                .build();
    }

    private static boolean isReading(String sql) {
        return sql.contains("revocation_number >= ?");
    }

    /** What makes the database as it is now. */
    private String undo(DataSource source) {
        try (Connection connection = source.getConnection();
                Statement statement = connection.createStatement();
                ResultSet rows =
                        statement.executeQuery("SELECT last_number, last_millis FROM " + table + "_revision")) {
            boolean unused = rows.next();
            return "DELETE FROM %1$s_revocation WHERE revocation_number > %2$d; UPDATE %1$s_revision SET last_number = %2$d, last_millis = %3$d"
                    .formatted(table, rows.getLong(1), rows.getLong(2));
        } catch (SQLException e) {
            throw new IllegalStateException(e);
        }
    }

    private static void hold(CountDownLatch released) {
        try {
            assertThat(released.await(PATIENCE.toSeconds(), TimeUnit.SECONDS)).isTrue();
        } catch (InterruptedException e) {
            throw new IllegalStateException(e);
        }
    }

    private static Gate gate(JdbcTicketStore store) {
        return Gate.of(tickets(store));
    }

    private static Tickets tickets(JdbcTicketStore store) {
        return Tickets.builder(store).revocations(store.revocations()).build();
    }

    private static Ticket issue(JdbcTicketStore store, @Nullable String session) {
        TicketGrant.Granted grant = TicketGrant.to(TicketHolder.of(1, "alice"));
        return Samples.await(tickets(store).issue(session == null ? grant : grant.withSession(session), null));
    }

    private static void revoke(JdbcTicketStore store, Revocation revocation) {
        Void unused = Samples.await(store.revocations().revoke(revocation));
    }

    private static boolean revoked(JdbcTicketStore store, String session) {
        return Samples.await(
                store.revocations().revoke(Revocation.session(session)).handle((nothing, fault) -> fault == null));
    }

    private static CompletionStage<Optional<Refusal>> begin(Gate gate, Ticket ticket) {
        return gate.admit(ticket)
                .thenApply(
                        answer -> answer.fold(admitted -> Optional.empty(), refused -> Optional.of(refused.reason())));
    }

    private static Optional<Refusal> refusal(Gate gate, Ticket ticket) {
        return Samples.await(begin(gate, ticket));
    }
}
