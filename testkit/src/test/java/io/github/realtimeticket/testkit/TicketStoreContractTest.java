// SPDX-License-Identifier: Apache-2.0
package io.github.realtimeticket.testkit;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;

/** The contract finds the mistake in each broken store. */
class TicketStoreContractTest {

    @Test
    void aStoreThatChecksThenDeletesFails() {
        assertThat(Failures.of(BrokenStores.ChecksThenDeletes.class))
                .contains("t4_amongManyRedeemersOneReceivesTheHolder");
    }

    @Test
    void aStoreThatMarksWithoutConditionFails() {
        assertThat(Failures.of(BrokenStores.MarksWithoutCondition.class))
                .contains("t4_amongManyRedeemersOneReceivesTheHolder")
                .doesNotContain("t4_aTicketIsTakenOnce");
    }

    @Test
    void aStoreThatMixesUpFails() {
        assertThat(Failures.of(BrokenStores.MixesUp.class))
                .contains("t4_amongManyRedeemersOneReceivesTheHolder")
                .doesNotContain("t4_aTicketIsTakenOnce");
    }

    @Test
    void aStoreThatForgetsFails() {
        assertThat(Failures.of(BrokenStores.Forgets.class))
                .containsExactly("t4_amongManyRedeemersOneReceivesTheHolder");
    }

    @Test
    void aStoreThatNeverExpiresFails() {
        assertThat(Failures.of(BrokenStores.NeverExpires.class))
                .contains("t3_aTicketExpires", "t3_puttingInVainDoesNotProlong")
                .doesNotContain("t4_aTicketIsTakenOnce");
    }

    @Test
    void aStoreThatOverwritesFails() {
        assertThat(Failures.of(BrokenStores.Overwrites.class))
                .contains("t3_puttingNeverOverwrites", "t3_puttingInVainDoesNotProlong");
    }

    @Test
    void aStoreThatKeepsToItselfFails() {
        assertThat(Failures.of(BrokenStores.KeepsToItself.class))
                .contains("t4_whatOneInstancePutAnotherTakes")
                .doesNotContain("t4_aTicketIsTakenOnce");
    }

    @Test
    void aStoreThatHandsOutTwiceFails() {
        assertThat(Failures.of(BrokenStores.HandsOutTwice.class))
                .contains("t4_aTicketIsTakenOnce", "t4_amongManyRedeemersOneReceivesTheHolder");
    }

    @Test
    void aStoreThatTurnsIdsIntoStringsFails() {
        assertThat(Failures.of(BrokenStores.TurnsIdsIntoStrings.class)).contains("t8_idsKeepTheirJsonType");
    }

    @Test
    void aStoreThatKnowsLatinOnlyFails() {
        assertThat(Failures.of(BrokenStores.KnowsLatinOnly.class)).containsExactly("t8_anyUnicodeNameSurvives");
    }

    @Test
    void aStoreThatDropsAttributesFails() {
        assertThat(Failures.of(BrokenStores.DropsTheRest.class))
                .contains("t8_attributesSurvive")
                .doesNotContain("t8_idsKeepTheirJsonType");
    }

    @Test
    void aStoreThatLeavesItsCallersFails() {
        assertThat(Failures.of(BrokenStores.LeavesItsCallers.class))
                .containsExactly("t5_nobodyWaitsForEverForAStoreThatIsClosed");
    }
}
