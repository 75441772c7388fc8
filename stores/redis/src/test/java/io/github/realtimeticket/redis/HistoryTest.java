// SPDX-License-Identifier: Apache-2.0
package io.github.realtimeticket.redis;

import static io.github.realtimeticket.redis.Fixture.ALICE;
import static io.github.realtimeticket.redis.Fixture.PATIENT;
import static io.github.realtimeticket.redis.Fixture.awaitRecovery;
import static io.github.realtimeticket.redis.Fixture.failureOf;
import static io.github.realtimeticket.redis.Fixture.patient;
import static io.github.realtimeticket.redis.Fixture.put;
import static io.github.realtimeticket.redis.Fixture.take;
import static io.github.realtimeticket.redis.Fixture.ticket;
import static org.assertj.core.api.Assertions.assertThat;

import io.github.realtimeticket.Admission;
import io.github.realtimeticket.Gate;
import io.github.realtimeticket.Refusal;
import io.github.realtimeticket.Ticket;
import io.github.realtimeticket.TicketBinding;
import io.github.realtimeticket.TicketEvent;
import io.github.realtimeticket.TicketHolder;
import io.github.realtimeticket.TicketStoreException;
import io.github.realtimeticket.TicketValue;
import io.github.realtimeticket.Tickets;
import io.github.realtimeticket.fixtures.FreePorts;
import io.github.realtimeticket.fixtures.Log;
import io.github.realtimeticket.fixtures.Redis;
import io.github.realtimeticket.fixtures.Relay;
import io.lettuce.core.AclSetuserArgs;
import io.lettuce.core.protocol.CommandType;
import java.io.IOException;
import java.math.BigInteger;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Random;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.Semaphore;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.BooleanSupplier;
import java.util.function.Function;
import java.util.logging.Level;
import java.util.regex.Pattern;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** Tickets that were redeemed, and that a failover or a restart has brought back: none of them is let in (T15). */
class HistoryTest {

    private static final int MANY = 50;
    private static final Duration PATIENCE = Duration.ofSeconds(30);
    private static final String WITHOUT_INFO = "rename-command INFO \"\"";

    @TempDir
    Path directory;

    @Test
    void t15_aRestartFromASnapshotBringsNoTicketBack() throws IOException {
        int port = FreePorts.one();
        String[] onDisk = {"dir " + directory};

        try (Redis before = Redis.at(port, onDisk);
                RedisTicketStore store = patient(before.uri())) {
            List<Ticket> tickets = issue(store);
            assertThat(before.cli().save()).isEqualTo("OK");
            redeem(store, tickets);
            before.close();

            try (Redis after = Redis.at(port, onDisk)) {
                assertThat(after.cli().dbsize()).as("they are there again").isEqualTo(MANY);
                awaitRecovery(store);
                assertNoneIsLetIn(store, tickets);
                assertNewOnesWork(store);
            }
        }
    }

    @Test
    void t15_aFailoverToAReplicaThatWasCutOffBringsNoTicketBack() throws IOException {
        try (Redis primary = new Redis();
                Redis replica = new Redis();
                Relay between = new Relay(primary.port());
                Relay name = new Relay(primary.port());
                RedisTicketStore store = patient(name.uri())) {
            List<Ticket> tickets = issueAndCutOff(store, replica, between);
            redeem(store, tickets);

            primary.close();
            replica.cli().replicaofNoOne();
            name.leadTo(replica.port());
            name.cut();

            assertThat(replica.cli().dbsize()).as("they are there again").isEqualTo(MANY);
            awaitRecovery(store);
            assertNoneIsLetIn(store, tickets);
            assertNewOnesWork(store);
        }
    }

