// SPDX-License-Identifier: Apache-2.0
package io.github.realtimeticket.redis;

import static io.github.realtimeticket.redis.Fixture.failureOf;
import static io.github.realtimeticket.redis.Fixture.patient;
import static org.assertj.core.api.Assertions.assertThat;

import io.github.realtimeticket.Admission;
import io.github.realtimeticket.Gate;
import io.github.realtimeticket.LiveConnection;
import io.github.realtimeticket.Refusal;
import io.github.realtimeticket.ReplayAlarm;
import io.github.realtimeticket.Revocation;
import io.github.realtimeticket.RevocationListener;
import io.github.realtimeticket.Revocations;
import io.github.realtimeticket.Ticket;
import io.github.realtimeticket.TicketGrant;
import io.github.realtimeticket.TicketHolder;
import io.github.realtimeticket.Tickets;
import io.github.realtimeticket.fixtures.FreePorts;
import io.github.realtimeticket.fixtures.Log;
import io.github.realtimeticket.fixtures.Redis;
import io.github.realtimeticket.fixtures.Relay;
import io.github.realtimeticket.testkit.Heard;
import io.lettuce.core.KillArgs;
import io.lettuce.core.Range;
import io.lettuce.core.RedisURI;
import io.lettuce.core.XAddArgs;
import java.io.IOException;
import java.time.Duration;
import java.util.Collections;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.Queue;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.function.BooleanSupplier;
import java.util.logging.Handler;
import java.util.logging.Level;
import java.util.logging.LogRecord;
import java.util.logging.Logger;
import java.util.logging.StreamHandler;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** What is revoked in Redis, where the server, the way to it or the account is not as it should be. */
class RedisRevocationsTest {

    private static final String KEY = "ticket-revocations";
    private static final TicketHolder ALICE = TicketHolder.of(1, "alice");
    private static final Duration PATIENCE = Duration.ofSeconds(30);

    private static Redis redis;

    @BeforeAll
    static void startRedis() throws IOException {
        redis = new Redis();
    }

    @AfterAll
    static void stopRedis() throws IOException {
        redis.close();
    }

    @BeforeEach
    void empty() {
        redis.cli().flushall();
        redis.cli().configResetstat();
    }

    @Test
    void t16_ofTenThousandTicketsNoneIsAdmittedOnceItsSessionIsRevoked() throws Exception {
        try (RedisTicketStore one = patient(redis.uri());
                RedisTicketStore another = patient(redis.uri())) {
            assertThat(presentedOnceRevoked(10_000, one, gate(another)))
                    .hasSize(10_000)
                    .containsOnly(Optional.of(Refusal.REVOKED));
        }
    }

    /** What the gate says to each of so many tickets, whose session this store has revoked just before. */
    static List<Optional<Refusal>> presentedOnceRevoked(int tickets, RedisTicketStore store, Gate gate)
            throws InterruptedException {
        int racers = 20;
        Queue<Optional<Refusal>> refusals = new ConcurrentLinkedQueue<>();
        List<Thread> threads = IntStream.range(0, racers)
                .mapToObj(racer -> new Thread(() -> {
                    for (int i = 0; i < tickets / racers; i++) {
                        String session = racer + " " + i;
                        Ticket ticket = issue(store, session);
                        revoke(store, Revocation.session(session));
                        refusals.add(refusal(gate, ticket));
                    }
                }))
                .toList();
        threads.forEach(Thread::start);
        for (Thread thread : threads) {
            thread.join();
        }
        return List.copyOf(refusals);
    }

    @Test
    void t16_ofTenThousandTicketsThatRaceTheirRevocationEachIsRefusedOrWhatItOpenedIsClosed() throws Exception {
        int sessions = 50;
        int each = 200;
        Queue<CompletableFuture<Integer>> opened = new ConcurrentLinkedQueue<>();
        Queue<Optional<Refusal>> early = new ConcurrentLinkedQueue<>();
        Queue<Optional<Refusal>> late = new ConcurrentLinkedQueue<>();

        try (RedisTicketStore one = patient(redis.uri());
                RedisTicketStore another = patient(redis.uri())) {
            Gate gate = gate(another);
            for (int i = 0; i < sessions; i++) {
                String session = "raced " + i;
                List<Ticket> tickets = IntStream.range(0, each)
                        .mapToObj(ticket -> issue(one, session))
                        .toList();
                var revoked = new AtomicBoolean();
                List<Thread> racers = IntStream.range(0, 20)
                        .mapToObj(racer -> new Thread(() -> {
                            for (int ticket = racer; ticket < each; ticket += 20) {
                                Queue<Optional<Refusal>> refusals = revoked.get() ? late : early;
                                refusals.add(present(gate, tickets.get(ticket), opened));
                            }
                        }))
                        .toList();

                racers.forEach(Thread::start);
                revoke(one, Revocation.session(session));
                revoked.set(true);
                for (Thread racer : racers) {
                    racer.join();
                }
            }
            assertThat(CompletableFuture.allOf(opened.toArray(CompletableFuture[]::new)))
                    .succeedsWithin(PATIENCE);
            assertThat(opened).allMatch(closed -> closed.join() == 3000);
            assertThat(gate.connections().count()).isEqualTo(opened.size());
        }

        assertThat(early.size() + late.size()).isEqualTo(sessions * each);
        assertThat(early).contains(Optional.empty(), Optional.of(Refusal.REVOKED));
        assertThat(late).isNotEmpty().containsOnly(Optional.of(Refusal.REVOKED));
    }

