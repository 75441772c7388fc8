// SPDX-License-Identifier: Apache-2.0
package io.github.realtimeticket.jdbc;

import static org.assertj.core.api.Assertions.assertThat;

import com.zaxxer.hikari.HikariDataSource;
import io.github.realtimeticket.Admission;
import io.github.realtimeticket.Gate;
import io.github.realtimeticket.Refusal;
import io.github.realtimeticket.ReplayAlarm;
import io.github.realtimeticket.Revocation;
import io.github.realtimeticket.Revocations;
import io.github.realtimeticket.Ticket;
import io.github.realtimeticket.TicketGrant;
import io.github.realtimeticket.TicketHolder;
import io.github.realtimeticket.TicketValueCodec;
import io.github.realtimeticket.Tickets;
import io.github.realtimeticket.fixtures.Log;
import io.github.realtimeticket.testkit.Heard;
import java.nio.charset.StandardCharsets;
import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import java.util.Optional;
import java.util.Queue;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.logging.Level;
import java.util.stream.IntStream;
import javax.sql.DataSource;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** What is revoked in a database: in which order it is seen, what is kept, and what happens when the rows are not as they should be. */
class JdbcRevocationsTest {

    private static final TicketHolder ALICE = TicketHolder.of(1, "alice");
    private static final Duration PATIENCE = Duration.ofSeconds(30);
    private static final AtomicInteger TABLES = new AtomicInteger();

    private final String table = "feed_" + TABLES.incrementAndGet();

    @ParameterizedTest
    @EnumSource
    void t16_nothingIsSeenBeforeWhatHasASmallerNumber(TestDatabase database) throws Exception {
        int writers = 4;
        int each = 100;
        try (HikariDataSource pool = database.pool(writers + 2)) {
            database.createTable(pool, table);
            try (JdbcTicketStore reader = store(pool)) {
                var heard = Heard.of(reader.revocations());
                List<Thread> threads = new ArrayList<>();
                for (int writer = 0; writer < writers; writer++) {
                    String name = "writer " + writer + " ";
                    threads.add(new Thread(() -> {
                        try (JdbcTicketStore store = store(pool)) {
                            for (int i = 0; i < each; i++) {
                                revoke(store, Revocation.session(name + i));
                            }
                        }
                    }));
                }
                threads.forEach(Thread::start);

                long all = (long) writers * each;
                long seen = 0;
                while (seen < all && threads.stream().anyMatch(Thread::isAlive)) {
                    long[] rows = countAndLast(pool);
                    if (rows[0] != rows[1] && database.mayShowAHole()) {
                        rows = countAndLast(pool);
                    }
                    assertThat(rows[0])
                            .as("rows up to the last one that is seen")
                            .isEqualTo(rows[1]);
                    seen = rows[0];
                }
                for (Thread thread : threads) {
                    thread.join();
                }

                Samples.await(() -> heard.revocations().size() >= writers * each);
                assertThat(heard.revocations()).hasSize(writers * each).doesNotHaveDuplicates();
                assertThat(heard.lost()).isEmpty();
            }
        }
    }

    @ParameterizedTest
    @EnumSource
    void t16_whoeverRevokesWaitsForASmallerNumberThatIsNotCommitted(TestDatabase database) throws Exception {
        try (HikariDataSource pool = database.pool(4)) {
            database.createTable(pool, table);
            try (JdbcTicketStore store = store(pool);
                    Connection other = pool.getConnection()) {
                var heard = Heard.of(store.revocations());
                revoke(store, Revocation.session("first"));

                other.setAutoCommit(false);
                try (Statement statement = other.createStatement();
                        PreparedStatement insert = other.prepareStatement(
                                "INSERT INTO %1$s_revocation SELECT last_number, last_millis, ? FROM %1$s_revision"
                                        .formatted(table))) {
                    assertThat(statement.executeUpdate(
                                    "UPDATE " + table + "_revision SET last_number = last_number + 1"))
                            .isEqualTo(1);
                    insert.setBytes(1, Revocation.session("second").json().getBytes(StandardCharsets.UTF_8));
                    assertThat(insert.executeUpdate()).isEqualTo(1);
                    CompletionStage<Void> third = store.revocations().revoke(Revocation.session("third"));
                    TimeUnit.MILLISECONDS.sleep(100);
                    assertThat(third.toCompletableFuture()).isNotDone();
                    other.commit();
                    Void unused = Samples.await(third);
                }
                other.setAutoCommit(true);

                Samples.await(() -> heard.revocations().size() == 3);
                assertThat(heard.revocations())
                        .containsExactly(
                                Revocation.session("first"), Revocation.session("second"), Revocation.session("third"));
            }
        }
    }

