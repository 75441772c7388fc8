// SPDX-License-Identifier: Apache-2.0
package io.github.realtimeticket;

import static org.assertj.core.api.Assertions.assertThat;

import com.google.errorprone.annotations.CanIgnoreReturnValue;
import io.github.realtimeticket.TicketEvent.Ending;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicLong;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** A connection that presents another ticket of its login (T17). */
class RenewalTest {

    private static final TicketHolder ALICE = TicketHolder.of(1, "alice");
    private static final Instant NOON = Instant.parse("2026-01-01T12:00:00Z");
    private static final String APP = "https://app.example";

    private final Revocations revocations = Revocations.inMemory();
    private final AtomicLong nanos = new AtomicLong();
    private final List<TicketEvent> events = Collections.synchronizedList(new ArrayList<>());
    private final Held store = new Held();
    private final Tickets tickets = Tickets.builder(store)
            .revocations(revocations)
            .clock(() -> NOON)
            .listener(events::add)
            .build();
    private final LiveConnections connections = LiveConnections.builder()
            .revocations(revocations)
            .clock(() -> NOON)
            .nanoTime(nanos::get)
            .listener(events::add)
            .build();
    private final Gate gate = Gate.builder(tickets).connections(connections).build();
    private final CompletableFuture<Integer> closed = new CompletableFuture<>();

    @Test
    void aConnectionStaysUntilTheDeadlineOfItsNewTicket() throws Exception {
        LiveConnection connection = open(granted(60));

        assertThat(renewed(connection, granted(120)).connection()).contains(connection);
        assertThat(connection.until()).isEqualTo(NOON.plusSeconds(120));
        pass(Duration.ofSeconds(119));
        awaitClosings();
        assertThat(closed).isNotDone();
        pass(Duration.ofSeconds(2));

        assertThat(closed.get(30, TimeUnit.SECONDS)).isEqualTo(3000);
        endsWithoutTrace(connection, Ending.DEADLINE);
    }

    @Test
    void aRenewalIsToldWithItsTicket() {
        LiveConnection connection = open(granted(60));
        Ticket ticket = issue(granted(120));

        Admission admission = join(connection.renew(ticket.reveal(), renewed -> true));

        assertThat(admission).isInstanceOf(Admission.Admitted.class);
        assertThat(events).last().isEqualTo(new TicketEvent.Renewed(connection, ticket));
        assertThat(events).filteredOn(TicketEvent.Redeemed.class::isInstance).hasSize(2);
        assertThat(connection.fingerprint()).isNotEqualTo(ticket.fingerprint());
    }

    @Test
    void aNewTicketMayTakeTheDeadlineAwayOrBringOne() {
        LiveConnection connection = open(granted(60));

        assertThat(renewed(connection, TicketGrant.to(ALICE).withSession("s")).until())
                .isEmpty();
        assertThat(connection.until()).isNull();
        assertThat(renewed(connection, granted(30)).until()).contains(NOON.plusSeconds(30));
        assertThat(connection.until()).isEqualTo(NOON.plusSeconds(30));
        endsWithoutTrace(connection, Ending.ITSELF);
    }

    @Test
    void theMaximumAgeBeginsAnew() {
        Gate anHour = Gate.builder(tickets)
                .connections(connections)
                .maximumAge(Duration.ofHours(1))
                .build();
        LiveConnection connection = open(anHour, issue(TicketGrant.to(ALICE)));

        assertThat(renewed(connection, TicketGrant.to(ALICE)).until()).contains(NOON.plusSeconds(3600));
    }

    @Test
    void theNewTicketSaysWhatIsGrantedNow() {
        LiveConnection connection = open(granted(60));
        TicketHolder renamed = ALICE.withAttributes(Map.of("room", "8"));

        Admission.Admitted renewed =
                renewed(connection, TicketGrant.to(renamed).withSession("s").withUntil(NOON.plusSeconds(120)));

        assertThat(renewed.allows("room", "8")).isTrue();
        assertThat(connection.holder()).isEqualTo(ALICE);
    }