    /** What the gate says to a ticket; if it says nothing against it, what the connection is closed with comes here. */
    private static Optional<Refusal> present(Gate gate, Ticket ticket, Queue<CompletableFuture<Integer>> opened) {
        return Fixture.await(gate.admit(ticket))
                .fold(
                        admitted -> {
                            var closed = new CompletableFuture<Integer>();
                            opened.add(closed);
                            LiveConnection unused = admitted.opened((code, reason) -> closed.complete(code));
                            return Optional.empty();
                        },
                        refused -> Optional.of(refused.reason()));
    }

    @Test
    void t16_aTicketWaitsForAFeedThatIsSlow() throws IOException {
        try (Relay slow = new Relay(redis.port());
                RedisTicketStore one = patient(redis.uri());
                RedisTicketStore another = patient(slow.uri())) {
            Gate gate = currentGate(another);
            // What XREAD answers names the stream, and nothing else does.
            slow.changeAnswers(answer -> answer.contains(KEY) ? delayed(answer) : answer);

            for (int i = 0; i < 10; i++) {
                Ticket ticket = issue(one, "slow " + i);
                revoke(one, Revocation.session("slow " + i));
                assertThat(refusal(gate, ticket)).contains(Refusal.REVOKED);
            }
        }
    }

    @Test
    void t16_whatIsAskedForTheFeedComesWithTheTicket() throws Exception {
        try (Relay relay = new Relay(redis.port());
                RedisTicketStore store = patient(relay.uri())) {
            Gate gate = currentGate(store);
            Ticket ticket = issue(store, "held back");
            long before = redis.calls("xrevrange");
            CountDownLatch asked = new CountDownLatch(1);
            AtomicBoolean inTime = new AtomicBoolean();
            relay.changeAnswers(answer -> {
                if (answer.contains("alice")) {
                    inTime.set(within(asked));
                }
                return answer;
            });

            CompletionStage<Admission> admission = gate.admit(ticket);
            await(() -> redis.calls("xrevrange") > before);
            asked.countDown();

            assertThat(Fixture.await(admission)).isInstanceOf(Admission.Admitted.class);
            assertThat(inTime).as("before the answer to GETDEL was here").isTrue();
        }
    }

    @Test
    void t16_whereTheEndIsNotAnsweredTheTakeFailsAtItsLimit() throws IOException {
        try (Relay relay = new Relay(redis.port());
                RedisTicketStore one = patient(redis.uri());
                RedisTicketStore another = RedisTicketStore.connect(relay.uri())) {
            Gate gate = currentGate(another);
            Ticket ticket = issue(one, null);
            // An empty stream.
            relay.changeAnswers(answer -> answer.replace("*0\r\n", ""));

            assertThat(failureOf(another.take(ticket))).hasMessageContaining("did not answer within 1000 ms");

            relay.changeAnswers(answer -> answer);
            await(() -> refusal(gate, issue(one, "session")).isEmpty());
        }
    }

    @Test
    void t16_oneQuestionIsEnoughForTicketsThatComeTogether() {
        try (RedisTicketStore store = patient(redis.uri())) {
            Gate gate = currentGate(store);
            List<Ticket> tickets =
                    IntStream.range(0, 1_000).mapToObj(i -> issue(store, "s")).toList();
            redis.cli().configResetstat();

            List<CompletionStage<Admission>> admissions =
                    tickets.stream().map(gate::admit).toList();

            assertThat(admissions)
                    .allSatisfy(stage -> assertThat(Fixture.await(stage)).isInstanceOf(Admission.Admitted.class));
            assertThat(redis.calls("getdel")).isEqualTo(1_000);
            assertThat(redis.calls("xrevrange")).isBetween(1L, 999L);
        }
    }

    @Test
    void t16_withoutAFeedNothingIsAskedForIt() {
        try (RedisTicketStore store = patient(redis.uri())) {
            Ticket ticket = issue(Tickets.of(store), "session");

            assertThat(refusal(Gate.of(store), ticket)).isEmpty();
        }

        assertThat(Stream.of("xread", "xrevrange", "xadd").mapToLong(redis::calls))
                .containsOnly(0L);
    }

    @Test
    void t16_aFeedThatMayNotReadSaysSoAndAdmitsNoTicketOfASession() throws IOException {
        redis.account(
                "deaf",
                "on >secret resetchannels -@all +info +ping +hello +client|setname +set +getdel +xrevrange ~ticket:* ~"
                        + KEY);
        RedisURI uri = RedisURI.builder(redis.uri())
                .withAuthentication("deaf", "secret")
                .build();

        try (Log log = new Log(RedisTicketStore.class);
                RedisTicketStore store = patient(uri)) {
            Gate gate = gate(store);
            log.await(Level.WARNING);
            await(() -> refusal(gate, issue(store, "session")).equals(Optional.of(Refusal.FAILED)));

            assertThat(refusal(gate, issue(store, null))).isEmpty();
            assertThat(store.revocations().isCurrent()).isFalse();
            assertThat(log.said(Level.WARNING))
                    .singleElement()
                    .asString()
                    .matches(
                            "Nobody here is told what is revoked until Redis .* works again: .*NOPERM .*'xread' command");
        }
    }

