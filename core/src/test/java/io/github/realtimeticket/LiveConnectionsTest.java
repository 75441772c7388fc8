// SPDX-License-Identifier: Apache-2.0
package io.github.realtimeticket;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;
import static org.assertj.core.api.Assertions.assertThatIllegalStateException;

import io.github.realtimeticket.TicketEvent.Ending;
import java.io.IOException;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicLong;
import java.util.concurrent.atomic.AtomicReference;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;

class LiveConnectionsTest {

    private static final TicketHolder ALICE = TicketHolder.of(1, "alice");
    private static final Instant NOON = Instant.parse("2026-01-01T12:00:00Z");

    private final Revocations revocations = Revocations.inMemory();
    private final AtomicLong nanos = new AtomicLong();
    private final AtomicReference<Instant> now = new AtomicReference<>(NOON);
    private final List<TicketEvent> events = Collections.synchronizedList(new ArrayList<>());
    private final Tickets tickets = Tickets.builder(TicketStore.inMemory())
            .revocations(revocations)
            .clock(now::get)
            .build();
    private final LiveConnections connections = LiveConnections.builder()
            .revocations(revocations)
            .clock(now::get)
            .nanoTime(nanos::get)
            .listener(events::add)
            .build();
    private final Gate gate = Gate.builder(tickets).connections(connections).build();

    @Test
    void aConnectionIsKnownUntilItHasEnded() {
        LiveConnection connection =
                admitted(TicketGrant.to(ALICE).withSession("s")).opened((code, reason) -> {});

        assertThat(connections.count()).isEqualTo(1);
        assertThat(connections.stream()).containsExactly(connection);
        assertThat(connection.holder()).isEqualTo(ALICE);
        assertThat(connection.session()).isEqualTo(TicketLogin.session("s"));
        assertThat(connection.since()).isEqualTo(NOON);
        assertThat(connection.until()).isNull();

        connection.ended();
        connection.ended();

        assertThat(connections.count()).isZero();
        assertThat(events).hasSize(2);
        assertThat(events.get(0)).isEqualTo(new TicketEvent.Opened(connection));
        assertThat(events.get(1)).isEqualTo(new TicketEvent.Closed(connection, Ending.ITSELF, null));
    }

    @Test
    void whatIsGoneBeforeItIsRegisteredIsForgottenAtOnce() {
        Admission.Admitted admitted = admitted(TicketGrant.to(ALICE));

        admitted.ended();
        LiveConnection connection = admitted.opened((code, reason) -> {});
        admitted.ended();

        assertThat(connections.count()).isZero();
        assertThat(events)
                .containsExactly(
                        new TicketEvent.Opened(connection), new TicketEvent.Closed(connection, Ending.ITSELF, null));
    }

    @Test
    void aTicketOpensOneConnection() {
        Admission.Admitted admitted = admitted(TicketGrant.to(ALICE));
        LiveConnection connection = admitted.opened((code, reason) -> {});

        assertThatIllegalStateException().isThrownBy(() -> open(admitted));
        assertThat(admitted.connection()).contains(connection);
        assertThat(connections.count()).isEqualTo(1);
    }

    @Test
    void whatIsClosedIsClosedOnceAndKnownUntilItHasEnded() {
        List<String> closed = new ArrayList<>();
        LiveConnection connection =
                admitted(TicketGrant.to(ALICE)).opened((code, reason) -> closed.add(code + " " + reason));

        connection.close(4000, "kicked");
        connection.close(4001, "again");

        assertThat(closed).containsExactly("4000 kicked");
        assertThat(connections.count()).isEqualTo(1);
        nanos.addAndGet(TimeUnit.SECONDS.toNanos(2));
        connection.ended();
        connection.close(4002, "too late");
        assertThat(closed).hasSize(1);
        assertThat(events).last().isEqualTo(new TicketEvent.Closed(connection, Ending.CLOSED, Duration.ofSeconds(2)));
    }

    @Test
    void t17_whoIsLockedIsToldSoAlsoIfTheSessionIsEndedWithIt() throws Exception {
        for (int round = 0; round < 500; round++) {
            var told = new CompletableFuture<Integer>();
            LiveConnection unused = admitted(TicketGrant.to(ALICE).withSession("s" + round))
                    .opened((code, reason) -> told.complete(code));

            revoke(Revocation.holder(1).forbidden());
            revoke(Revocation.session("s" + round));

            assertThat(told.get(20, TimeUnit.SECONDS)).isEqualTo(Revocation.FORBIDDEN);
        }
    }