    @ParameterizedTest
    @EnumSource
    void t16_theLongestIdOfATicketIsKept(TestDatabase database) {
        try (HikariDataSource pool = database.pool(2)) {
            database.createTable(pool, table);
            try (JdbcTicketStore store = store(pool)) {
                var heard = Heard.of(store.revocations());
                List<Revocation> longest = List.of(
                        Revocation.holder("x".repeat(TicketValueCodec.MAXIMUM_BYTES - 27)),
                        // Six bytes each, as they are written.
                        Revocation.holder("\u0001".repeat(600)));

                longest.forEach(revocation -> revoke(store, revocation));

                Samples.await(() -> heard.revocations().equals(longest));
            }
        }
    }

    @ParameterizedTest
    @EnumSource
    void t16_ofTicketsThatComeBetweenTwoPollsNoneIsAdmittedOnceItsSessionIsRevoked(TestDatabase database) {
        try (HikariDataSource pool = database.pool(4)) {
            database.createTable(pool, table);
            try (JdbcTicketStore one = store(pool);
                    JdbcTicketStore another = store(pool, JdbcRevocations.PERIOD)) {
                for (ReplayAlarm alarm : List.of(ReplayAlarm.OFF, ReplayAlarm.LOG)) {
                    Gate gate = gate(another, alarm);
                    List<Optional<Refusal>> refusals = new ArrayList<>();
                    for (int i = 0; i < 50; i++) {
                        Ticket ticket = issue(one, alarm + " session " + i);
                        revoke(one, Revocation.session(alarm + " session " + i));
                        refusals.add(refusal(gate, ticket));
                    }

                    assertThat(refusals).as("alarm %s", alarm).containsOnly(Optional.of(Refusal.REVOKED));
                    assertThat(refusal(gate, issue(one, "another"))).isEmpty();
                }
            }
        }
    }

    @ParameterizedTest
    @EnumSource
    void t16_ofAThousandTicketsThatLeaveATraceNoneIsAdmittedOnceItsSessionIsRevoked(TestDatabase database)
            throws Exception {
        int racers = 4;
        Queue<Optional<Refusal>> refusals = new ConcurrentLinkedQueue<>();
        try (HikariDataSource pool = database.pool(2 * racers)) {
            database.createTable(pool, table);
            try (JdbcTicketStore one = store(pool);
                    JdbcTicketStore another = store(pool, JdbcRevocations.PERIOD)) {
                Gate gate = gate(another, ReplayAlarm.LOG);
                List<Thread> threads = new ArrayList<>();
                for (int racer = 0; racer < racers; racer++) {
                    String name = "racer " + racer + " ";
                    threads.add(new Thread(() -> {
                        for (int i = 0; i < 1_000 / racers; i++) {
                            Ticket ticket = issue(one, name + i);
                            revoke(one, Revocation.session(name + i));
                            refusals.add(refusal(gate, ticket));
                        }
                    }));
                }
                threads.forEach(Thread::start);
                for (Thread thread : threads) {
                    thread.join();
                }
            }
        }

        assertThat(refusals).hasSize(1_000).containsOnly(Optional.of(Refusal.REVOKED));
    }