    @Test
    void t16_whoeverWasAwayForSoLongThatTheStreamWasCutClosesTheConnectionsOfSessions() throws Exception {
        try (Relay relay = new Relay(redis.port());
                RedisTicketStore one = patient(redis.uri());
                RedisTicketStore another = patient(relay.uri())) {
            Gate gate = gate(another);
            revoke(one, Revocation.session("before"));
            await(() -> another.revocations().isCurrent());
            CompletableFuture<Integer> bound = open(gate, issue(one, "bound"));

            relay.refuse();
            IntStream.range(0, 5).forEach(i -> revoke(one, Revocation.session("away " + i)));
            redis.cli().xtrim(KEY, 2);
            relay.heal();

            assertThat(bound.get(PATIENCE.toSeconds(), TimeUnit.SECONDS)).isEqualTo(3000);
            await(() -> another.revocations().isCurrent());
            Ticket after = issue(one, "after");
            assertThat(refusal(gate, after)).isEmpty();
        }
    }

    @Test
    void t16_whoeverWasAwayWhileTheStreamWasDeletedClosesTheConnectionsOfSessions() throws Exception {
        try (Relay relay = new Relay(redis.port());
                RedisTicketStore one = patient(redis.uri());
                RedisTicketStore another = patient(relay.uri())) {
            Gate gate = gate(another);
            revoke(one, Revocation.session("before"));
            await(() -> another.revocations().isCurrent());
            Ticket outstanding = issue(one, "away");
            CompletableFuture<Integer> bound = open(gate, issue(one, "away"));

            relay.refuse();
            revoke(one, Revocation.session("away"));
            redis.cli().del(KEY);
            relay.heal();

            assertThat(bound.get(PATIENCE.toSeconds(), TimeUnit.SECONDS)).isEqualTo(3000);
            await(() -> another.revocations().isCurrent());
            assertThat(refusal(gate, outstanding)).contains(Refusal.REVOKED);
            await(() -> refusal(gate, issue(one, "after")).isEmpty());
        }
    }

    @Test
    void t16_withoutTheRightToBeginAStreamThatIsGoneNoTicketOfASessionIsAdmitted() throws Exception {
        redis.account(
                "gate",
                "on >secret resetchannels -@all +info +ping +hello +client|setname +set +getdel +xrevrange +xread"
                        + " ~ticket:* ~" + KEY);
        try (Relay relay = new Relay(redis.port());
                RedisTicketStore one = patient(redis.uri());
                RedisTicketStore another = patient(RedisURI.builder(relay.uri())
                        .withAuthentication("gate", "secret")
                        .build())) {
            Gate gate = gate(another);
            revoke(one, Revocation.session("before"));
            await(() -> another.revocations().isCurrent());
            CompletableFuture<Integer> bound = open(gate, issue(one, "away"));

            try (Log log = new Log(RedisTicketStore.class)) {
                relay.refuse();
                redis.cli().del(KEY);
                relay.heal();
                await(() -> refusal(gate, issue(one, "away")).equals(Optional.of(Refusal.FAILED)));
                await(() -> refusal(gate, issue(one, null)).isEmpty());
                log.await(Level.WARNING);
            }
            revoke(one, Revocation.session("it goes on"));

            assertThat(bound.get(PATIENCE.toSeconds(), TimeUnit.SECONDS)).isEqualTo(3000);
            await(() -> refusal(gate, issue(one, "after")).isEmpty());
        }
    }

    @Test
    void t16_whatIsRevokedWhileAFeedBeginsIsNotMissed() throws IOException {
        var asked = new CountDownLatch(1);
        var revoked = new CountDownLatch(1);
        try (Relay relay = new Relay(redis.port())) {
            relay.changeAnswers(answer -> {
                if (answer.startsWith("*0")) {
                    asked.countDown();
                    assertThat(within(revoked)).isTrue();
                }
                return answer;
            });
            try (RedisTicketStore store = patient(relay.uri())) {
                var heard = Heard.of(store.revocations());
                assertThat(within(asked)).isTrue();
                revoke(store, Revocation.session("meanwhile"));
                revoked.countDown();

                await(() ->
                        store.revocations().isCurrent() && !heard.revocations().isEmpty());

                assertThat(redis.cli().xlen(KEY)).isEqualTo(1);
                assertThat(heard.lost()).isEmpty();
            }
        }
    }

    @Test
    void t16_aStreamThatVanishesUnderAFeedIsMissedByTheNextTicket() {
        try (RedisTicketStore store = patient(redis.uri())) {
            Gate gate = gate(store);
            var heard = Heard.of(store.revocations());
            revoke(store, Revocation.session("before"));
            await(() -> !heard.revocations().isEmpty() && store.revocations().isCurrent());

            redis.cli().del(KEY);

            Optional<Refusal> next = refusal(gate, issue(store, "after"));
            // A feed that has been slow looks by itself.
            assertThat(next.equals(Optional.of(Refusal.FAILED)) || !heard.lost().isEmpty())
                    .isTrue();
            await(() -> !heard.lost().isEmpty());
            await(() -> refusal(gate, issue(store, "after")).isEmpty());
        }
    }

