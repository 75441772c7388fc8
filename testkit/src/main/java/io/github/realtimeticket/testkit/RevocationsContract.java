// SPDX-License-Identifier: Apache-2.0
package io.github.realtimeticket.testkit;

import static io.github.realtimeticket.testkit.Eventually.await;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatCode;
import static org.assertj.core.api.Assertions.within;

import io.github.realtimeticket.Gate;
import io.github.realtimeticket.LiveConnection;
import io.github.realtimeticket.Refusal;
import io.github.realtimeticket.Revocation;
import io.github.realtimeticket.RevocationListener;
import io.github.realtimeticket.Revocations;
import io.github.realtimeticket.Ticket;
import io.github.realtimeticket.TicketGrant;
import io.github.realtimeticket.TicketHolder;
import io.github.realtimeticket.TicketStore;
import io.github.realtimeticket.Tickets;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.TimeUnit;
import java.util.stream.IntStream;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/**
 * What all {@link Revocations} must pass, as two processes on one backend that revoke, issue, redeem and listen. A feed that comes from
 * elsewhere, and can be cut off, extends {@link RemoteRevocationsContract}.
 */
@Timeout(value = 120, unit = TimeUnit.SECONDS)
public abstract class RevocationsContract {

    static final TicketHolder ALICE = TicketHolder.of(1, "alice");
    static final TicketHolder BOB = TicketHolder.of(2, "bob");
    static final int MANY = 1_000;

    private final List<Side> processes = new ArrayList<>();

    /** The process that revokes and issues. */
    Side one;

    /** The process that redeems and listens. */
    Side another;

    /** A process of an application: a store, and the feed beside it. */
    public interface Side extends AutoCloseable {

        /** The store. */
        TicketStore store();

        /** The feed beside it. */
        Revocations revocations();

        /** Ends both. */
        @Override
        void close();
    }

    /**
     * Begins another process on the one backend, which is empty at the beginning of a test. A store and a feed for one JVM are the same ones
     * each time.
     */
    protected abstract Side process() throws Exception;

    /** How long what is to be told may take on this machine at the most; 30 s unless told otherwise. */
    protected Duration patience() {
        return Eventually.PATIENCE;
    }

    @BeforeEach
    final void begin() throws Exception {
        one = begun();
        another = begun();
    }

    @AfterEach
    final void end() {
        processes.forEach(Side::close);
        processes.clear();
    }

    @Test
    void t16_whatIsRevokedIsToldInOrder() throws Exception {
        var listener = listening(another);
        List<Revocation> revoked = sessions("in order", 100);

        revoke(revoked);

        listener.eventuallyHears(revoked);
        // Feeds may tell each other of themselves meanwhile.
        assertThat(listener.revocations())
                .as("once, in order")
                .filteredOn(revoked::contains)
                .isEqualTo(revoked);
        assertThat(listener.revisions()).isSortedAccordingTo(Heard::compare).doesNotHaveDuplicates();
    }

    /** By the feed's clock, which is as right as this machine's to within the {@linkplain #patience() patience}. */
    @Test
    void t16_aRevisionBeginsWithWhenThatWas() throws Exception {
        var listener = listening(another);
        Revocation first = Revocation.session("first");
        Revocation second = Revocation.session("a second later");
        long now = System.currentTimeMillis();

        revoke(first);
        Thread.sleep(1_000);
        revoke(second);

        listener.eventuallyHears(List.of(first, second));
        assertThat(listener.revisionOf(first).milliseconds())
                .isCloseTo(now, within(patience().toMillis()));
        assertThat(listener.revisionOf(second).milliseconds()
                        - listener.revisionOf(first).milliseconds())
                .as("the time between")
                .isGreaterThan(500);
    }

    @Test
    void t16_nothingIsLostOfAThousandThatTwoProcessesRevokeAtATime() throws Exception {
        var here = listening(one);
        var there = listening(another);
        List<Revocation> revoked = sessions("at a time", MANY);

        revokeTogether(revoked, one, another);

        here.eventuallyHears(revoked);
        there.eventuallyHears(revoked);
        assertThat(there.revocations()).as("one order for all").isEqualTo(here.revocations());
        assertThat(there.revisions()).isEqualTo(here.revisions());
    }

    @Test
    void t16_aRevocationIsToldAsItWas() throws Exception {
        var listener = listening(another);
        List<Revocation> revoked = List.of(
                Revocation.holder(1),
                Revocation.holder("1"),
                Revocation.holder(Long.MAX_VALUE).forbidden(),
                Revocation.holder("Zoë \ud83d\ude00 \"\\\r\n\u0000"),
                Revocation.session("a session").forbidden(),
                Revocation.ticket(TicketTexts.ticket().sha256()));

        revoke(revoked);

        listener.eventuallyHears(revoked);
        assertThat(listener.revocations()).isEqualTo(revoked);
    }