    @Test
    void t15_onTheOtherSideOfASplitBrainNoTicketWorksAgain() throws IOException {
        try (Redis primary = new Redis();
                Redis replica = new Redis();
                Relay between = new Relay(primary.port());
                RedisTicketStore here = patient(primary.uri());
                RedisTicketStore there = patient(replica.uri())) {
            List<Ticket> tickets = issueAndCutOff(here, replica, between);
            replica.cli().replicaofNoOne();

            redeem(here, tickets);

            assertThat(replica.cli().dbsize()).as("they are there still").isEqualTo(MANY);
            assertNoneIsLetIn(there, tickets);
            assertNewOnesWork(here);
            assertNewOnesWork(there);
        }
    }

    @Test
    void t15_aFailoverAndBackOnTheSameConnectionBringsNoTicketBack() throws IOException {
        try (Redis primary = new Redis();
                Redis replica = new Redis();
                Relay between = new Relay(primary.port());
                Relay same = new Relay(primary.port());
                RedisTicketStore store = patient(same.uri())) {
            List<Ticket> tickets = issueAndCutOff(store, replica, between);
            redeem(store, tickets);
            replica.cli().replicaofNoOne();
            primary.cli().replicaof("127.0.0.1", replica.port());
            await(() -> primary.cli().dbsize() == MANY);
            primary.cli().replicaofNoOne();

            // The first one is issued by what the store knew of the server before, and then once more.
            Ticket first = ticket();
            assertThat(put(store, first)).isTrue();
            assertThat(take(store, first)).contains(ALICE);
            assertNoneIsLetIn(store, tickets);
            assertNewOnesWork(store);
            assertThat(same.accepted()).isEqualTo(1);
        }
    }

    @Test
    void t15_aReplicaThatCanBeWrittenToLetsNobodyIn() throws IOException {
        try (Redis primary = new Redis();
                Redis replica = new Redis("replica-read-only no");
                Relay between = new Relay(primary.port());
                RedisTicketStore issuer = patient(primary.uri());
                RedisTicketStore there = patient(replica.uri())) {
            List<Ticket> tickets = issueAndCutOff(issuer, replica, between);

            assertNoneIsLetIn(there, tickets);
            assertThat(failureOf(there.put(ticket(), ALICE, Fixture.LONG))).hasMessageContaining("replica");
            redeem(issuer, tickets);
        }
    }

    @Test
    void t15_aRestartOfAClusterFromSnapshotsBringsNoTicketBack() throws IOException {
        int port = FreePorts.one();
        String[] onDisk = {"cluster-enabled yes", "dir " + directory};

        try (Redis before = Redis.at(port, onDisk)) {
            before.cli().clusterAddSlots(IntStream.range(0, 16_384).toArray());
            await(() -> before.cli().clusterInfo().contains("cluster_state:ok"));
            try (RedisTicketStore store = RedisTicketStore.clusterBuilder(List.of(before.uri()))
                    .timeout(PATIENT)
                    .build()) {
                List<Ticket> tickets = issue(store);
                assertThat(before.cli().save()).isEqualTo("OK");
                redeem(store, tickets);
                before.close();

                try (Redis after = Redis.at(port, onDisk)) {
                    await(() -> after.cli().clusterInfo().contains("cluster_state:ok"));
                    assertThat(after.cli().dbsize()).as("they are there again").isEqualTo(MANY);
                    awaitRecovery(store);
                    assertNoneIsLetIn(store, tickets);
                    assertNewOnesWork(store);
                }
            }
        }
    }

    @Test
    void withoutTheCheckTheyWorkAgain() throws IOException {
        int port = FreePorts.one();
        String[] onDisk = {"dir " + directory};

        try (Redis before = Redis.at(port, onDisk);
                RedisTicketStore store = with(before, HistoryCheck.OFF)) {
            List<Ticket> tickets = issue(store);
            assertThat(before.cli().save()).isEqualTo("OK");
            redeem(store, tickets);
            before.close();

            try (Redis after = Redis.at(port, onDisk)) {
                redeem(store, tickets);
                assertThat(after.calls("info")).isZero();
                assertThat(store.checksHistory()).isFalse();
            }
        }
    }