    @Test
    void aClosingMayCloseAgainAndEndTheConnection() {
        var connection = new AtomicReference<@Nullable LiveConnection>();
        var closed = new AtomicInteger();
        connection.set(admitted(TicketGrant.to(ALICE)).opened((code, reason) -> {
            closed.incrementAndGet();
            LiveConnection mine = connection.get();
            if (mine != null) {
                mine.close(code, reason);
                mine.ended();
            }
        }));

        connection.get().close(4000, "kicked");

        assertThat(closed).hasValue(1);
        assertThat(connections.count()).isZero();
    }

    @Test
    void aClosingThatFailsIsTriedAgainForAnotherReason() {
        var tries = new AtomicInteger();
        LiveConnection connection = admitted(TicketGrant.to(ALICE)).opened((code, reason) -> {
            tries.incrementAndGet();
            throw new IOException("broken pipe");
        });

        connection.close(4000, "kicked");
        connection.close(4000, "kicked");

        assertThat(tries).hasValue(2);
        assertThat(connections.count()).isEqualTo(1);
        connection.ended();
        assertThat(connections.count()).isZero();
    }

    @Test
    void aClosingThatFailsIsTriedAgainInTheNextTick() throws Exception {
        var closed = new CompletableFuture<Integer>();
        var failed = new CountDownLatch(1);
        LiveConnection connection = admitted(TicketGrant.to(ALICE).withSession("s"))
                .opened((code, reason) -> {
                    if (failed.getCount() > 0) {
                        failed.countDown();
                        throw new IOException("broken pipe");
                    }
                    closed.complete(code);
                });

        revoke(Revocation.session("s").forbidden());
        assertThat(failed.await(30, TimeUnit.SECONDS)).isTrue();
        for (int i = 0; i < 3_000 && !closed.isDone(); i++) {
            pass(Duration.ofMillis(500));
            TimeUnit.MILLISECONDS.sleep(10);
        }

        assertThat(closed).isCompletedWithValue(3003);
        connection.ended();
    }

    @Test
    void t17_whatIsForbiddenWhileItsClosingFailsIsToldSo() throws Exception {
        var forbidden = new CompletableFuture<Integer>();
        Admission.Admitted admitted = admitted(TicketGrant.to(ALICE).withSession("s"));
        LiveConnection connection = admitted.opened((code, reason) -> {
            if (code == Revocation.FORBIDDEN) {
                forbidden.complete(code);
            } else {
                admitted.forbid();
                throw new IOException("broken pipe");
            }
        });

        revoke(Revocation.session("s"));
        for (int i = 0; i < 3_000 && !forbidden.isDone(); i++) {
            pass(Duration.ofMillis(500));
            TimeUnit.MILLISECONDS.sleep(10);
        }

        assertThat(forbidden).isCompletedWithValue(3003);
        connection.ended();
    }

    @Test
    void oneHoldersClosingsThatHangDelayNobodyElse() throws Exception {
        var hanging = new CompletableFuture<Void>();
        var closed = new CompletableFuture<Integer>();
        List<LiveConnection> open = new ArrayList<>();
        for (int i = 0; i < 640; i++) {
            open.add(admitted(TicketGrant.to(ALICE)).opened((code, reason) -> hanging.join()));
        }
        open.add(admitted(TicketGrant.to(TicketHolder.of(2, "bob"))).opened((code, reason) -> closed.complete(code)));

        revoke(Revocation.holder(1));
        revoke(Revocation.holder(2));

        assertThat(closed.get(30, TimeUnit.SECONDS)).isEqualTo(3000);
        hanging.complete(null);
        open.forEach(LiveConnection::ended);
    }

    @Test
    void aClosingThatHangsDelaysNoOther() throws Exception {
        var hanging = new CompletableFuture<Void>();
        var closed = new CompletableFuture<Integer>();
        TicketGrant.Granted grant = TicketGrant.to(ALICE).withSession("s");
        LiveConnection first = admitted(grant).opened((code, reason) -> hanging.join());
        LiveConnection second = admitted(grant).opened((code, reason) -> closed.complete(code));

        CompletionStage<Void> revoked = revocations.revoke(Revocation.session("s"));

        assertThat(revoked).isCompleted();
        assertThat(closed.get(30, TimeUnit.SECONDS)).isEqualTo(3000);
        hanging.complete(null);
        first.ended();
        second.ended();
    }

