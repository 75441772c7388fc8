// SPDX-License-Identifier: Apache-2.0
package io.github.realtimeticket.testkit;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;

/** The contract finds the mistake in each broken feed. */
class RevocationsContractTest {

    @Test
    void aSoundFeedPasses() {
        assertThat(Failures.of(BrokenFeeds.Sound.class)).isEmpty();
    }

    @Test
    void aFeedThatForgetsWhatWasBeforeFails() {
        assertThat(Failures.of(BrokenFeeds.ForgetsWhatWasBefore.class))
                .containsExactlyInAnyOrder(
                        "t16_whoeverListensLaterIsToldWhatWasBefore",
                        "t16_aProcessThatHasJustBegunAdmitsNobodyWhoWasRevokedBefore");
    }

    @Test
    void aFeedThatForgetsWhileItIsAwayFails() {
        assertThat(Failures.of(BrokenFeeds.ForgetsWhileAway.class))
                .containsExactlyInAnyOrder(
                        "t16_nothingIsLostOfAThousandThatWereRevokedWhileAProcessWasCutOff",
                        "t16_nothingIsLostOfAThousandThatWereRevokedBitByBitWhileAProcessWasCutOffForLong",
                        "t16_anOpenConnectionIsClosedWhenItsProcessIsBack");
    }

    @Test
    void aFeedThatSaysDoneWhileItIsAwayFails() {
        assertThat(Failures.of(BrokenFeeds.SaysDoneWhileAway.class))
                .containsExactly("t16_revokingWhileCutOffFailsInTimeOrIsKept");
    }

    @Test
    void aFeedThatTellsLateFails() {
        assertThat(Failures.of(BrokenFeeds.TellsLate.class))
                .contains("t16_noOutstandingTicketIsAdmittedOnceTheRevokingIsComplete")
                .doesNotContain("t16_anOpenConnectionIsClosedAndOthersAreNot");
    }

    @Test
    void aFeedThatSkipsToBeCurrentFails() {
        assertThat(Failures.of(BrokenFeeds.SkipsToBeCurrent.class))
                .contains("t16_whateverOpensWhileItIsRevokedDoesNotStayOpen");
    }

    @Test
    void aFeedThatTellsItsOwnFirstFails() {
        assertThat(Failures.of(BrokenFeeds.TellsItsOwnFirst.class))
                .contains("t16_nothingIsLostOfAThousandThatTwoProcessesRevokeAtATime");
    }

    @Test
    void aFeedThatTellsWhileItTellsFails() {
        assertThat(Failures.of(BrokenFeeds.TellsWhileItTells.class)).containsExactly("t16_aListenerMayRevoke");
    }

    @Test
    void aFeedThatForgivesSessionsFails() {
        assertThat(Failures.of(BrokenFeeds.ForgivesSessions.class))
                .containsExactly("t16_aRevokedSessionDoesNotComeBack");
    }

    @Test
    void aFeedThatNeverSaysThatItIsBehindFails() {
        assertThat(Failures.of(BrokenFeeds.NeverSaysThatItIsBehind.class))
                .containsExactlyInAnyOrder(
                        "t16_nothingIsLostOfAThousandThatWereRevokedBitByBitWhileAProcessWasCutOffForLong",
                        "t16_whoeverIsCutOffAdmitsNoTicketOfASession",
                        "t16_whoeverIsCutOffSaysSoAndIsCurrentAgainLater");
    }

    @Test
    void aFeedThatSwapsNeighboursFails() {
        assertThat(Failures.of(BrokenFeeds.SwapsNeighbours.class)).contains("t16_whatIsRevokedIsToldInOrder");
    }

    @Test
    void aFeedThatTellsTwiceFails() {
        assertThat(Failures.of(BrokenFeeds.TellsTwice.class)).contains("t16_whatIsRevokedIsToldInOrder");
    }

    @Test
    void aFeedThatKeepsToItselfFails() {
        assertThat(Failures.of(BrokenFeeds.KeepsToItself.class))
                .contains("t16_whatIsRevokedIsToldInOrder", "t16_anOpenConnectionIsClosedAndOthersAreNot");
    }

    @Test
    void aFeedThatTurnsIdsIntoStringsFails() {
        assertThat(Failures.of(BrokenFeeds.TurnsIdsIntoStrings.class)).contains("t16_aRevocationIsToldAsItWas");
    }

    @Test
    void aFeedThatDropsTheCodeFails() {
        assertThat(Failures.of(BrokenFeeds.DropsTheCode.class))
                .containsExactlyInAnyOrder(
                        "t16_aRevocationIsToldAsItWas", "t16_anOpenConnectionIsClosedAndOthersAreNot");
    }

    @Test
    void aFeedThatStopsAtAFaultFails() {
        assertThat(Failures.of(BrokenFeeds.StopsAtAFault.class))
                .containsExactly("t16_aListenerThatFailsDisturbsNobody");
    }

    @Test
    void aFeedThatNeverLetsGoFails() {
        assertThat(Failures.of(BrokenFeeds.NeverLetsGo.class)).containsExactly("t16_whoeverHasLeftIsToldNothing");
    }

    @Test
    void aFeedThatIsAheadFails() {
        assertThat(Failures.of(BrokenFeeds.IsAhead.class)).contains("t16_anIssuerIsNotAheadOfWhatIsRevoked");
    }

    @Test
    void aFeedThatKnowsNothingFails() {
        assertThat(Failures.of(BrokenFeeds.KnowsNothing.class))
                .contains("t16_aHolderWhoWasRevokedMayComeBackWithANewTicket");
    }

    @Test
    void aFeedThatTellsWhenItBeganFails() {
        assertThat(Failures.of(BrokenFeeds.TellsItsBeginning.class))
                .containsExactly("t16_aRevisionBeginsWithWhenThatWas");
    }

    @Test
    void aFeedThatNumbersBackwardsFails() {
        assertThat(Failures.of(BrokenFeeds.NumbersBackwards.class)).contains("t16_whatIsRevokedIsToldInOrder");
    }
}
