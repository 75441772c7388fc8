// SPDX-License-Identifier: Apache-2.0
package io.github.realtimeticket.testkit;

import static org.assertj.core.api.Assertions.assertThat;

import io.github.realtimeticket.Gate;
import io.github.realtimeticket.Revocation;
import io.github.realtimeticket.Ticket;
import io.github.realtimeticket.TicketStoreException;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.function.BooleanSupplier;
import org.junit.jupiter.api.Test;

/** What {@link io.github.realtimeticket.Revocations} must pass that come over a network, which can be cut. */
public abstract class RemoteRevocationsContract extends RevocationsContract {

    /**
     * Takes the feed out of the reach of a process that was {@linkplain #process begun}: nothing comes or goes, and nothing may tell it so.
     * The store beside it may be out of reach, too. Returns when it is so.
     */
    protected abstract void cut(Side process) throws Exception;

    /** Puts it back. */
    protected abstract void restore(Side process) throws Exception;

    @Test
    void t16_nothingIsLostOfAThousandThatWereRevokedWhileAProcessWasCutOff() throws Exception {
        var listener = listening(another);
        List<Revocation> revoked = sessions("cut off", MANY);
        revoke(Revocation.session("before the cut"));
        listener.eventuallyHears(List.of(Revocation.session("before the cut")));

        cut(another);
        revokeTogether(revoked, one);
        restore(another);

        listener.eventuallyHears(revoked);
        assertThat(listener.lost()).isEmpty();
    }

    /** For a third of the {@linkplain #patience() patience}: enough to notice it, and to try in vain to come back. */
    @Test
    void t16_nothingIsLostOfAThousandThatWereRevokedBitByBitWhileAProcessWasCutOffForLong() throws Exception {
        int bits = 10;
        var listener = listening(another);
        eventually(() -> another.revocations().isCurrent());
        List<Revocation> revoked = sessions("cut off for long", MANY);

        cut(another);
        for (int bit = 0; bit < bits; bit++) {
            revokeTogether(revoked.subList(bit * MANY / bits, (bit + 1) * MANY / bits), one);
            TimeUnit.MILLISECONDS.sleep(patience().toMillis() / 3 / bits);
        }
        eventually(() -> !another.revocations().isCurrent());
        assertThat(listener.revocations()).doesNotContainAnyElementsOf(revoked);
        restore(another);

        listener.eventuallyHears(revoked);
        assertThat(listener.lost()).isEmpty();
    }

    @Test
    void t16_whoeverIsCutOffAdmitsNoTicketOfASession() throws Exception {
        Gate gate = gate(another);
        Ticket ticket = issue(one, ALICE, "cut off");

        cut(another);
        revoke(Revocation.session("cut off"));

        assertThat(refusal(gate, ticket)).isPresent();
        restore(another);
    }

    @Test
    void t16_whoeverIsCutOffSaysSoAndIsCurrentAgainLater() throws Exception {
        eventually(() -> another.revocations().isCurrent());
        Gate gate = gate(another);

        cut(another);
        eventually(() -> !another.revocations().isCurrent());
        restore(another);
        eventually(() -> another.revocations().isCurrent());

        eventually(() -> refusal(gate, issue(one, ALICE, "back")).isEmpty());
    }

    @Test
    void t16_anOpenConnectionIsClosedWhenItsProcessIsBack() throws Exception {
        Gate gate = gate(another);
        var closed = opened(gate, issue(one, ALICE, "revoked meanwhile"));
        var other = opened(gate, issue(one, ALICE, "not revoked"));

        cut(another);
        revoke(Revocation.session("revoked meanwhile"));
        restore(another);

        assertCloses(closed, 3000);
        assertThat(other).isNotDone();
    }

    @Test
    void t16_revokingWhileCutOffFailsInTimeOrIsKept() throws Exception {
        cut(another);
        CompletableFuture<Void> stage =
                another.revocations().revoke(Revocation.session("in vain")).toCompletableFuture();

        List<Revocation> kept = new ArrayList<>();
        try {
            done(stage);
            kept.add(Revocation.session("in vain"));
        } catch (ExecutionException failed) {
            assertThat(failed).hasCauseInstanceOf(TicketStoreException.class);
        }
        restore(another);
        var listener = listening(one);
        eventually(() -> isRevoked(Revocation.session("afterwards")));
        kept.add(Revocation.session("afterwards"));
        listener.eventuallyHears(kept);
    }

    private boolean isRevoked(Revocation revocation) {
        try {
            done(another.revocations().revoke(revocation));
            return true;
        } catch (Exception e) {
            return false;
        }
    }

    private void eventually(BooleanSupplier condition) throws InterruptedException {
        Eventually.is("patience", patience(), condition);
    }
}