    @Test
    void whatIsRevokedBetweenTheRedemptionAndTheOpeningIsClosedAtOnce() throws Exception {
        Admission.Admitted admitted = admitted(TicketGrant.to(ALICE).withSession("s"));
        var closed = new CompletableFuture<Integer>();

        revoke(Revocation.session("s").forbidden());
        LiveConnection connection = admitted.opened((code, reason) -> closed.complete(code));

        assertThat(closed.get(30, TimeUnit.SECONDS)).isEqualTo(3003);
        connection.ended();
        assertThat(connections.count()).isZero();
    }

    @Test
    void whatIsOpenedWhenNobodyKnowsAnyMoreWhatWasRevokedIsClosedAtOnce() throws Exception {
        Admission.Admitted inTime = admitted(TicketGrant.to(TicketHolder.of(2, "bob")));
        Admission.Admitted late = admitted(TicketGrant.to(ALICE));
        var closed = new CompletableFuture<Integer>();
        revoke(Revocation.holder(1).forbidden());

        pass(Revoked.REMEMBERED.minusNanos(1));
        var early = new CompletableFuture<Integer>();
        LiveConnection stays = inTime.opened((code, reason) -> early.complete(code));
        pass(Duration.ofNanos(1));
        LiveConnection connection = late.opened((code, reason) -> closed.complete(code));

        assertThat(closed.get(30, TimeUnit.SECONDS)).isEqualTo(3000);
        assertThat(early).isNotDone();
        connection.ended();
        assertThat(connections.stream()).containsExactly(stays);
        stays.ended();
    }

    @Test
    void theHolderWithTheNumberIsNotTheOneWithTheText() throws Exception {
        var closed = new CompletableFuture<Integer>();
        LiveConnection number = admitted(TicketGrant.to(ALICE)).opened((code, reason) -> closed.complete(code));
        LiveConnection text = admitted(TicketGrant.to(TicketHolder.of("1", "one")))
                .opened((code, reason) -> {
                    throw new AssertionError("closed");
                });

        revoke(Revocation.holder(1));

        assertThat(closed.get(30, TimeUnit.SECONDS)).isEqualTo(3000);
        assertThat(events).last().isEqualTo(new TicketEvent.Revoked(Revocation.holder(1), 1));
        number.ended();
        text.ended();
    }

    @Test
    void oneTicketIsRevokedByItsHash() throws Exception {
        Ticket used = join(tickets.issue(ALICE));
        Ticket outstanding = join(tickets.issue(ALICE));
        var closed = new CompletableFuture<Integer>();
        LiveConnection connection = admitted(used).opened((code, reason) -> closed.complete(code));

        revoke(Revocation.ticket(used.sha256()));
        revoke(Revocation.ticket(outstanding.sha256()));

        assertThat(closed.get(30, TimeUnit.SECONDS)).isEqualTo(3000);
        assertThat(refusal(outstanding)).contains(Refusal.REVOKED);
        assertThat(refusal(join(tickets.issue(ALICE)))).isEmpty();
        connection.ended();
    }

    @Test
    void aConnectionIsClosedAtItsDeadlineAndNotBefore() throws Exception {
        var closed = new CompletableFuture<Integer>();
        LiveConnection connection = admitted(TicketGrant.to(ALICE).withUntil(NOON.plusSeconds(60)))
                .opened((code, reason) -> closed.complete(code));

        pass(Duration.ofMillis(59_999));
        assertThat(closed).isNotDone();
        assertThat(connection.until()).isEqualTo(NOON.plusSeconds(60));
        pass(Duration.ofMillis(501));

        assertThat(closed.get(30, TimeUnit.SECONDS)).isEqualTo(3000);
        connection.ended();
        assertThat(events).last().isInstanceOfSatisfying(TicketEvent.Closed.class, gone -> assertThat(gone.why())
                .isEqualTo(Ending.DEADLINE));
    }

    @Test
    void settingTheMachinesClockBackProlongsNothing() throws Exception {
        var closed = new CompletableFuture<Integer>();
        LiveConnection connection = admitted(TicketGrant.to(ALICE).withUntil(NOON.plusSeconds(60)))
                .opened((code, reason) -> closed.complete(code));

        now.set(NOON.minusSeconds(86_400));
        pass(Duration.ofMillis(60_501));

        assertThat(closed.get(30, TimeUnit.SECONDS)).isEqualTo(3000);
        connection.ended();
    }