    @ParameterizedTest
    @EnumSource
    void t16_whileThousandsAreRevokedAtOnceTicketsOfOtherLoginsAreAdmittedAndTheirsAreNot(TestDatabase database) {
        int redeemers = 8;
        Queue<Optional<Refusal>> others = new ConcurrentLinkedQueue<>();
        try (HikariDataSource pool = database.pool(3 * redeemers)) {
            database.createTable(pool, table);
            try (JdbcTicketStore one = store(pool);
                    JdbcTicketStore another = store(pool, JdbcRevocations.PERIOD)) {
                List<Gate> gates = List.of(gate(one), gate(another));
                Samples.await(() ->
                        one.revocations().isCurrent() && another.revocations().isCurrent());
                List<Ticket> outstanding = IntStream.range(0, 20)
                        .mapToObj(i -> issue(one, "login " + 100 * i))
                        .toList();
                List<Thread> threads = IntStream.range(0, redeemers)
                        .mapToObj(redeemer -> new Thread(() -> {
                            for (int i = 0; i < 50; i++) {
                                others.add(refusal(gates.get(i % 2), issue(one, "another")));
                            }
                        }))
                        .toList();
                threads.forEach(Thread::start);

                List<Optional<Refusal>> theirs = new ArrayList<>();
                do {
                    List<CompletionStage<Void>> revoked = IntStream.range(0, 2_000)
                            .mapToObj(i -> one.revocations().revoke(Revocation.session("login " + i)))
                            .toList();
                    for (int i = 0; i < revoked.size(); i++) {
                        Void unused = Samples.await(revoked.get(i));
                        if (i % 100 == 0 && theirs.size() < outstanding.size()) {
                            theirs.add(refusal(gates.get(1), outstanding.get(i / 100)));
                        }
                    }
                } while (threads.stream().anyMatch(Thread::isAlive));

                assertThat(others).hasSize(50 * redeemers).containsOnly(Optional.empty());
                assertThat(theirs).containsOnly(Optional.of(Refusal.REVOKED));
            }
        }
    }

    @ParameterizedTest
    @EnumSource
    void t19_whatTheFirstGateHasOpenedEndsWhenItsTicketIsPresentedToAnother(TestDatabase database) {
        try (HikariDataSource pool = database.pool(2);
                HikariDataSource otherPool = database.pool(2)) {
            database.createTable(pool, table);
            try (JdbcTicketStore one = store(pool);
                    JdbcTicketStore another = store(otherPool)) {
                Gate first = gate(one, ReplayAlarm.CLOSE);
                Gate second = gate(another, ReplayAlarm.CLOSE);
                Ticket ticket = issue(one, null);
                CompletableFuture<Integer> closed = Samples.open(first, ticket);
                CompletableFuture<Integer> other = Samples.open(first, issue(one, null));

                assertThat(refusal(second, ticket)).contains(Refusal.NOTHING);

                assertThat(Samples.await(closed)).isEqualTo(3000);
                assertThat(other).isNotDone();
            }
        }
    }

    @ParameterizedTest
    @EnumSource(names = {"H2", "POSTGRESQL", "MARIADB"})
    void t16_whoeverWasAwayForSoLongThatRowsWereRemovedClosesTheConnectionsOfSessions(TestDatabase database)
            throws Exception {
        try (HikariDataSource pool = database.pool(4)) {
            database.createTable(pool, table);
            var source = new CutDataSource(pool);
            try (JdbcTicketStore one = store(pool);
                    JdbcTicketStore another = store(source)) {
                Gate gate = gate(another);
                revoke(one, Revocation.session("before"));
                Samples.await(() -> another.revocations().isCurrent());
                CompletableFuture<Integer> bound = Samples.open(gate, issue(one, "bound"));

                source.cut(true);
                Samples.await(() -> !another.revocations().isCurrent());
                for (int i = 0; i < 5; i++) {
                    revoke(one, Revocation.session("away " + i));
                }
                TestDatabase.execute(pool, "DELETE FROM " + table + "_revocation WHERE revocation_number < 5");
                source.cut(false);

                assertThat(bound.get(PATIENCE.toSeconds(), TimeUnit.SECONDS)).isEqualTo(3000);
                Samples.await(() -> refusal(gate, issue(one, "after")).isEmpty());
            }
        }
    }