    @Test
    void whatTheNewTicketDoesNotAllowAnyMoreRenewsNothing() {
        LiveConnection connection = open(granted(60));
        Ticket ticket = issue(granted(120));

        assertThat(refusal(connection.renew(ticket.reveal(), renewed -> renewed.allows("room", "7"))))
                .contains(Refusal.FORBIDDEN);
        assertThat(refusal(connection.renew(issue(granted(120)).reveal(), renewed -> {
                    throw new IllegalStateException("no answer");
                })))
                .contains(Refusal.FORBIDDEN);

        assertThat(connection.until()).isEqualTo(NOON.plusSeconds(60));
        assertThat(refusal(connection, ticket.reveal())).contains(Refusal.NOTHING);
        assertThat(events).noneMatch(TicketEvent.Renewed.class::isInstance);
        assertThat(events).contains(new TicketEvent.Refused(Refusal.FORBIDDEN, ticket, true));
        assertThat(events).filteredOn(TicketEvent.Redeemed.class::isInstance).hasSize(1);
    }

    @Test
    void everyTicketOfTheLastMinutesThatHasRenewedItEndsIt() throws Exception {
        LiveConnection connection = open(granted(600));
        Ticket old = issue(granted(600));
        assertThat(refusal(connection, old.reveal())).isEmpty();
        nanos.addAndGet(Revoked.REMEMBERED.toNanos());
        Ticket second = issue(granted(600));
        assertThat(refusal(connection, second.reveal())).isEmpty();
        assertThat(refusal(connection, granted(600))).isEmpty();

        revoke(Revocation.ticket(old.sha256()));
        awaitClosings();
        assertThat(closed).isNotDone();
        revoke(Revocation.ticket(second.sha256()));

        assertThat(closed.get(30, TimeUnit.SECONDS)).isEqualTo(3000);
        endsWithoutTrace(connection, Ending.REVOKED);
    }

    @ParameterizedTest
    @ValueSource(strings = {"", "short", "a b c d e f g h i j k l m n o p", "0123456789012345678901234567890\n"})
    void whatIsNoTicketIsRefused(String text) {
        LiveConnection connection = open(granted(60));

        assertThat(refusal(connection, text)).contains(Refusal.MALFORMED);
        assertThat(connection.until()).isEqualTo(NOON.plusSeconds(60));
    }

    @Test
    void whatIsRefusedChangesNothing() throws Exception {
        LiveConnection connection = open(granted(60));
        Ticket used = issue(granted(120));
        assertThat(refusal(open(granted(90)), used.reveal())).isEmpty();
        Ticket revoked = issue(granted(120));
        revoke(Revocation.ticket(revoked.sha256()));

        assertThat(refusal(connection, used.reveal())).contains(Refusal.NOTHING);
        assertThat(refusal(connection, revoked.reveal())).contains(Refusal.REVOKED);
        assertThat(refusal(connection, granted(-1))).contains(Refusal.OVERDUE);
        assertThat(refusal(
                        connection,
                        TicketGrant.to(TicketHolder.of("1", "alice")).withSession("s")))
                .contains(Refusal.WRONG_LOGIN);
        assertThat(refusal(connection, TicketGrant.to(ALICE).withSession("other")))
                .contains(Refusal.WRONG_LOGIN);
        assertThat(refusal(connection, TicketGrant.to(ALICE))).contains(Refusal.WRONG_LOGIN);
        assertThat(refusal(connection, granted(120).withAudience("other"))).contains(Refusal.WRONG_AUDIENCE);
        store.down = true;
        assertThat(refusal(connection, granted(120))).contains(Refusal.FAILED);

        assertThat(connection.until()).isEqualTo(NOON.plusSeconds(60));
        pass(Duration.ofSeconds(61));
        assertThat(closed.get(30, TimeUnit.SECONDS)).isEqualTo(3000);
    }

    @Test
    void aTicketOfAnotherOriginDoesNotRenew() {
        LiveConnection connection = open(gate, join(tickets.issue(granted(60), APP)));

        assertThat(refusal(
                        connection,
                        join(tickets.issue(granted(90), "https://evil.example")).reveal()))
                .contains(Refusal.WRONG_ORIGIN);
        assertThat(refusal(connection, join(tickets.issue(granted(90), APP)).reveal()))
                .isEmpty();
        assertThat(refusal(connection, join(tickets.issue(granted(90), null)).reveal()))
                .isEmpty();
    }