    @Test
    void theEarlierDeadlineCounts() {
        Gate anHour = Gate.builder(tickets)
                .connections(connections)
                .maximumAge(Duration.ofHours(1))
                .build();

        assertThat(until(anHour, TicketGrant.to(ALICE))).contains(NOON.plusSeconds(3600));
        assertThat(until(anHour, TicketGrant.to(ALICE).withUntil(NOON.plusSeconds(60))))
                .contains(NOON.plusSeconds(60));
        assertThat(until(anHour, TicketGrant.to(ALICE).withUntil(Instant.MAX))).contains(NOON.plusSeconds(3600));
        assertThat(until(gate, TicketGrant.to(ALICE))).isEmpty();
    }

    @Test
    void whoseTimeIsOverIsNotLetIn() {
        assertThat(refusal(issue(TicketGrant.to(ALICE).withUntil(NOON)))).contains(Refusal.OVERDUE);
        assertThat(refusal(issue(TicketGrant.to(ALICE).withUntil(Instant.MIN)))).contains(Refusal.OVERDUE);
        assertThat(refusal(issue(TicketGrant.to(ALICE).withUntil(Instant.MAX)))).isEmpty();
    }

    @Test
    void theFarthestDeadlineIsNoFault() {
        LiveConnection connection = admitted(TicketGrant.to(ALICE).withUntil(Instant.MAX))
                .opened((code, reason) -> {
                    throw new AssertionError("closed");
                });

        pass(Duration.ofDays(365));

        connection.ended();
        assertThat(connections.count()).isZero();
    }

    @Test
    void aFeedThatIsBehindKeepsOutTicketsOfASessionAlone() {
        var behind = new Behind();
        Tickets followed =
                Tickets.builder(TicketStore.inMemory()).revocations(behind).build();
        Gate other = Gate.of(followed);

        Ticket ofASession = join(followed.issue(TicketGrant.to(ALICE).withSession("s"), null));
        Ticket ofNone = join(followed.issue(ALICE));

        assertThat(refusal(other, ofASession)).contains(Refusal.FAILED);
        assertThat(refusal(other, ofNone)).isEmpty();
    }

    @Test
    void aGateTakesNoConnectionsThatDoNotHearOfItsRevocations() {
        Gate.Builder builder =
                Gate.builder(tickets).connections(LiveConnections.builder().build());

        assertThatIllegalArgumentException()
                .isThrownBy(builder::build)
                .withMessageContaining("connections must have the same revocations");
        assertThat(Gate.builder(Tickets.of(TicketStore.inMemory()))
                        .connections(connections)
                        .build()
                        .connections())
                .isSameAs(connections);
    }

    @Test
    void whatIsLostClosesWhatMayHaveBeenRevoked() throws Exception {
        var feed = new Behind();
        Tickets followed =
                Tickets.builder(TicketStore.inMemory()).revocations(feed).build();
        Gate other = Gate.of(followed);
        feed.current = true;
        var closed = new CompletableFuture<Integer>();
        Ticket ofASession = join(followed.issue(TicketGrant.to(ALICE).withSession("s"), null));
        LiveConnection first = admitted(other, ofASession).opened((code, reason) -> closed.complete(code));
        LiveConnection second = admitted(other, join(followed.issue(ALICE))).opened((code, reason) -> {
            throw new AssertionError("closed");
        });

        feed.listener.lost("9-0");

        assertThat(closed.get(30, TimeUnit.SECONDS)).isEqualTo(3000);
        first.ended();
        second.ended();
    }

    @Test
    void theWayOfARevocationToThisProcessIsCountedToo() throws Exception {
        assertThat(closing(NOON.plusSeconds(7))).isEqualTo(Duration.ofSeconds(3));
        assertThat(closing(NOON.plusSeconds(11))).as("by a clock that is ahead").isZero();
        assertThat(closing(NOON.minusSeconds(60)))
                .as("by a clock that is behind")
                .isEqualTo(Duration.ofSeconds(10));
    }

