// SPDX-License-Identifier: Apache-2.0
package io.github.realtimeticket;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.List;
import java.util.Queue;
import java.util.concurrent.CompletableFuture;
import org.junit.jupiter.api.Test;

class RecentRevocationsTest {

    private static final Revocation ALICE = Revocation.holder(1);
    private static final Revocation BOB = Revocation.holder(2);

    private final List<Revocation> revoked = new ArrayList<>();
    private final Queue<Runnable> later = new ArrayDeque<>();
    private boolean down;
    private final RecentRevocations recent = new RecentRevocations(
            revocation -> {
                revoked.add(revocation);
                return down
                        ? CompletableFuture.failedStage(new TicketStoreException("down"))
                        : CompletableFuture.completedStage(null);
            },
            later::add);

    @Test
    void whatWasRevokedIsRevokedAgainOnce() {
        recent.add(ALICE);
        recent.add(BOB);

        recent.revokeAgain();
        recent.revokeAgain();

        assertThat(revoked).containsExactly(ALICE, BOB);
        assertThat(later).isEmpty();
    }

    @Test
    void whatFailsIsTriedAgainUntilItIsDone() {
        recent.add(ALICE);
        down = true;
        recent.revokeAgain();
        down = false;

        later.remove().run();

        assertThat(revoked).containsExactly(ALICE, ALICE);
        assertThat(later).isEmpty();
    }
}