    @Test
    void aClosedConnectionStaysClosedAndUsesUpNoTicket() {
        LiveConnection connection = open(granted(60));
        Ticket ticket = issue(granted(120));

        connection.close(4000, "kicked");
        assertThat(refusal(connection, ticket.reveal())).contains(Refusal.OVERDUE);
        connection.ended();
        assertThat(refusal(connection, ticket.reveal())).contains(Refusal.OVERDUE);

        assertThat(connections.count()).isZero();
        assertThat(open(gate, ticket).until()).isEqualTo(NOON.plusSeconds(120));
    }

    @Test
    void aConnectionThatEndsWhileTheStoreIsAskedLeavesNothing() {
        LiveConnection connection = open(granted(60));
        store.holds = true;
        CompletionStage<Admission> renewal =
                connection.renew(issue(granted(120)).reveal(), renewed -> true);

        connection.ended();
        store.answer();

        assertThat(refusal(renewal)).contains(Refusal.OVERDUE);
        assertThat(connections.count()).isZero();
        assertThat(connections.indexed()).isZero();
    }

    @Test
    void aTicketWhoseConnectionEndsWhileTheApplicationIsAskedIsBurntAndNotRedeemed() {
        LiveConnection connection = open(granted(60));
        Ticket ticket = issue(granted(120));

        assertThat(refusal(connection.renew(ticket.reveal(), renewed -> {
                    connection.ended();
                    return true;
                })))
                .contains(Refusal.OVERDUE);

        assertThat(events).last().isEqualTo(new TicketEvent.Refused(Refusal.OVERDUE, ticket, true));
        assertThat(events).filteredOn(TicketEvent.Redeemed.class::isInstance).hasSize(1);
    }

    @Test
    void aDeadlineThatComesWhileTheStoreIsAskedCloses() throws Exception {
        LiveConnection connection = open(granted(60));
        store.holds = true;
        CompletionStage<Admission> renewal =
                connection.renew(issue(granted(120)).reveal(), renewed -> true);

        pass(Duration.ofSeconds(61));
        assertThat(closed.get(30, TimeUnit.SECONDS)).isEqualTo(3000);
        store.answer();

        assertThat(refusal(renewal)).contains(Refusal.OVERDUE);
        endsWithoutTrace(connection, Ending.DEADLINE);
    }

    @Test
    void aRevocationThatComesWhileTheStoreIsAskedCloses() throws Exception {
        LiveConnection connection = open(granted(60));
        store.holds = true;
        CompletionStage<Admission> renewal =
                connection.renew(issue(granted(120)).reveal(), renewed -> true);

        revoke(Revocation.session("s").forbidden());
        assertThat(closed.get(30, TimeUnit.SECONDS)).isEqualTo(3003);
        store.answer();

        assertThat(refusal(renewal)).contains(Refusal.REVOKED);
        endsWithoutTrace(connection, Ending.REVOKED);
    }

    @Test
    void theTicketThatHasRenewedEndsTheConnectionTooAndSoDoesTheFirst() throws Exception {
        Ticket first = issue(granted(60));
        Ticket second = issue(granted(120));
        LiveConnection one = open(gate, first);
        assertThat(refusal(one, second.reveal())).isEmpty();

        revoke(Revocation.ticket(second.sha256()));

        assertThat(closed.get(30, TimeUnit.SECONDS)).isEqualTo(3000);
        endsWithoutTrace(one, Ending.REVOKED);
        Ticket third = issue(granted(60));
        var again = new CompletableFuture<Integer>();
        LiveConnection other = admitted(gate, third).opened((code, reason) -> again.complete(code));
        assertThat(refusal(other, granted(120))).isEmpty();
        revoke(Revocation.ticket(third.sha256()));
        assertThat(again.get(30, TimeUnit.SECONDS)).isEqualTo(3000);
        other.ended();
        assertThat(connections.indexed()).isZero();
    }

    @Test
    void aConnectionKnowsWhatTheIssuerOfItsNewTicketKnew() {
        var feed = new Told();
        Tickets followed =
                Tickets.builder(TicketStore.inMemory()).revocations(feed).build();
        Gate other = Gate.of(followed);
        LiveConnection connection = open(other, join(followed.issue(ALICE)));
        feed.revision = "7-0";

        assertThat(refusal(connection, join(followed.issue(ALICE)).reveal())).isEmpty();
        feed.listener.revoked(Revocation.holder(1), "7-0");
        awaitClosings();

        assertThat(closed).isNotDone();
        feed.listener.revoked(Revocation.holder(1), "8-0");
        assertThat(closed).succeedsWithin(Duration.ofSeconds(30)).isEqualTo(3000);
    }