    @ParameterizedTest
    @EnumSource(names = {"H2", "POSTGRESQL", "MARIADB"})
    void t16_tablesThatAreEmptiedUnderAFeedAreMissedByTheNextTicket(TestDatabase database) {
        try (HikariDataSource pool = database.pool(4)) {
            database.createTable(pool, table);
            try (JdbcTicketStore store = store(pool)) {
                Gate gate = gate(store);
                var heard = Heard.of(store.revocations());
                revoke(store, Revocation.session("before"));
                Samples.await(() ->
                        heard.revocations().size() == 1 && store.revocations().isCurrent());

                TestDatabase.execute(pool, "DELETE FROM " + table + "_revocation; DELETE FROM " + table + "_revision");

                Optional<Refusal> next = refusal(gate, issue(store, "after"));
                assertThat(next.isPresent() || !heard.lost().isEmpty()).isTrue();
                Samples.await(() -> !heard.lost().isEmpty());
                Samples.await(() -> refusal(gate, issue(store, "after")).isEmpty());
            }
        }
    }

    @Test
    void t16_aTicketThatHadToWaitForItsConnectionIsInDoubtWhereWhatHadBeenReadByThenIsGone() {
        try (HikariDataSource pool = TestDatabase.H2.pool(6)) {
            TestDatabase.H2.createTable(pool, table);
            var source = new HookedDataSource(pool);
            var ticketWaits = new CountDownLatch(1);
            var ticketGoesOn = new CountDownLatch(1);
            var feedWaits = new CountDownLatch(1);
            var feedGoesOn = new CountDownLatch(1);
            var feedIsHeld = new AtomicBoolean();
            try (JdbcTicketStore one = store(pool);
                    JdbcTicketStore another = JdbcTicketStore.builder(source)
                            .table(table)
                            .timeout(Duration.ofSeconds(6))
                            .period(Duration.ofMillis(20))
                            .build()) {
                Gate gate = gate(another);
                Samples.await(() -> another.revocations().isCurrent());
                Ticket ticket = issue(one, "late");
                source.hook(sql -> {
                    boolean ofFeed = Thread.currentThread().getName().endsWith("timer");
                    if (sql.equals(HookedDataSource.CONNECT) && !ofFeed) {
                        hold(ticketWaits, ticketGoesOn);
                    } else if (sql.equals(HookedDataSource.CONNECT) && feedIsHeld.get()) {
                        hold(feedWaits, feedGoesOn);
                    }
                });
                String none = another.revocations().revision();
                CompletionStage<Admission> admission = gate.admit(ticket);
                await(ticketWaits);
                revoke(one, Revocation.session("the first"));
                Samples.await(() -> !Objects.equals(another.revocations().revision(), none));
                feedIsHeld.set(true);
                await(feedWaits);
                revoke(one, Revocation.session("late"));
                TestDatabase.execute(pool, "DELETE FROM " + table + "_revocation; DELETE FROM " + table + "_revision");

                ticketGoesOn.countDown();

                assertThat(Samples.await(admission)).isInstanceOf(Admission.Refused.class);
                feedGoesOn.countDown();
            }
        }
    }

    private static void hold(CountDownLatch waits, CountDownLatch goesOn) {
        waits.countDown();
        await(goesOn);
    }

    private static void await(CountDownLatch latch) {
        try {
            assertThat(latch.await(PATIENCE.toSeconds(), TimeUnit.SECONDS)).isTrue();
        } catch (InterruptedException e) {
            throw new IllegalStateException(e);
        }
    }