    @Test
    void t16_aTicketThatWasAskedForBeforeTheFirstRevocationLeavesNoDoubtBehindIt() throws IOException {
        try (Relay relay = new Relay(redis.port());
                RedisTicketStore one = patient(redis.uri());
                RedisTicketStore another = patient(relay.uri())) {
            Gate gate = currentGate(another);
            CompletionStage<Admission> admission;
            // With it comes that the stream has no end yet.
            try (Relay.Held answer = relay.holdAnswersWith("alice")) {
                admission = gate.admit(issue(one, null));
                await(() -> answer.number() > 0);
                readTheFirst(one, another);
            }

            assertThat(Fixture.await(admission)).isInstanceOf(Admission.Admitted.class);

            assertThat(another.revocations().isCurrent()).isTrue();
        }
    }

    @Test
    void t16_aTicketThatCouldOnlyBeAskedForLateIsInDoubtWhereWhatHadBeenReadByThenIsGone() throws IOException {
        String name = "late";
        try (Relay relay = new Relay(redis.port());
                RedisTicketStore one = patient(redis.uri());
                RedisTicketStore another = patient(
                        RedisURI.builder(relay.uri()).withClientName(name).build())) {
            Gate gate = currentGate(another);
            Ticket ticket = issue(one, "late");
            CompletionStage<Admission> admission;
            // The way of the tickets is lost, and opens again when it is greeted.
            try (Relay.Held greeting = relay.holdAnswersWith("proto")) {
                endConnectionOfTickets(name);
                await(() -> greetsAnew(another, greeting));
                admission = gate.admit(ticket);
                readTheFirst(one, another);
                revokeAndDelete("late");
            }

            assertThat(Fixture.await(admission)).isInstanceOf(Admission.Refused.class);
        }
    }

    @Test
    void t16_aStreamThatVanishesBehindATicketIsMissedWithoutAnotherOne() throws Exception {
        try (Relay relay = new Relay(redis.port());
                RedisTicketStore one = patient(redis.uri());
                RedisTicketStore another = patient(relay.uri())) {
            Gate gate = currentGate(another);
            CompletionStage<Admission> admission;
            // With it comes that the stream has no end yet.
            try (Relay.Held answer = relay.holdAnswersWith("alice")) {
                admission = gate.admit(issue(one, "behind"));
                await(() -> answer.number() > 0);
                readTheFirst(one, another);
                revokeAndDelete("behind");
            }

            var closed = new CompletableFuture<Integer>();
            LiveConnection unused = opened(admission, closed);

            assertThat(closed.get(PATIENCE.toSeconds(), TimeUnit.SECONDS)).isEqualTo(3000);
        }
    }

    /** Of the two connections of this name, the one that was opened first and does not read the stream. */
    private static void endConnectionOfTickets(String name) {
        long id = clients(name)
                .filter(client -> !client.contains(" cmd=xread "))
                .mapToLong(client -> Long.parseLong(client.replaceAll("id=(\\d+) .*", "$1")))
                .min()
                .orElseThrow();
        assertThat(redis.cli().clientKill(KillArgs.Builder.id(id))).isOne();
    }

    private static boolean greetsAnew(RedisTicketStore store, Relay.Held greeting) {
        CompletionStage<Void> unused = store.ping();
        return greeting.number() > 0;
    }

    /** The stream begins, and another store has read it. */
    private static void readTheFirst(RedisTicketStore one, RedisTicketStore another) {
        String none = another.revocations().revision();
        revoke(one, Revocation.session("the first"));
        await(() -> !Objects.equals(another.revocations().revision(), none));
    }

    /** In one step, so that nobody has read it. */
    private static void revokeAndDelete(String session) {
        redis.cli().multi();
        redis.cli().xadd(KEY, Map.of("r", Revocation.session(session).json()));
        redis.cli().del(KEY);
        assertThat(redis.cli().exec()).hasSize(2);
    }

    @Test
    void t16_anIdThatIsNoRevisionAdmitsNoTicketOfASessionUntilTheStreamIsDeleted() throws Exception {
        for (String id : List.of("1000000000000000-0", "999999999999999999-0", "9999999999999999999-0")) {
            empty();
            try (Log log = new Log(RedisTicketStore.class);
                    RedisTicketStore store = patient(redis.uri())) {
                Gate gate = gate(store);
                revoke(store, Revocation.session("before"));
                await(() -> store.revocations().isCurrent());
                CompletableFuture<Integer> bound = open(gate, issue(store, "bound"));

                redis.cli().xadd(KEY, new XAddArgs().id(id), Map.of("r", "{}"));

                await(() -> store.revocations().revision() == null);
                assertThat(store.revocations().isCurrent()).isFalse();
                assertThat(failureOf(store.revocations().revoke(Revocation.session("bound"))))
                        .hasMessageContaining("15 digits");
                assertThat(refusal(gate, issue(store, "bound"))).contains(Refusal.FAILED);
                assertThat(refusal(gate, issue(store, null))).isEmpty();
                log.await(Level.WARNING);
                assertThat(log.said(Level.WARNING)).singleElement().asString().contains("15 digits");

                redis.cli().del(KEY);
                assertThat(bound.get(PATIENCE.toSeconds(), TimeUnit.SECONDS)).isEqualTo(3000);
                await(() -> refusal(gate, issue(store, "after")).isEmpty());
            }
        }
    }