    @Test
    void t15_aTicketOfAnIssuerThatWritesNoHistoryIsTakenUnlessItIsRequired() throws IOException {
        Ticket one = ticket();
        Ticket other = ticket();

        try (Redis redis = new Redis();
                RedisTicketStore issuer = with(redis, HistoryCheck.OFF);
                RedisTicketStore lenient = patient(redis.uri());
                RedisTicketStore strict = with(redis, HistoryCheck.REQUIRED)) {
            assertThat(put(issuer, one)).isTrue();
            assertThat(put(issuer, other)).isTrue();

            assertThat(take(lenient, one)).contains(ALICE);
            assertThat(failureOf(strict.take(other)).refusal()).isEqualTo(Refusal.OTHER_HISTORY);
            assertNewOnesWork(strict);
        }
    }

    @Test
    void t15_atTheGateATicketOfAnotherHistoryIsBurntAndNothingHasFailed() throws IOException {
        Ticket ticket = ticket();
        List<TicketEvent> events = new CopyOnWriteArrayList<>();

        try (Redis redis = new Redis();
                RedisTicketStore store = patient(redis.uri())) {
            redis.cli().setex("ticket:" + ticket.sha256(), 60, Fixture.aliceAsJsonIn("0".repeat(40)));
            Gate gate = Gate.of(Tickets.builder(store).listener(events::add).build());

            assertThat(Fixture.await(gate.admit(ticket)))
                    .isInstanceOfSatisfying(Admission.Refused.class, refused -> assertThat(refused.reason())
                            .isEqualTo(Refusal.OTHER_HISTORY));
            assertThat(events).containsExactly(new TicketEvent.Refused(Refusal.OTHER_HISTORY, ticket, true));
            assertThat(redis.cli().dbsize()).isZero();
        }
    }

    @Test
    void t15_underLoadOneInfoVouchesForMany() throws Exception {
        try (Redis redis = new Redis();
                RedisTicketStore store = patient(redis.uri())) {
            List<Ticket> tickets = Stream.generate(Fixture::ticket).limit(5_000).toList();
            inFlight(500, tickets, ticket -> store.put(ticket, ALICE, Fixture.LONG));
            redis.cli().configResetstat();

            inFlight(500, tickets, ticket -> store.take(ticket));

            assertThat(redis.calls("getdel")).isEqualTo(tickets.size());
            assertThat(redis.calls("info")).isPositive().isLessThan(tickets.size() / 5);
        }
    }

    @Test
    void t15_issuingAsksOnceInTenMillisecondsAtMost() throws IOException {
        try (Redis redis = new Redis();
                RedisTicketStore store = patient(redis.uri())) {
            Fixture.await(store.ping());
            redis.cli().configResetstat();
            long start = System.nanoTime();

            assertThat(Stream.generate(Fixture::ticket).limit(500)).allMatch(ticket -> put(store, ticket));

            long times = Duration.ofNanos(System.nanoTime() - start).toMillis() / 10;
            assertThat(redis.calls("info")).isPositive().isLessThanOrEqualTo(times + 1);
        }
    }

    private static void inFlight(int most, List<Ticket> tickets, Function<Ticket, CompletionStage<?>> operation)
            throws InterruptedException {
        var places = new Semaphore(most);
        for (Ticket ticket : tickets) {
            places.acquire();
            CompletionStage<?> unused = operation.apply(ticket).whenComplete((answer, fault) -> places.release());
        }
        places.acquire(most);
    }

    @Test
    void t15_whereInfoIsDeniedItIsSaidOnceAndTicketsWork() throws IOException {
        try (Redis redis = new Redis()) {
            redis.cli().aclSetuser("default", AclSetuserArgs.Builder.removeCommand(CommandType.INFO));

            assertSaidOnceAndTicketsWork(redis, "NOPERM");
        }
    }

