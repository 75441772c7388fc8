// SPDX-License-Identifier: Apache-2.0
package io.github.realtimeticket.jdbc;

import static org.assertj.core.api.Assertions.assertThat;

import io.github.realtimeticket.Revision;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** When takes go on, and what a gate that decides then is told. */
class ProgressTest {

    private final Progress progress = new Progress();

    @BeforeEach
    void begin() {
        progress.begin(Revision.NONE, Revision.NONE);
        read(0);
    }

    @Test
    void t16_aTakeThatWaitsLeavesOthersAlone() {
        Progress.Take first = take(1);
        Progress.Take second = take(2);

        read(1);

        assertThat(first).isDone();
        assertThat(second).isNotDone();
        assertThat(progress.isCurrent()).isTrue();
    }

    @Test
    void t16_afterATakeThatGoesOnUntoldItIsNotCurrentUntilThatIsTold() {
        Progress.Take first = take(1);
        Progress.Take second = take(2);

        progress.goOn(second);

        assertThat(progress.isCurrent()).isFalse();
        read(1);
        assertThat(progress.isCurrent()).isFalse();
        assertThat(first).as("which would be refused").isNotDone();
        read(2);
        assertThat(progress.isCurrent()).isTrue();
        assertThat(first).isDone();
    }

    @Test
    void t16_aTakeThatIsToldJustWhenItsTimeIsOverOwesNothing() {
        Progress.Take take = take(1);

        read(1);
        progress.goOn(take);

        assertThat(progress.isCurrent()).isTrue();
    }

    @Test
    void t16_whatCouldNotBeReadIsOwedToAllThatWaitedAndToThoseThatComeAfter() {
        Progress.Take waited = take(1);

        progress.failed();
        Progress.Take after = take(2);

        assertThat(waited).isDone();
        assertThat(after).isDone();
        read(1);
        assertThat(progress.isCurrent()).isFalse();
        read(2);
        assertThat(progress.isCurrent()).isTrue();
    }

    @Test
    void t16_whatWasRevokedHereIsToldBeforeATakeThatDoesNotSeeIt() {
        progress.revoked(at(2));

        Progress.Take take = take(1);
        read(1);

        assertThat(take).isNotDone();
        read(2);
        assertThat(take).isDone();
    }

    @Test
    void t16_whereTheLogGoesBackOnlyAReadingThatBeginsLaterTells() {
        read(3);
        Progress.Before before = progress.before();

        Progress.Take take = progress.whenTold(at(3), at(2));
        progress.read(at(3), before);

        assertThat(take).isNotDone();
        assertThat(progress.isCurrent()).isFalse();
        read(3);
        assertThat(take).isDone();
        assertThat(progress.isCurrent()).isTrue();
    }

    private Progress.Take take(long end) {
        return progress.whenTold(progress.position(), at(end));
    }

    private void read(long last) {
        progress.read(at(last), progress.before());
    }

    private static Revision at(long number) {
        return new Revision(number, number);
    }
}