    @Test
    void t16_aListenerThatFailsIsToldThatItHasLostSomething() {
        try (RedisTicketStore store = patient(redis.uri())) {
            var lost = new CopyOnWriteArrayList<String>();
            Revocations.Listening unused = store.revocations().listen(new RevocationListener() {
                @Override
                public void revoked(Revocation revocation, String revision) {
                    throw new IllegalStateException("A listener that fails");
                }

                @Override
                public void lost(String revision) {
                    lost.add(revision);
                }
            });

            revoke(store, Revocation.session("failing"));

            await(() -> lost.equals(List.of(store.revocations().revision())));
        }
    }

    @Test
    void t16_aFeedThatMayNotAskForTheEndAdmitsTicketsOfNoSession() throws IOException {
        redis.account(
                "endless",
                "on >secret resetchannels -@all +info +ping +hello +client|setname +set +getdel +xread ~ticket:* ~"
                        + KEY);
        RedisURI uri = RedisURI.builder(redis.uri())
                .withAuthentication("endless", "secret")
                .build();

        try (RedisTicketStore store = patient(uri)) {
            Gate gate = gate(store);

            assertThat(refusal(gate, issue(store, null))).isEmpty();
            assertThat(refusal(gate, issue(store, "session"))).contains(Refusal.FAILED);
            assertThat(store.revocations().isCurrent()).isFalse();
        }
    }

    @Test
    void t16_aFeedThatIsCutOffAloneRefusesTicketsOfSessionsAndDelaysOnlyTheFirst() throws IOException {
        try (Relay relay = new Relay(redis.port());
                RedisTicketStore one = patient(redis.uri());
                RedisTicketStore another = patient(relay.uri())) {
            Gate gate = currentGate(another);
            Ticket revoked = issue(one, "cut off");
            List<Ticket> others =
                    IntStream.range(0, 20).mapToObj(i -> issue(one, null)).toList();

            relay.loseAnswersTo("XREAD");
            revoke(one, Revocation.session("cut off"));

            assertThat(refusal(gate, revoked)).contains(Refusal.FAILED);
            long start = System.nanoTime();
            assertThat(others).allMatch(ticket -> refusal(gate, ticket).isEmpty());
            assertThat(Duration.ofNanos(System.nanoTime() - start)).isLessThan(Fixture.PATIENT);
            relay.heal();
            await(() -> refusal(gate, issue(one, "another")).isEmpty());
        }
    }

    @Test
    void t16_aRestartWithoutItsDataLosesNothingThatWasRevokedJustBefore() throws IOException {
        int port = FreePorts.one();
        RedisURI uri = RedisURI.create("127.0.0.1", port);

        try (Redis before = Redis.at(port);
                RedisTicketStore one = patient(uri);
                RedisTicketStore another = patient(uri)) {
            var heard = Heard.of(another.revocations());
            await(() -> one.revocations().isCurrent() && another.revocations().isCurrent());
            revoke(one, Revocation.session("before"));
            await(() -> !heard.revocations().isEmpty());
            before.close();

            try (Redis after = Redis.at(port)) {
                Fixture.awaitRecovery(one);
                // There may be one more, of a session that nobody has, above what was revoked before.
                await(() -> Collections.frequency(heard.revocations(), Revocation.session("before")) > 1);
                revoke(one, Revocation.session("after"));
                await(() -> heard.revocations().contains(Revocation.session("after")));

                assertThat(heard.revocations())
                        .containsSubsequence(
                                Revocation.session("before"),
                                Revocation.session("before"),
                                Revocation.session("after"));
                assertThat(heard.lost()).isEmpty();
                assertThat(after.cli().xlen(KEY)).as("few are enough").isLessThan(10);
            }
        }
    }

    @Test
    void t16_whoeverHasComeBackIsAdmittedAfterARestartWithoutItsData() throws IOException {
        int port = FreePorts.one();
        RedisURI uri = RedisURI.create("127.0.0.1", port);

        try (Redis before = Redis.at(port);
                RedisTicketStore another = patient(uri)) {
            Gate gate = gate(another);
            var heard = Heard.of(another.revocations());
            await(() -> another.revocations().isCurrent());
            try (RedisTicketStore one = patient(uri)) {
                revoke(one, Revocation.holder(1));
            }
            await(() -> !heard.revocations().isEmpty());
            assertThat(refusal(gate, issue(another, null))).isEmpty();
            before.close();

            try (Redis after = Redis.at(port)) {
                Fixture.awaitRecovery(another);

                await(() -> refusal(gate, issue(another, null)).isEmpty());
                await(() -> after.cli().xlen(KEY) == 1);
            }
        }
    }