    @Test
    void t16_whoeverListensLaterIsToldWhatWasBefore() throws Exception {
        List<Revocation> revoked = sessions("before", 20);
        revoke(revoked);

        var listener = listening(another);
        var inAProcessThatHasJustBegun = listening(begun());

        listener.eventuallyHears(revoked);
        inAProcessThatHasJustBegun.eventuallyHears(revoked);
    }

    @Test
    void t16_aProcessThatHasJustBegunAdmitsNobodyWhoWasRevokedBefore() throws Exception {
        Ticket ticket = issue(one, ALICE, "before it began");
        revoke(Revocation.session("before it began"));

        Gate gate = gate(begun());

        assertThat(refusal(gate, ticket)).isIn(Optional.of(Refusal.REVOKED), Optional.of(Refusal.FAILED));
    }

    /** The promise of take: no ticket is admitted whose redemption began when the revocation was complete. */
    @Test
    void t16_noOutstandingTicketIsAdmittedOnceTheRevokingIsComplete() throws Exception {
        Gate gate = gate(another);

        List<Integer> admitted = Racers.race(4, racer -> {
            int count = 0;
            for (int i = 0; i < 50; i++) {
                String session = "racer " + racer + " " + i;
                Ticket ticket = issue(one, ALICE, session);
                revoke(Revocation.session(session));
                count += refusal(gate, ticket).isEmpty() ? 1 : 0;
            }
            return count;
        });

        assertThat(admitted).containsOnly(0);
    }

    @Test
    void t16_whateverOpensWhileItIsRevokedDoesNotStayOpen() throws Exception {
        Gate gate = gate(another);

        for (int i = 0; i < 100; i++) {
            String session = "opening " + i;
            Ticket ticket = issue(one, ALICE, session);

            CompletionStage<Void> revoking = one.revocations().revoke(Revocation.session(session));
            Optional<CompletableFuture<Integer>> closed = openedOrNot(gate, ticket);
            done(revoking);

            if (closed.isPresent()) {
                assertCloses(closed.get(), 3000);
            }
        }
    }

    @Test
    void t16_anOpenConnectionIsClosedAndOthersAreNot() throws Exception {
        Gate gate = gate(another);
        var alice = opened(gate, issue(one, ALICE, "of alice"));
        var again = opened(gate, issue(one, ALICE, "of alice"));
        var elsewhere = opened(gate, issue(one, ALICE, "of alice elsewhere"));
        var bob = opened(gate, issue(one, BOB, "of bob"));

        revoke(Revocation.session("of alice"));
        revoke(Revocation.holder(2).forbidden());

        assertCloses(alice, 3000);
        assertCloses(again, 3000);
        assertCloses(bob, 3003);
        assertThat(elsewhere).isNotDone();
    }

    @Test
    void t16_aHolderWhoWasRevokedMayComeBackWithANewTicket() throws Exception {
        Gate gate = gate(another);
        Ticket before = issue(one, ALICE, null);

        revoke(Revocation.holder(1));
        Ticket after = issue(one, ALICE, null);

        assertThat(refusal(gate, before)).contains(Refusal.REVOKED);
        assertThat(refusal(gate, after)).isEmpty();
    }

    @Test
    void t16_aRevokedSessionDoesNotComeBack() throws Exception {
        Gate gate = gate(another);

        revoke(Revocation.session("over"));

        assertThat(refusal(gate, issue(one, ALICE, "over"))).contains(Refusal.REVOKED);
        assertThat(refusal(gate, issue(one, ALICE, "another one"))).isEmpty();
        assertThat(refusal(gate, issue(one, ALICE, null))).isEmpty();
    }

    @Test
    void t16_anIssuerIsNotAheadOfWhatIsRevoked() throws Exception {
        var listener = listening(another);
        revoke(Revocation.session("first"));
        Optional<String> known = Optional.ofNullable(one.revocations().revision());

        revoke(Revocation.session("second"));

        listener.eventuallyHears(List.of(Revocation.session("first"), Revocation.session("second")));
        assertThat(known).hasValueSatisfying(revision -> {
            assertThat(revision)
                    .usingComparator(Heard::compare)
                    .isGreaterThanOrEqualTo(listener.revisions().get(0));
            assertThat(revision)
                    .usingComparator(Heard::compare)
                    .isLessThan(listener.revisions().get(1));
        });
    }

