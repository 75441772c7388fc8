// SPDX-License-Identifier: Apache-2.0
package io.github.realtimeticket;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
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
    private long readAt = System.nanoTime();
    private final RecentRevocations recent = new RecentRevocations(
            () -> readAt,
            revocation -> {
                revoked.add(revocation);
                return down
                        ? CompletableFuture.failedStage(new TicketStoreException("down"))
                        : CompletableFuture.completedStage(null);
            },
            later::add);

    @Test
    void whatWasRevokedIsRevokedAgainEachTimeThatItMayBeLost() {
        recent.add(ALICE);
        recent.add(BOB);

        recent.revokeAgain();
        recent.revokeAgain();

        assertThat(revoked).containsExactly(ALICE, BOB, ALICE, BOB);
        assertThat(later).isEmpty();
    }

    @Test
    void whatFailsIsTriedAgainUntilItIsDone() {
        recent.add(ALICE);
        down = true;
        recent.revokeAgain();
        recent.revokeAgain();
        down = false;

        later.remove().run();

        assertThat(revoked).containsExactly(ALICE, ALICE);
        assertThat(later).isEmpty();
    }

    @Test
    void whatEverybodyWhoReadsHasReadIsForgotten() {
        recent.add(ALICE);
        read(Duration.ofSeconds(59));
        recent.revokeAgain();
        read(Duration.ofSeconds(2));

        recent.revokeAgain();

        assertThat(revoked).containsExactly(ALICE);
    }

    @Test
    void whatFailsForAMinuteOfReadingIsGivenUp() {
        recent.add(ALICE);
        down = true;
        recent.revokeAgain();
        read(Duration.ofSeconds(61));

        later.remove().run();

        assertThat(revoked).containsExactly(ALICE);
        assertThat(later).isEmpty();
    }

    @Test
    void noMoreThanSoManyAreKept() {
        for (int i = 0; i <= 10_000; i++) {
            recent.add(Revocation.holder(i));
        }

        recent.revokeAgain();

        assertThat(revoked).hasSize(10_000).doesNotContain(Revocation.holder(0));
    }

    private void read(Duration longer) {
        readAt += longer.toNanos();
    }
}