    @Test
    void t16_whoeverWasAwayForLongerThanWhatIsRevokedAgainClosesTheConnectionsOfSessionsAfterARestart()
            throws Exception {
        int port = FreePorts.one();
        Redis before = Redis.at(port);
        try (Relay relay = new Relay(port);
                RedisTicketStore another = RedisTicketStore.builder(relay.uri())
                        .timeout(Fixture.PATIENT)
                        .addedAgain(Duration.ofSeconds(1))
                        .build()) {
            Gate gate = gate(another);
            CompletableFuture<Integer> bound;
            try (RedisTicketStore one = patient(RedisURI.create("127.0.0.1", port))) {
                await(() -> another.revocations().isCurrent());
                bound = open(gate, issue(one, "away"));
                relay.refuse();
                await(() -> !another.revocations().isCurrent());
                revoke(one, Revocation.session("away"));
            }
            before.close();

            try (Redis after = Redis.at(port)) {
                relay.heal();

                assertThat(bound.get(PATIENCE.toSeconds(), TimeUnit.SECONDS)).isEqualTo(3000);
                Fixture.awaitRecovery(another);
                await(() -> refusal(gate, issue(another, "after")).isEmpty());
                assertThat(after.cli().xlen(KEY)).isPositive();
            }
        }
    }

    @Test
    void t16_whatIsRevokedByASlowerClockEndsTheConnectionsThatWereOpenedByAFasterOne() throws Exception {
        for (boolean atOnce : List.of(true, false)) {
            int port = FreePorts.one();
            RedisURI uri = RedisURI.create("127.0.0.1", port);
            Redis before = Redis.at(port);
            long inAnHour = System.currentTimeMillis() + TimeUnit.HOURS.toMillis(1);
            before.cli().xadd(KEY, new XAddArgs().id(inAnHour + "-0"), Map.of("r", "{\"holder\":\"before\"}"));
            try (RedisTicketStore another = patient(uri)) {
                Gate gate = gate(another);
                await(() -> (inAnHour + "-0").equals(another.revocations().revision()));
                CompletableFuture<Integer> alice = open(gate, issue(another, null));
                CompletableFuture<Integer> bob = open(gate, issueTo(TicketHolder.of(2, "bob"), another));
                before.close();

                try (Redis after = Redis.at(port);
                        RedisTicketStore one = patient(uri)) {
                    if (!atOnce) {
                        Fixture.awaitRecovery(another);
                        await(() -> another.revocations().isCurrent());
                    }
                    revoke(one, Revocation.holder(1).forbidden());

                    assertThat(alice.get(PATIENCE.toSeconds(), TimeUnit.SECONDS))
                            .isEqualTo(3003);
                    await(() -> after.cli().xlen(KEY) == 2);
                    await(() -> refusal(gate, issue(one, null)).isEmpty());
                    assertThat(bob).isNotDone();
                }
            }
        }
    }

    @Test
    void t16_aFailoverToAReplicaThatWasCutOffLosesNothingThatWasRevokedJustBefore() throws IOException {
        try (Redis primary = new Redis();
                Redis replica = new Redis();
                Relay between = new Relay(primary.port());
                Relay name = new Relay(primary.port());
                RedisTicketStore one = patient(name.uri());
                RedisTicketStore another = patient(name.uri())) {
            replica.cli().replicaof("127.0.0.1", between.uri().getPort());
            await(() -> replica.cli().info("replication").contains("master_link_status:up"));
            await(() -> one.revocations().isCurrent() && another.revocations().isCurrent());
            revoke(one, Revocation.session("known to the replica"));
            await(() -> replica.cli().xlen(KEY) == 1);
            between.freezeConnections();
            revoke(one, Revocation.session("not known to the replica"));

            primary.close();
            replica.cli().replicaofNoOne();
            name.leadTo(replica.port());
            name.cut();

            try (RedisTicketStore later = patient(name.uri())) {
                var heard = Heard.of(later.revocations());
                await(() -> heard.revocations().contains(Revocation.session("not known to the replica")));
                Gate gate = gate(later);
                assertThat(refusal(gate, issue(later, "not known to the replica")))
                        .contains(Refusal.REVOKED);
            }
        }
    }

    @Test
    void t16_whoeverWasToldBeforeAFailoverKnowsItThoughItsRevokerAndItsEntryAreGone() throws IOException {
        try (Redis primary = new Redis();
                Redis replica = new Redis();
                Relay between = new Relay(primary.port());
                Relay name = new Relay(primary.port());
                RedisTicketStore another = patient(name.uri())) {
            replica.cli().replicaof("127.0.0.1", between.uri().getPort());
            await(() -> replica.cli().info("replication").contains("master_link_status:up"));
            var heard = Heard.of(another.revocations());
            Gate gate = currentGate(another);
            between.freezeConnections();
            try (RedisTicketStore one = patient(name.uri())) {
                revoke(one, Revocation.session("not known to the replica"));
                await(() -> !heard.revocations().isEmpty());
            }

            primary.close();
            replica.cli().replicaofNoOne();
            name.leadTo(replica.port());
            name.cut();
            Fixture.awaitRecovery(another);
            await(() -> another.revocations().isCurrent());

            // The feed may have begun the stream anew.
            assertThat(replica.cli().xrange(KEY, Range.unbounded())).noneMatch(entry -> entry.getBody()
                    .containsValue(
                            Revocation.session("not known to the replica").json()));
            assertThat(refusal(gate, issue(another, "not known to the replica")))
                    .contains(Refusal.REVOKED);
        }
    }