    /** How long a connection took to be gone that was opened at noon, and was told after ten seconds what was revoked then. */
    private @Nullable Duration closing(Instant revoked) throws Exception {
        now.set(NOON);
        var feed = new Behind();
        Tickets followed = Tickets.of(TicketStore.inMemory());
        Gate other = Gate.builder(followed)
                .connections(LiveConnections.builder()
                        .revocations(feed)
                        .clock(now::get)
                        .nanoTime(nanos::get)
                        .listener(events::add)
                        .build())
                .build();
        var closed = new CompletableFuture<Integer>();
        LiveConnection connection =
                admitted(other, join(followed.issue(ALICE))).opened((code, reason) -> closed.complete(code));

        nanos.addAndGet(Duration.ofSeconds(10).toNanos());
        now.set(NOON.plusSeconds(10));
        feed.listener.revoked(Revocation.holder(1), revoked.toEpochMilli() + "-0");
        assertThat(closed.get(30, TimeUnit.SECONDS)).isEqualTo(3000);
        connection.ended();
        return ((TicketEvent.Closed) events.get(events.size() - 1)).closing();
    }

    @Test
    void aMillionOpenedAndClosedLeaveNothing() {
        Ticket ticket = join(tickets.issue(ALICE));
        for (int i = 0; i < 1_000_000; i++) {
            var login = new TicketLogin(i % 3 == 0 ? null : Integer.toHexString(i % 1000), null, null);
            var value = new TicketValue(ALICE, TicketBinding.none(), null, List.of(), login, null, null);
            Instant until = i % 2 == 0 ? null : NOON.plusSeconds(i % 100);
            new Admission.Admitted(ticket, value, List.of(), gate, until)
                    .opened((code, reason) -> {})
                    .ended();
            if (i % 100_000 == 0) {
                pass(Duration.ofSeconds(1));
                events.clear();
            }
        }

        assertThat(connections.count()).isZero();
        assertThat(connections.indexed()).isZero();
    }

    @Test
    void connectionsThatNobodyHasAnyMoreDoNotStayWithTheFeed() throws Exception {
        var feed = new Behind();
        assertThat(LiveConnections.of(feed).count()).isZero();

        for (int i = 0; i < 1_000 && !feed.left; i++) {
            System.gc();
            TimeUnit.MILLISECONDS.sleep(20);
        }

        assertThat(feed.left).isTrue();
        feed.listener.revoked(Revocation.holder(1), "1-0");
    }

    private void pass(Duration time) {
        nanos.addAndGet(time.toNanos());
        connections.endings().pass();
    }

    private void revoke(Revocation revocation) {
        assertThat(revocations.revoke(revocation)).isCompleted();
    }

    private Optional<Instant> until(Gate gate, TicketGrant.Granted grant) {
        return admitted(gate, issue(grant)).until();
    }

    private Admission.Admitted admitted(TicketGrant.Granted grant) {
        return admitted(issue(grant));
    }

    private Admission.Admitted admitted(Ticket ticket) {
        return admitted(gate, ticket);
    }

    private static Admission.Admitted admitted(Gate gate, Ticket ticket) {
        return join(gate.admit(ticket)).fold(admitted -> admitted, refused -> {
            throw new AssertionError(refused);
        });
    }

    private Optional<Refusal> refusal(Ticket ticket) {
        return refusal(gate, ticket);
    }

    private static Optional<Refusal> refusal(Gate gate, Ticket ticket) {
        return join(gate.admit(ticket)).fold(admitted -> Optional.empty(), refused -> Optional.of(refused.reason()));
    }

    private Ticket issue(TicketGrant.Granted grant) {
        return join(tickets.issue(grant, null));
    }

    private static void open(Admission.Admitted admitted) {
        LiveConnection unused = admitted.opened((code, reason) -> {});
    }

    private static <T> T join(CompletionStage<T> stage) {
        return stage.toCompletableFuture().join();
    }

    /** A feed that has lost its connection. */
    private static final class Behind implements Revocations {
        private boolean current;
        private volatile boolean left;
        private RevocationListener listener;

        @Override
        public CompletionStage<Void> revoke(Revocation revocation) {
            return CompletableFuture.failedFuture(new TicketStoreException("cut off"));
        }

        @Override
        public Listening listen(RevocationListener listener) {
            this.listener = listener;
            return () -> left = true;
        }

        @Override
        public @Nullable String revision() {
            return null;
        }

        @Override
        public boolean isCurrent() {
            return current;
        }
    }
}
