// SPDX-License-Identifier: Apache-2.0
package io.github.realtimeticket.testkit;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;

/** The contract finds the mistake in each broken server. */
class GateContractTest {

    @Test
    void aServerThatRemembersTicketsFails() {
        assertThat(Failures.of(BrokenServers.RemembersTickets.class))
                .contains("t4_aTicketOpensNothingASecondTime", "t4_ofFiftyRacersOneIsAdmitted")
                .doesNotContain("aTicketOpensAConnectionForItsHolder");
    }

    @Test
    void aServerThatEchoesTheTicketFails() {
        assertThat(Failures.of(BrokenServers.EchoesTheTicket.class))
                .containsExactly("t10_aTicketTravelsAsSubprotocolInAnyOrderAndIsNotEchoed");
    }

    @Test
    void aServerThatTellsWhyFails() {
        assertThat(Failures.of(BrokenServers.TellsWhy.class))
                .contains("t11_aRequestWithoutATicketIsRefused", "t5_anUnknownTicketIsRefused");
    }

    @Test
    void aServerThatSaysOkFails() {
        assertThat(Failures.of(BrokenServers.SaysOk.class))
                .contains("t5_anExpiredTicketIsRefused", "t9_aTicketForAnotherAudienceIsBurntAndRefused");
    }

    @Test
    void aServerThatTakesFaultsForNothingFails() {
        assertThat(Failures.of(BrokenServers.TakesFaultsForNothing.class))
                .containsExactly("t5_nobodyIsLetInWhileTheStoreIsDownAndTheNextTicketWorks");
    }

    @Test
    void aServerThatOverlooksHeadersFails() {
        assertThat(Failures.of(BrokenServers.OverlooksHeaders.class))
                .containsExactly("t9_aTicketFromAnotherOriginIsBurntAndRefused");
    }

    @Test
    void aServerThatKeepsTheFirstParameterFails() {
        assertThat(Failures.of(BrokenServers.KeepsTheFirstParameter.class))
                .containsExactly("t10_twoTicketsAreRefusedAndStayRedeemable");
    }

    @Test
    void aServerThatAdmitsPreflightsFails() {
        assertThat(Failures.of(BrokenServers.AdmitsPreflights.class)).containsExactly("aPreflightBurnsNothing");
    }

    @Test
    void aServerThatBurnsOnPreflightsFails() {
        assertThat(Failures.of(BrokenServers.BurnsOnPreflights.class)).containsExactly("aPreflightBurnsNothing");
    }

    @Test
    void aServerThatAnswersAnyMethodFails() {
        assertThat(Failures.of(BrokenServers.AnswersAnyMethod.class))
                .containsExactly("t20_aHandshakeThatIsNoneIsRefusedAndUsesUpNoTicket");
    }

    @Test
    void aServerThatTakesBodiesFails() {
        assertThat(Failures.of(BrokenServers.TakesBodies.class))
                .containsExactly("t20_aHandshakeWithABodyIsRefusedAndUsesUpNoTicket");
    }

    @Test
    void aServerThatBurnsOnWhatIsNoHandshakeFails() {
        assertThat(Failures.of(BrokenServers.BurnsOnWhatIsNoHandshake.class))
                .containsExactly(
                        "t20_aHandshakeThatIsNoneIsRefusedAndUsesUpNoTicket",
                        "t20_whatAServerMayRefuseUsesUpATicketOnlyIfItOpens");
    }

    @Test
    void aServerThatReadsOnFails() {
        assertThat(Failures.of(BrokenServers.ReadsOn.class))
                .containsExactly("t16_aRequestBehindAnotherTakesOnlyWhatIsItsOwn");
    }

    @Test
    void aServerThatGoesWithoutAWordFails() {
        assertThat(Failures.of(BrokenServers.GoesWithoutAWord.class))
                .containsExactly("t16_aRequestBehindAnotherTakesOnlyWhatIsItsOwn");
    }

    @Test
    void aServerThatLogsStackTracesFails() {
        assertThat(Failures.of(BrokenServers.LogsStackTraces.class))
                .containsExactly(
                        "aFrameBeforeTheAnswerOpensNothingWithoutATicket",
                        "anOverLongAddressIsRefused",
                        "t20_aHandshakeThatIsNoneIsRefusedAndUsesUpNoTicket",
                        "t20_aHandshakeWithABodyIsRefusedAndUsesUpNoTicket",
                        "t20_whatAServerMayRefuseUsesUpATicketOnlyIfItOpens");
    }
}