    @ParameterizedTest
    @EnumSource(names = {"H2", "POSTGRESQL", "MARIADB"})
    void t16_aRestoredBackupIsNoticedThoughNewRowsHaveTheSameNumbers(TestDatabase database) throws Exception {
        try (HikariDataSource pool = database.pool(4)) {
            database.createTable(pool, table);
            var source = new CutDataSource(pool);
            try (JdbcTicketStore one = store(pool);
                    JdbcTicketStore another = store(source)) {
                Gate gate = gate(another);
                var heard = Heard.of(another.revocations());
                revoke(one, Revocation.session("in the backup"));
                revoke(one, Revocation.session("after it"));
                Samples.await(() -> heard.revocations().size() == 2);
                CompletableFuture<Integer> bound = Samples.open(gate, issue(one, "bound"));

                source.cut(true);
                Samples.await(() -> !another.revocations().isCurrent());
                TestDatabase.execute(
                        pool,
                        "DELETE FROM %1$s_revocation WHERE revocation_number = 2; UPDATE %1$s_revision SET last_number = 1"
                                .formatted(table));
                revoke(one, Revocation.session("in its place"));
                revoke(one, Revocation.session("and behind"));
                source.cut(false);

                assertThat(bound.get(PATIENCE.toSeconds(), TimeUnit.SECONDS)).isEqualTo(3000);
                Samples.await(() -> heard.revocations().contains(Revocation.session("in its place")));
                Samples.await(() -> refusal(gate, issue(one, "after")).isEmpty());
            }
        }
    }

    @ParameterizedTest
    @EnumSource(names = {"H2", "POSTGRESQL", "MARIADB"})
    void t16_whoeverRevokesRemovesAFewOfTheRowsThatAreMoreThanAreKept(TestDatabase database) {
        try (HikariDataSource pool = database.pool(2)) {
            database.createTable(pool, table);
            StringBuilder rows = new StringBuilder();
            for (int i = 1; i <= 150; i++) {
                rows.append(i == 1 ? "" : ", ")
                        .append("(")
                        .append(i)
                        .append(", 1, ")
                        .append("'7b7d')");
            }
            TestDatabase.execute(
                    pool,
                    "INSERT INTO %1$s_revocation VALUES %2$s; INSERT INTO %1$s_revision VALUES (1, 1, 100149)"
                            .formatted(
                                    table,
                                    database == TestDatabase.H2
                                            ? rows.toString().replace("'7", "X'7")
                                            : rows));
            try (JdbcTicketStore store = store(pool)) {
                revoke(store, Revocation.session("the first"));
                Samples.await(() -> TestDatabase.count(pool, table + "_revocation") == 151 - RevocationLog.STEP);
                for (int i = 0; i < RevocationLog.STEP / 2; i++) {
                    revoke(store, Revocation.session("more " + i));
                }

                Samples.await(
                        () -> TestDatabase.count(pool, table + "_revocation WHERE revocation_number <= 150") == 0);
            }
        }
    }

    @ParameterizedTest
    @EnumSource(names = {"H2", "POSTGRESQL", "MARIADB"})
    void whatCannotBeReadIsSaidAndSkipped(TestDatabase database) {
        try (HikariDataSource pool = database.pool(2);
                Log log = new Log(Revocations.class)) {
            database.createTable(pool, table);
            try (JdbcTicketStore store = store(pool)) {
                var heard = Heard.of(store.revocations());
                revoke(store, Revocation.session("before"));
                Samples.await(() -> heard.revocations().size() == 1);

                TestDatabase.execute(
                        pool,
                        "INSERT INTO %1$s_revocation SELECT 2, last_millis, %2$s FROM %1$s_revision; UPDATE %1$s_revision SET last_number = 2"
                                .formatted(table, database == TestDatabase.H2 ? "X'7b7d'" : "'{}'"));
                revoke(store, Revocation.session("after"));

                Samples.await(() -> heard.revocations().contains(Revocation.session("after")));
                assertThat(log.said(Level.WARNING)).singleElement().asString().contains("-2: ");
            }
        }
    }

    @Test
    void t16_aFeedThatMayNotReadSaysSoAndAdmitsNoTicketOfASession() {
        try (HikariDataSource pool = TestDatabase.POSTGRESQL.pool(2);
                Log log = new Log(Revocations.class)) {
            TestDatabase.POSTGRESQL.createTable(pool, table);
            try (HikariDataSource deafs = account(
                            pool,
                            "deaf",
                            "GRANT SELECT, DELETE ON %1$s TO deaf; GRANT SELECT ON %1$s_revision TO deaf");
                    JdbcTicketStore one = store(pool);
                    JdbcTicketStore deaf = store(deafs)) {
                Gate gate = gate(deaf);
                log.await(Level.WARNING);

                assertThat(refusal(gate, issue(one, "session"))).contains(Refusal.FAILED);
                assertThat(refusal(gate, issue(one, null))).isEmpty();
                assertThat(deaf.revocations().isCurrent()).isFalse();
                assertThat(log.said(Level.WARNING))
                        .singleElement()
                        .asString()
                        .startsWith(
                                "Nobody here is told what is revoked until the database works again: The database does not"
                                        + " let this user");
            }
        }
    }