    @Test
    void t16_aListenerThatFailsDisturbsNobody() throws Exception {
        var failing = another.revocations().listen(new RevocationListener() {
            @Override
            public void revoked(Revocation revocation, String revision) {
                throw new IllegalStateException("A listener that fails");
            }

            @Override
            public void lost(String revision) {
                throw new IllegalStateException("A listener that fails");
            }
        });
        var listener = listening(another);
        List<Revocation> revoked = sessions("failing", 3);

        revoke(revoked);

        listener.eventuallyHears(revoked);
        failing.close();
    }

    @Test
    void t16_whoeverHasLeftIsToldNothing() throws Exception {
        var leaving = new Heard(patience());
        var staying = listening(another);
        Revocations.Listening place = another.revocations().listen(leaving);
        place.close();

        revoke(Revocation.session("left"));

        staying.eventuallyHears(List.of(Revocation.session("left")));
        assertThat(leaving.revocations()).isEmpty();
        assertThatCode(place::close).doesNotThrowAnyException();
    }

    @Test
    void t16_aListenerMayRevoke() throws Exception {
        var second = new CompletableFuture<Void>();
        var revoking = another.revocations().listen(new RevocationListener() {
            @Override
            public void revoked(Revocation revocation, String revision) {
                if (revocation.equals(Revocation.session("the first"))) {
                    another.revocations()
                            .revoke(Revocation.session("the second"))
                            .whenComplete((nothing, fault) -> second.complete(null));
                }
            }

            @Override
            public void lost(String revision) {}
        });
        var listener = listening(another);

        revoke(Revocation.session("the first"));
        done(second);

        listener.eventuallyHears(List.of(Revocation.session("the first"), Revocation.session("the second")));
        assertThat(listener.revocations())
                .containsExactly(Revocation.session("the first"), Revocation.session("the second"));
        revoking.close();
    }

    Side begun() throws Exception {
        Side begun = process();
        processes.add(begun);
        return begun;
    }

    final Heard listening(Side process) {
        return Heard.of(process.revocations(), patience());
    }

    static List<Revocation> sessions(String name, int count) {
        return IntStream.range(0, count)
                .mapToObj(i -> Revocation.session(name + " " + i))
                .toList();
    }

    static Gate gate(Side process) {
        return Gate.of(tickets(process));
    }

    static Ticket issue(Side process, TicketHolder holder, @Nullable String session) {
        TicketGrant.Granted grant = TicketGrant.to(holder);
        return await(tickets(process).issue(session == null ? grant : grant.withSession(session), null));
    }

    static Optional<Refusal> refusal(Gate gate, Ticket ticket) {
        return await(gate.admit(ticket)).fold(admitted -> Optional.empty(), refused -> Optional.of(refused.reason()));
    }

    /** A connection that this ticket opens: what it will be closed with. */
    static CompletableFuture<Integer> opened(Gate gate, Ticket ticket) {
        return openedOrNot(gate, ticket).orElseThrow(() -> new AssertionError("refused"));
    }

    private static Optional<CompletableFuture<Integer>> openedOrNot(Gate gate, Ticket ticket) {
        var closed = new CompletableFuture<Integer>();
        return await(gate.admit(ticket))
                .fold(
                        admitted -> {
                            LiveConnection unused = admitted.opened((code, reason) -> closed.complete(code));
                            return Optional.of(closed);
                        },
                        refused -> Optional.empty());
    }

    final void assertCloses(CompletableFuture<Integer> closed, int code) throws Exception {
        assertThat(closed.get(patience().toMillis(), TimeUnit.MILLISECONDS)).isEqualTo(code);
    }

    final void revoke(Revocation revocation) throws Exception {
        done(one.revocations().revoke(revocation));
    }

    private void revoke(List<Revocation> revocations) throws Exception {
        for (Revocation revocation : revocations) {
            revoke(revocation);
        }
    }

    /** All at a time, by each of these processes in turn. */
    final void revokeTogether(List<Revocation> revocations, Side... revokers) throws Exception {
        List<CompletionStage<Void>> stages = new ArrayList<>();
        for (Revocation revocation : revocations) {
            Side revoker = revokers[stages.size() % revokers.length];
            stages.add(revoker.revocations().revoke(revocation));
        }
        for (CompletionStage<Void> stage : stages) {
            done(stage);
        }
    }

    final void done(CompletionStage<Void> stage) throws Exception {
        Void unused = stage.toCompletableFuture().get(patience().toMillis(), TimeUnit.MILLISECONDS);
    }

    private static Tickets tickets(Side process) {
        return Tickets.builder(process.store())
                .revocations(process.revocations())
                .build();
    }
}