    @Test
    void t15_whereInfoIsUnknownItIsSaidOnceAndTicketsWork() throws IOException {
        try (Redis redis = new Redis(WITHOUT_INFO)) {
            assertSaidOnceAndTicketsWork(redis, "unknown command");
        }
    }

    private static void assertSaidOnceAndTicketsWork(Redis redis, String reason) throws IOException {
        try (Relay relay = new Relay(redis.port());
                Log log = new Log(RedisTicketStore.class)) {
            try (RedisTicketStore store = patient(relay.uri())) {
                assertNewOnesWork(store);
                relay.cut();
                awaitRecovery(store);
                assertThat(relay.accepted()).isEqualTo(2);
                assertThat(store.checksHistory()).isFalse();
            }

            assertSaidOnce(log, reason);
        }
    }

    @Test
    void t15_inAClusterWhereInfoIsUnknownTicketsWork() throws IOException {
        try (Redis node = new Redis("cluster-enabled yes", WITHOUT_INFO);
                Log log = new Log(RedisTicketStore.class)) {
            node.cli().clusterAddSlots(IntStream.range(0, 16_384).toArray());
            await(() -> node.cli().clusterInfo().contains("cluster_state:ok"));
            try (RedisTicketStore store = RedisTicketStore.clusterBuilder(List.of(node.uri()))
                    .timeout(PATIENT)
                    .build()) {
                assertNewOnesWork(store);
                assertThat(store.checksHistory()).isFalse();
            }

            assertSaidOnce(log, "Redis answered with an error");
        }
    }

    @Test
    void t15_whereInfoIsDeniedNothingWorksThatRequiresIt() throws IOException {
        try (Redis redis = new Redis()) {
            redis.cli().aclSetuser("default", AclSetuserArgs.Builder.removeCommand(CommandType.INFO));
            try (RedisTicketStore strict = with(redis, HistoryCheck.REQUIRED)) {
                assertThat(failureOf(strict.ping()))
                        .hasMessageContaining("NOPERM")
                        .hasMessageContaining("'info'");
            }
        }
    }

    @Test
    void t15_whereInfoTellsNoHistoryItIsSaidOnceAndTicketsWork() throws IOException {
        try (Redis redis = new Redis();
                Relay proxy = new Relay(redis.port());
                Log log = new Log(RedisTicketStore.class)) {
            proxy.changeAnswers(answer -> answer.replace("master_replid:", "another_field:"));
            try (RedisTicketStore store = patient(proxy.uri())) {
                Ticket ticket = ticket();
                assertThat(put(store, ticket)).isTrue();
                assertThat(redis.cli().get("ticket:" + ticket.sha256())).isEqualTo(Fixture.ALICE_AS_JSON);
                assertThat(take(store, ticket)).contains(ALICE);
                proxy.cut();
                awaitRecovery(store);
                assertThat(proxy.accepted()).isEqualTo(2);
                assertThat(store.checksHistory()).isFalse();
            }

            assertSaidOnce(log, "INFO has no master_replid");
        }
    }

    private static void assertSaidOnce(Log log, String reason) {
        assertThat(log.said(Level.WARNING).stream().filter(line -> line.contains("does not tell the history")))
                .singleElement()
                .asString()
                .contains(reason);
    }

    @Test
    void t15_onceItWasToldItIsNotGoneWithout() throws IOException {
        try (Redis redis = new Redis();
                RedisTicketStore store = patient(redis.uri())) {
            assertNewOnesWork(store);
            Ticket ticket = ticket();
            assertThat(put(store, ticket)).isTrue();
            redis.cli().aclSetuser("default", AclSetuserArgs.Builder.removeCommand(CommandType.INFO));

            assertThat(failureOf(store.take(ticket))).hasMessageContaining("NOPERM");
            assertThat(failureOf(store.put(ticket(), ALICE, Fixture.LONG))).hasMessageContaining("NOPERM");

            redis.cli().aclSetuser("default", AclSetuserArgs.Builder.addCommand(CommandType.INFO));
            awaitRecovery(store);
            assertNewOnesWork(store);
            assertThat(store.checksHistory()).isTrue();
        }
    }