    @Test
    void ofTwoRenewalsTheOneThatWasAskedForLastCounts() {
        LiveConnection connection = open(granted(60));
        store.holds = true;
        CompletionStage<Admission> first = connection.renew(issue(granted(120)).reveal(), renewed -> true);
        CompletionStage<Admission> second = connection.renew(issue(granted(240)).reveal(), renewed -> true);

        store.answerLast();
        store.answer();

        assertThat(refusal(second)).isEmpty();
        assertThat(refusal(first)).isEmpty();
        assertThat(connection.until()).isEqualTo(NOON.plusSeconds(240));
        endsWithoutTrace(connection, Ending.ITSELF);
    }

    /** Whichever comes first: no revoked connection stays, and none leaves anything behind. */
    @Test
    void aRevocationBesideRenewalsAlwaysCloses() throws Exception {
        for (int round = 0; round < 300; round++) {
            String session = "s" + round;
            var gone = new CompletableFuture<Integer>();
            TicketGrant.Granted grant = TicketGrant.to(ALICE).withSession(session);
            LiveConnection connection = admitted(gate, issue(grant.withUntil(NOON.plusSeconds(60))))
                    .opened((code, reason) -> gone.complete(code));
            List<String> texts = List.of(
                    issue(grant.withUntil(NOON.plusSeconds(90))).reveal(),
                    issue(grant.withUntil(NOON.plusSeconds(600))).reveal());

            race(
                    () -> join(connection.renew(texts.get(0), renewed -> true)),
                    () -> join(connection.renew(texts.get(1), renewed -> true)),
                    () -> revoke(Revocation.session(session)));

            assertThat(gone.get(30, TimeUnit.SECONDS)).isEqualTo(3000);
            connection.ended();
        }
        assertThat(connections.count()).isZero();
        assertThat(connections.indexed()).isZero();
    }

    @Test
    void anEndBesideRenewalsLeavesNothing() throws Exception {
        for (int round = 0; round < 300; round++) {
            LiveConnection connection = admitted(gate, issue(granted(60))).opened((code, reason) -> {});
            String first = issue(granted(90)).reveal();
            String second = issue(granted(120)).reveal();

            race(
                    () -> join(connection.renew(first, renewed -> true)),
                    () -> join(connection.renew(second, renewed -> true)),
                    connection::ended);

            assertThat(connections.count()).isZero();
            assertThat(connections.indexed()).isZero();
        }
    }

    /** A connection is closed at its deadline or has been renewed, and never both. */
    @Test
    void aDeadlineBesideARenewalClosesOrDoesNot() throws Exception {
        for (int round = 0; round < 300; round++) {
            var gone = new CompletableFuture<Integer>();
            LiveConnection connection =
                    admitted(gate, issue(granted(60))).opened((code, reason) -> gone.complete(code));
            String text = issue(granted(1_000_000)).reveal();
            var outcome = new CompletableFuture<Optional<Refusal>>();

            race(() -> outcome.complete(refusal(connection, text)), () -> pass(Duration.ofSeconds(61)));

            if (outcome.join().isPresent()) {
                assertThat(gone.get(30, TimeUnit.SECONDS)).isEqualTo(3000);
            } else {
                awaitClosings();
                assertThat(gone).isNotDone();
            }
            connection.ended();
            assertThat(connections.indexed()).isZero();
        }
    }

    private static void race(Runnable... racers) throws InterruptedException {
        var start = new CountDownLatch(1);
        List<Thread> threads = new ArrayList<>();
        for (Runnable racer : racers) {
            var thread = new Thread(() -> {
                try {
                    start.await();
                } catch (InterruptedException e) {
                    throw new AssertionError(e);
                }
                racer.run();
            });
            thread.start();
            threads.add(thread);
        }
        start.countDown();
        for (Thread thread : threads) {
            thread.join();
        }
    }

