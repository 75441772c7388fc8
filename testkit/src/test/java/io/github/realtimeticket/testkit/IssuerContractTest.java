// SPDX-License-Identifier: Apache-2.0
package io.github.realtimeticket.testkit;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** The contract finds the mistake in each broken issuer. */
class IssuerContractTest {

    @Test
    void anIssuerThatRemembersTicketsFails() {
        assertThat(Failures.of(BrokenIssuers.RemembersTickets.class)).contains("t14_twoRequestsGetTwoTickets");
    }

    @Test
    void anIssuerThatKnowsOneUserFails() {
        assertThat(Failures.of(BrokenIssuers.KnowsOneUser.class))
                .contains(
                        "t4_aTicketStandsForItsHolderOnce",
                        "t12_ofManyUsersAtOnceEachGetsATicketThatStandsForThisUser");
    }

    @Test
    void anIssuerThatKeepsTicketsLongerThanItSaysFails() {
        assertThat(Failures.of(UntrueIssuers.KeepsTicketsLonger.class))
                .containsExactly("t3_aTicketLivesAsLongAsItsAnswerSays");
    }

    @Test
    void anIssuerThatBindsToNothingFails() {
        assertThat(Failures.of(UntrueIssuers.BindsToNothing.class))
                .containsExactly(
                        "t12_aPageOfAnAllowedOriginGetsATicketWithCredentials",
                        "t9_aTicketIsBoundToTheOriginOfItsPage");
    }

    @Test
    void anIssuerThatBindsToNullFails() {
        assertThat(Failures.of(UntrueIssuers.BindsToNull.class))
                .containsExactly("t9_aTicketIsNotBoundToAnOriginThatThePageHides");
    }

    @Test
    void anIssuerThatFallsBackToItsMemoryFails() {
        assertThat(Failures.of(UntrueIssuers.FallsBackToMemory.class))
                .containsExactly("t12_aStoreThatIsDownIsA503AndTheNextTicketWorks");
    }

    @Test
    void anIssuerThatLetsAnswersBeStoredFails() {
        assertThat(Failures.of(BrokenIssuers.LetsAnswersBeStored.class))
                .containsExactly("t12_anAnswerWithATicketIsNeitherStoredNorTellsAReferrer");
    }

    @Test
    void anIssuerThatSaysOkFails() {
        assertThat(Failures.of(BrokenIssuers.SaysOk.class))
                .contains(
                        "t12_anyOtherMethodIsRefused",
                        "t12_whoIsNotLoggedInGetsA401AndNoRedirect",
                        "t18_oneUserDoesNotUseUpWhatOthersNeed");
    }

    @Test
    void anIssuerThatSendsToTheLoginPageFails() {
        assertThat(Failures.of(BrokenIssuers.SendsToTheLoginPage.class))
                .contains("t12_whoIsNotLoggedInGetsA401AndNoRedirect");
    }

    @Test
    void anIssuerThatTakesLoggedOutForForgedFails() {
        assertThat(Failures.of(BrokenIssuers.TakesLoggedOutForForged.class))
                .containsExactly("t12_whoWasLoggedOutElsewhereGetsA401ThoughTheProofIsGoneToo");
    }

    @Test
    void anIssuerThatBeginsASessionFails() {
        assertThat(Failures.of(BrokenIssuers.BeginsASession.class)).containsExactly("t12_a401BeginsNoSession");
    }

    @Test
    void anIssuerThatShowsTheStackTraceFails() {
        assertThat(Failures.of(BrokenIssuers.ShowsTheStackTrace.class))
                .containsExactly("t12_aStoreThatIsDownIsA503AndTheNextTicketWorks");
    }

    @Test
    void anIssuerWithoutALimitFails() {
        assertThat(Failures.of(BrokenIssuers.HasNoLimit.class))
                .contains("t18_whoAsksForTooManyIsToldWhenToComeBackAndIsServedThen");
    }

    @Test
    void anIssuerThatLimitsAllTogetherFails() {
        assertThat(Failures.of(BrokenIssuers.LimitsAllTogether.class))
                .contains("t18_oneUserDoesNotUseUpWhatOthersNeed");
    }

    @Test
    void anIssuerThatLimitsEachSessionFails() {
        assertThat(Failures.of(BrokenIssuers.LimitsEachSession.class))
                .containsExactly("t18_anotherSessionOfTheSameUserGetsNoTicketsOfItsOwn");
    }

    @ParameterizedTest
    @ValueSource(
            classes = {
                BrokenIssuers.KeepsPlaces.class,
                BrokenIssuers.KeepsThreads.class,
                BrokenIssuers.KeepsConnections.class,
                BrokenIssuers.LogsWhoeverHasGone.class
            })
    void anIssuerThatKeepsSomethingOfWhoeverHasGoneFails(Class<?> broken) {
        assertThat(Failures.of(broken)).contains("nothingStaysBehindOfWhoeverVanishesWhileTheStoreIsAsked");
    }

    @Test
    void anIssuerThatSendsAwayForEverFails() {
        assertThat(Failures.of(BrokenIssuers.SendsAwayForEver.class))
                .containsExactly("t18_whoAsksForTooManyIsToldWhenToComeBackAndIsServedThen");
    }
}