    @Test
    void t15_whereInfoTellsNowThisNowThatItIsNotBelieved() throws IOException {
        try (Redis redis = new Redis();
                Relay proxy = new Relay(redis.port())) {
            proxy.changeAnswers(answer -> answer.replaceAll(
                    "master_replid:[0-9a-f]{8}",
                    "master_replid:" + ticket().reveal().substring(0, 8)));
            try (RedisTicketStore store = patient(proxy.uri())) {
                assertNewOnesWork(store);
                assertThat(store.checksHistory()).isFalse();
            }
        }
    }

    // Both as long, since its length stands before an answer.
    @ParameterizedTest
    @CsvSource({"master_replid:[0-9a-f]{8}, master_replid:aaaaaaaa", "role:master, role:slaves"})
    void t15_twoServersAtRandomBehindOneAddressAreBelievedForAMomentAtMost(String told, String otherwise)
            throws IOException {
        try (Redis redis = new Redis()) {
            for (int seed = 0; seed < 6; seed++) {
                Random random = new Random(seed);
                try (Relay proxy = new Relay(redis.port());
                        Log log = new Log(RedisTicketStore.class)) {
                    proxy.changeAnswers(answer -> Pattern.compile(told)
                            .matcher(answer)
                            .replaceAll(found -> random.nextBoolean() ? otherwise : found.group()));
                    try (RedisTicketStore store = patient(proxy.uri())) {
                        awaitOff(store);
                        assertNewOnesWork(store);

                        proxy.cut();
                        awaitOff(store);
                        assertNewOnesWork(store);
                    }
                    assertSaidOnce(log, "INFO tells now this, now that");
                }
            }
        }
    }

    @Test
    void t15_aTicketThatIsUnderWayWhileTheAnswersBecomeDoubtfulIsPut() throws IOException {
        try (Redis redis = new Redis();
                Relay proxy = new Relay(redis.port());
                RedisTicketStore store = patient(proxy.uri())) {
            assertNewOnesWork(store);
            long asked = System.nanoTime();
            // Or it would be put without asking again.
            await(() -> Progress.isOver(asked, Duration.ofMillis(20)));
            var id = new WhileItIsWritten(() -> {
                AtomicInteger answers = new AtomicInteger();
                proxy.changeAnswers(answer -> Pattern.compile("master_replid:[0-9a-f]{8}")
                        .matcher(answer)
                        .replaceAll(found ->
                                answers.getAndIncrement() % 2 == 0 ? "master_replid:01234567" : found.group()));
                await(() -> isOffAfterATicket(store));
            });
            var value = new TicketValue(new TicketHolder(id, "alice", Map.of()), TicketBinding.none(), null);

            assertThat(Fixture.await(store.put(ticket(), value, Fixture.LONG))).isTrue();
            assertThat(store.checksHistory()).isFalse();
        }
    }

    private static boolean isOffAfterATicket(RedisTicketStore store) {
        assertThat(take(store, ticket())).isEmpty();
        return !store.checksHistory();
    }

    /** An id that does something when it is written the first time. */
    private static final class WhileItIsWritten extends BigInteger {

        private final transient Runnable work;
        private boolean done;

        WhileItIsWritten(Runnable work) {
            super("9".repeat(30));
            this.work = work;
        }

        @Override
        public String toString() {
            if (!done) {
                done = true;
                work.run();
            }
            return super.toString();
        }
    }

    private static void awaitOff(RedisTicketStore store) {
        int lost = 0;
        for (int inARow = 0; inARow < 10; inARow = store.checksHistory() ? 0 : inARow + 1) {
            Ticket ticket = ticket();
            try {
                assertThat(put(store, ticket)).isTrue();
                assertThat(take(store, ticket)).contains(ALICE);
            } catch (TicketStoreException e) {
                lost++;
                assertThat(lost).isLessThan(40);
            }
        }
    }