    /** Until a closing that was ordered later is done, so that those before have at least begun. */
    private void awaitClosings() {
        var last = new CompletableFuture<Integer>();
        LiveConnection later = admitted(gate, issue(TicketGrant.to(TicketHolder.of("later", "later"))))
                .opened((code, reason) -> last.complete(code));
        revoke(Revocation.holder("later"));
        assertThat(last).succeedsWithin(Duration.ofSeconds(30));
        later.ended();
    }

    private void endsWithoutTrace(LiveConnection connection, Ending why) {
        connection.ended();

        assertThat(events).last().isInstanceOfSatisfying(TicketEvent.Closed.class, gone -> assertThat(gone.why())
                .isEqualTo(why));
        assertThat(connections.count()).isZero();
        assertThat(connections.indexed()).isZero();
    }

    private void pass(Duration time) {
        nanos.addAndGet(time.toNanos());
        connections.endings().pass();
    }

    private void revoke(Revocation revocation) {
        assertThat(revocations.revoke(revocation)).isCompleted();
    }

    /** Of Alice's session, with a deadline. */
    private static TicketGrant.Granted granted(int seconds) {
        return TicketGrant.to(ALICE).withSession("s").withUntil(NOON.plusSeconds(seconds));
    }

    private LiveConnection open(TicketGrant.Granted grant) {
        return open(gate, issue(grant));
    }

    private LiveConnection open(Gate gate, Ticket ticket) {
        return admitted(gate, ticket).opened((code, reason) -> closed.complete(code));
    }

    private Ticket issue(TicketGrant.Granted grant) {
        return join(tickets.issue(grant, null));
    }

    private static Admission.Admitted admitted(Gate gate, Ticket ticket) {
        return admitted(join(gate.admit(ticket)));
    }

    private static Admission.Admitted admitted(Admission admission) {
        return admission.fold(admitted -> admitted, refused -> {
            throw new AssertionError(refused);
        });
    }

    private Admission.Admitted renewed(LiveConnection connection, TicketGrant.Granted grant) {
        return admitted(join(connection.renew(issue(grant).reveal(), renewed -> true)));
    }

    private Optional<Refusal> refusal(LiveConnection connection, TicketGrant.Granted grant) {
        return refusal(connection, issue(grant).reveal());
    }

    private static Optional<Refusal> refusal(LiveConnection connection, String text) {
        return refusal(connection.renew(text, renewed -> true));
    }

    private static Optional<Refusal> refusal(CompletionStage<Admission> renewal) {
        return join(renewal).fold(admitted -> Optional.empty(), refused -> Optional.of(refused.reason()));
    }

    @CanIgnoreReturnValue
    private static <T> T join(CompletionStage<T> stage) {
        return stage.toCompletableFuture().join();
    }

    /** A store whose answers a test holds back. */
    private static final class Held implements TicketStore {
        private final TicketStore store = TicketStore.inMemory();
        private final List<Runnable> answers = new ArrayList<>();
        private boolean holds;
        private boolean down;

        @Override
        public CompletionStage<Boolean> put(Ticket ticket, TicketValue value, Duration timeToLive) {
            return store.put(ticket, value, timeToLive);
        }

        @Override
        public CompletionStage<Optional<TicketValue>> take(Ticket ticket) {
            if (down) {
                return CompletableFuture.failedFuture(new TicketStoreException("down"));
            }
            if (!holds) {
                return store.take(ticket);
            }
            var answer = new CompletableFuture<Optional<TicketValue>>();
            Optional<TicketValue> taken = join(store.take(ticket));
            answers.add(() -> answer.complete(taken));
            return answer;
        }

        void answer() {
            answers.remove(0).run();
        }

        void answerLast() {
            answers.remove(answers.size() - 1).run();
        }
    }

    /** A feed that a test tells what to say. */
    private static final class Told implements Revocations {
        private RevocationListener listener;
        private @Nullable String revision;

        @Override
        public CompletionStage<Void> revoke(Revocation revocation) {
            return CompletableFuture.completedFuture(null);
        }

        @Override
        public Listening listen(RevocationListener listener) {
            this.listener = listener;
            return () -> {};
        }

        @Override
        public @Nullable String revision() {
            return revision;
        }

        @Override
        public boolean isCurrent() {
            return true;
        }
    }
}