    @Test
    void t16_anErrorInAStepOfTheFeedDoesNotEndIt() throws IOException {
        Logger logger = Logger.getLogger(RedisTicketStore.class.getName());
        Handler failing = new StreamHandler() {
            @Override
            public synchronized void publish(LogRecord line) {
                if (line.getMessage().contains("is told again")) {
                    throw new NoClassDefFoundError("of what a log needs");
                }
            }
        };
        try (Relay relay = new Relay(redis.port());
                RedisTicketStore one = patient(redis.uri());
                RedisTicketStore another = patient(relay.uri())) {
            var heard = Heard.of(another.revocations());
            await(() -> another.revocations().isCurrent());
            logger.addHandler(failing);

            relay.refuse();
            await(() -> !another.revocations().isCurrent());
            relay.heal();
            await(() -> another.revocations().isCurrent());
            revoke(one, Revocation.session("afterwards"));

            await(() -> heard.revocations().contains(Revocation.session("afterwards")));
        } finally {
            logger.removeHandler(failing);
        }
    }

    @Test
    void t16_aReplicaIsNotReadFrom() throws IOException {
        try (Redis replica = new Redis()) {
            replica.cli().replicaof("127.0.0.1", redis.port());
            await(() -> replica.cli().info("replication").contains("master_link_status:up"));
            try (Log log = new Log(RedisTicketStore.class);
                    RedisTicketStore store = patient(replica.uri())) {
                Revocations revocations = store.revocations();
                log.await(Level.WARNING);

                assertThat(revocations.isCurrent()).isFalse();
                assertThat(failureOf(revocations.revoke(Revocation.holder(1)))).isNotNull();
            }
        }
    }

    @Test
    void t16_somethingElseInTheStreamIsSaidAndDisturbsNothing() {
        try (Log log = new Log(Revocations.class);
                RedisTicketStore store = patient(redis.uri())) {
            var heard = Heard.of(store.revocations());
            redis.cli().xadd(KEY, Map.of("r", "{\"holder\":null}"));
            redis.cli().xadd(KEY, Map.of("x", "y"));
            redis.cli().xadd(KEY, new XAddArgs().maxlen(10), Map.of("x", "y", "r", "{\"holder\":7,\"x\":1}"));

            await(() -> heard.revocations().size() == 1);

            assertThat(heard.revocations()).containsExactly(Revocation.holder(7));
            assertThat(log.said(Level.WARNING)).first().asString().contains("cannot be read");
        }
    }

    @Test
    void t16_aConnectionThatIsRenewedWhileAnotherProcessRevokesItEnds() throws Exception {
        try (RedisTicketStore one = patient(redis.uri());
                RedisTicketStore another = patient(redis.uri())) {
            Gate gate = gate(another);
            for (int i = 0; i < 50; i++) {
                String session = "renewed " + i;
                var closed = new CompletableFuture<Integer>();
                LiveConnection connection = opened(gate, issue(one, session), closed);
                Ticket next = issue(one, session);

                CompletionStage<Admission> renewal = connection.renew(next.reveal(), renewed -> true);
                revoke(one, Revocation.session(session));

                Admission unused = Fixture.await(renewal);
                assertThat(closed.get(PATIENCE.toSeconds(), TimeUnit.SECONDS)).isEqualTo(3000);
            }
        }
    }

    @Test
    void t16_aConnectionEndsWhenAnotherProcessRevokesTheTicketThatHasRenewedIt() throws Exception {
        try (RedisTicketStore one = patient(redis.uri());
                RedisTicketStore another = patient(redis.uri())) {
            Gate gate = gate(another);
            var closed = new CompletableFuture<Integer>();
            LiveConnection connection = opened(gate, issue(one, "renewed"), closed);
            Ticket next = issue(one, "renewed");
            assertThat(Fixture.await(connection.renew(next.reveal(), renewed -> true)))
                    .isInstanceOf(Admission.Admitted.class);

            revoke(one, Revocation.ticket(next.sha256()));

            assertThat(closed.get(PATIENCE.toSeconds(), TimeUnit.SECONDS)).isEqualTo(3000);
        }
    }

    @Test
    void t16_aProcessReadsTheStreamOnOneConnectionHoweverManyListen() {
        try (RedisTicketStore store = patient(redis.uri())) {
            for (int i = 0; i < 10; i++) {
                Gate gate = gate(store);
                Heard unused = Heard.of(store.revocations());
                assertThat(refusal(gate, issue(store, "session"))).isEmpty();
            }

            await(() ->
                    clients().filter(client -> client.contains(" cmd=xread ")).count() == 1);
            // That of the tickets, and that of the stream.
            await(() -> clients().count() == 2);
        }
    }

    private static Stream<String> clients() {
        return clients("realtime-ticket");
    }

    private static Stream<String> clients(String name) {
        return redis.cli().clientList().lines().filter(client -> client.contains(" name=" + name + " "));
    }

    @Test
    void t16_theStreamIsOneOfJsonUnderItsKeyAndBounded() throws IOException {
        try (Relay relay = new Relay(redis.port());
                RedisTicketStore store = RedisTicketStore.builder(relay.uri())
                        .timeout(Fixture.PATIENT)
                        .revocations("my-own")
                        .build()) {
            revoke(store, Revocation.holder("bob").forbidden());

            assertThat(relay.requestsWith("my-own\r\n$6\r\nMAXLEN\r\n$1\r\n~\r\n$6\r\n100000\r\n$1\r\n*\r\n"))
                    .isOne();
        }

        assertThat(redis.cli().xrange("my-own", Range.unbounded()))
                .singleElement()
                .satisfies(entry ->
                        assertThat(entry.getBody()).isEqualTo(Map.of("r", "{\"holder\":\"bob\",\"code\":3003}")));
    }