    @Test
    void t15_whereItIsRequiredNobodyIsLetInByTwoServersInTurns() throws IOException {
        try (Redis redis = new Redis();
                Relay proxy = new Relay(redis.port())) {
            AtomicInteger answers = new AtomicInteger();
            proxy.changeAnswers(answer -> Pattern.compile("master_replid:[0-9a-f]{8}")
                    .matcher(answer)
                    // The greeting has two equal ones.
                    .replaceAll(found -> "master_replid:" + (answers.getAndIncrement() % 3 < 2 ? "a" : "b").repeat(8)));
            try (RedisTicketStore strict = RedisTicketStore.builder(proxy.uri())
                    .timeout(PATIENT)
                    .history(HistoryCheck.REQUIRED)
                    .build()) {
                await(() -> isContradicted(strict));

                assertThat(failureOf(strict.ping())).hasMessageContaining("now this, now that");
            }
        }
    }

    private static boolean isContradicted(RedisTicketStore store) {
        Ticket ticket = ticket();
        try {
            return !put(store, ticket) || take(store, ticket).isEmpty();
        } catch (TicketStoreException e) {
            return String.valueOf(e.getMessage()).contains("now this, now that");
        }
    }

    @Test
    void t15_aHistoryThatChangesWhileAConnectionIsOpenedIsCheckedAllTheSame() throws IOException {
        try (Redis redis = new Redis();
                Relay change = new Relay(redis.port())) {
            AtomicInteger answers = new AtomicInteger();
            change.changeAnswers(answer -> answer.contains("master_replid:") && answers.getAndIncrement() == 0
                    ? answer.replaceAll("master_replid:[0-9a-f]{8}", "master_replid:01234567")
                    : answer);
            try (RedisTicketStore store = patient(change.uri())) {
                assertNewOnesWork(store);
                assertThat(store.checksHistory()).isTrue();
            }
            assertThat(answers.get()).isGreaterThan(2);
        }
    }

    private static List<Ticket> issueAndCutOff(RedisTicketStore store, Redis replica, Relay between) {
        replica.cli().replicaof("127.0.0.1", between.uri().getPort());
        await(() -> replica.cli().info("replication").contains("master_link_status:up"));
        List<Ticket> tickets = issue(store);
        await(() -> replica.cli().dbsize() == MANY);
        between.freezeConnections();
        return tickets;
    }

    private static List<Ticket> issue(RedisTicketStore store) {
        List<Ticket> tickets = Stream.generate(Fixture::ticket).limit(MANY).toList();
        assertThat(tickets).allMatch(ticket -> put(store, ticket));
        return tickets;
    }

    private static void redeem(RedisTicketStore store, List<Ticket> tickets) {
        awaitRecovery(store);
        assertThat(tickets).allSatisfy(ticket -> assertThat(take(store, ticket)).contains(ALICE));
    }

    private static void assertNoneIsLetIn(RedisTicketStore store, List<Ticket> tickets) {
        // All at once, so that many share the question behind them.
        List<CompletionStage<Optional<TicketValue>>> taking =
                tickets.stream().map(store::take).toList();
        assertThat(taking)
                .allSatisfy(taken -> assertThat(failureOf(taken).refusal()).isEqualTo(Refusal.OTHER_HISTORY));
    }

    private static void assertNewOnesWork(RedisTicketStore store) {
        for (int i = 0; i < 3; i++) {
            Ticket ticket = ticket();
            assertThat(put(store, ticket)).isTrue();
            assertThat(take(store, ticket)).contains(ALICE);
        }
    }

    private static RedisTicketStore with(Redis redis, HistoryCheck check) {
        return RedisTicketStore.builder(redis.uri())
                .timeout(PATIENT)
                .history(check)
                .build();
    }

    private static void await(BooleanSupplier condition) {
        Fixture.await(PATIENCE, condition);
    }
}