    @Test
    void t16_theRightsInTheDocumentsAreEnough() {
        try (HikariDataSource pool = TestDatabase.POSTGRESQL.pool(2)) {
            TestDatabase.POSTGRESQL.createTable(pool, table);
            try (HikariDataSource issuers = account(pool, "issuer", """
                            GRANT SELECT, INSERT, DELETE ON %1$s TO issuer;
                            GRANT SELECT, INSERT, DELETE ON %1$s_revocation TO issuer;
                            GRANT SELECT, INSERT, UPDATE ON %1$s_revision TO issuer""");
                    HikariDataSource redeemers = account(pool, "redeemer", """
                            GRANT SELECT, DELETE ON %1$s TO redeemer;
                            GRANT SELECT ON %1$s_revocation TO redeemer;
                            GRANT SELECT ON %1$s_revision TO redeemer""");
                    JdbcTicketStore issuer = store(issuers);
                    JdbcTicketStore redeemer = store(redeemers)) {
                Gate gate = gate(redeemer);
                Ticket revoked = issue(issuer, "revoked");
                revoke(issuer, Revocation.session("revoked"));

                assertThat(refusal(gate, revoked)).contains(Refusal.REVOKED);
                assertThat(refusal(gate, issue(issuer, "session"))).isEmpty();
            }
        }
    }

    private HikariDataSource account(HikariDataSource admin, String name, String rights) {
        TestDatabase.execute(admin, "CREATE ROLE " + name + " LOGIN; " + rights.formatted(table));
        var config = TestDatabase.POSTGRESQL.config(2);
        config.setUsername(name);
        return new HikariDataSource(config);
    }

    private JdbcTicketStore store(DataSource source) {
        return store(source, Duration.ofMillis(20));
    }

    private JdbcTicketStore store(DataSource source, Duration period) {
        return JdbcTicketStore.builder(source)
                .table(table)
                .timeout(PATIENCE)
                .period(period)
                .build();
    }

    private long[] countAndLast(DataSource source) throws SQLException {
        try (Connection connection = source.getConnection();
                Statement statement = connection.createStatement();
                ResultSet rows = statement.executeQuery(
                        "SELECT COUNT(*), COALESCE(MAX(revocation_number), 0) FROM " + table + "_revocation")) {
            boolean unused = rows.next();
            return new long[] {rows.getLong(1), rows.getLong(2)};
        }
    }

    private static Gate gate(JdbcTicketStore store) {
        return gate(store, ReplayAlarm.OFF);
    }

    private static Gate gate(JdbcTicketStore store, ReplayAlarm alarm) {
        return Gate.of(Tickets.builder(store)
                .revocations(store.revocations())
                .replayAlarm(alarm)
                .build());
    }

    private static Tickets tickets(JdbcTicketStore store) {
        return Tickets.builder(store).revocations(store.revocations()).build();
    }

    private static Ticket issue(JdbcTicketStore store, @Nullable String session) {
        TicketGrant.Granted grant = TicketGrant.to(ALICE);
        return Samples.await(tickets(store).issue(session == null ? grant : grant.withSession(session), null));
    }

    private static void revoke(JdbcTicketStore store, Revocation revocation) {
        Void unused = Samples.await(store.revocations().revoke(revocation));
    }

    private static Optional<Refusal> refusal(Gate gate, Ticket ticket) {
        return Samples.await(gate.admit(ticket))
                .fold(admitted -> Optional.empty(), refused -> Optional.of(refused.reason()));
    }
}