    @Test
    void t16_storesOfOtherKeysShareTheStreamUnlessItHasAnotherKeyToo() throws Exception {
        RedisTicketStoreBuilder other =
                RedisTicketStore.builder(redis.uri()).timeout(Fixture.PATIENT).keys(TicketKeys.hashed("other:"));
        try (RedisTicketStore one = patient(redis.uri());
                RedisTicketStore sharing = other.build();
                RedisTicketStore apart = other.revocations("other-revocations").build()) {
            CompletableFuture<Integer> shared = open(gate(sharing), issue(sharing, "shared"));
            CompletableFuture<Integer> kept = open(gate(apart), issue(apart, "apart"));

            revoke(one, Revocation.holder(1));

            assertThat(shared.get(PATIENCE.toSeconds(), TimeUnit.SECONDS)).isEqualTo(3000);
            assertThat(refusal(gate(apart), issue(apart, "apart"))).isEmpty();
            assertThat(kept).isNotDone();
        }
    }

    @Test
    void everyRevokingEndsThoughTheStoreIsClosedUnderLoad() throws Exception {
        for (int round = 0; round < 3; round++) {
            RedisTicketStore store = patient(redis.uri());
            Gate gate = gate(store);
            Queue<CompletionStage<?>> outstanding = new ConcurrentLinkedQueue<>();
            AtomicBoolean closed = new AtomicBoolean();
            List<Thread> threads = Stream.generate(() -> new Thread(() -> {
                        while (!closed.get()) {
                            outstanding.add(store.revocations().revoke(Revocation.holder(1)));
                            outstanding.add(gate.admit(Fixture.ticket()));
                        }
                    }))
                    .limit(4)
                    .toList();
            threads.forEach(Thread::start);
            await(() -> outstanding.size() > 100);

            store.close();

            closed.set(true);
            for (Thread thread : threads) {
                thread.join();
            }
            assertThat(outstanding)
                    .allMatch(stage -> stage.toCompletableFuture().isDone());
            assertThat(store.revocations().isCurrent()).isFalse();
        }
        await(() -> redis.cli().clientList().lines().count() == 1);
    }

    static Gate gate(RedisTicketStore store) {
        return gate(store, ReplayAlarm.OFF);
    }

    static Gate gate(RedisTicketStore store, ReplayAlarm alarm) {
        return Gate.of(Tickets.builder(store)
                .revocations(store.revocations())
                .replayAlarm(alarm)
                .build());
    }

    /** A gate whose feed has begun. */
    private static Gate currentGate(RedisTicketStore store) {
        Gate gate = gate(store);
        await(() -> store.revocations().isCurrent());
        return gate;
    }

    static Tickets tickets(RedisTicketStore store) {
        return Tickets.builder(store)
                .revocations(store.revocations())
                .timeToLive(Fixture.LONG)
                .build();
    }

    static Ticket issue(RedisTicketStore store, @Nullable String session) {
        return issue(tickets(store), session);
    }

    private static Ticket issueTo(TicketHolder holder, RedisTicketStore store) {
        return Fixture.await(tickets(store).issue(TicketGrant.to(holder), null));
    }

    private static Ticket issue(Tickets tickets, @Nullable String session) {
        TicketGrant.Granted grant = TicketGrant.to(ALICE);
        return Fixture.await(tickets.issue(session == null ? grant : grant.withSession(session), null));
    }

    static void revoke(RedisTicketStore store, Revocation revocation) {
        Void unused = Fixture.await(store.revocations().revoke(revocation));
    }

    static Optional<Refusal> refusal(Gate gate, Ticket ticket) {
        return Fixture.await(gate.admit(ticket))
                .fold(admitted -> Optional.empty(), refused -> Optional.of(refused.reason()));
    }

    /** A connection that this ticket opens: what it will be closed with. */
    static CompletableFuture<Integer> open(Gate gate, Ticket ticket) {
        var closed = new CompletableFuture<Integer>();
        LiveConnection unused = opened(gate, ticket, closed);
        return closed;
    }

    private static LiveConnection opened(Gate gate, Ticket ticket, CompletableFuture<Integer> closed) {
        return opened(gate.admit(ticket), closed);
    }

    private static LiveConnection opened(CompletionStage<Admission> admission, CompletableFuture<Integer> closed) {
        return Fixture.await(admission)
                .fold(admitted -> admitted.opened((code, reason) -> closed.complete(code)), refused -> {
                    throw new AssertionError("refused: " + refused);
                });
    }

    private static String delayed(String answer) {
        try {
            TimeUnit.MILLISECONDS.sleep(200);
        } catch (InterruptedException e) {
            throw new AssertionError(e);
        }
        return answer;
    }

    private static boolean within(CountDownLatch patience) {
        try {
            return patience.await(PATIENCE.toSeconds(), TimeUnit.SECONDS);
        } catch (InterruptedException e) {
            throw new AssertionError(e);
        }
    }

    private static void await(BooleanSupplier condition) {
        Fixture.await(PATIENCE, condition);
    }
}
