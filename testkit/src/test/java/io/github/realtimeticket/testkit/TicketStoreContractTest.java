// SPDX-License-Identifier: Apache-2.0
package io.github.realtimeticket.testkit;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.platform.engine.discovery.DiscoverySelectors.selectClass;

import java.util.Set;
import java.util.TreeSet;
import org.junit.jupiter.api.Test;
import org.junit.platform.testkit.engine.EngineTestKit;

/** The contract finds the mistake in each broken store. */
class TicketStoreContractTest {

    @Test
    void aStoreThatChecksThenDeletesFails() {
        assertThat(failuresOf(BrokenStores.ChecksThenDeletes.class))
                .contains("t4_amongManyRedeemersOneReceivesTheHolder");
    }

    @Test
    void aStoreThatForgetsFails() {
        assertThat(failuresOf(BrokenStores.Forgets.class)).containsExactly("t4_amongManyRedeemersOneReceivesTheHolder");
    }

    @Test
    void aStoreThatNeverExpiresFails() {
        assertThat(failuresOf(BrokenStores.NeverExpires.class))
                .contains("t3_aTicketExpires", "t3_puttingInVainDoesNotProlong")
                .doesNotContain("t4_aTicketIsTakenOnce");
    }

    @Test
    void aStoreThatOverwritesFails() {
        assertThat(failuresOf(BrokenStores.Overwrites.class))
                .contains("t3_puttingNeverOverwrites", "t3_puttingInVainDoesNotProlong");
    }

    @Test
    void aStoreThatKeepsToItselfFails() {
        assertThat(failuresOf(BrokenStores.KeepsToItself.class))
                .contains("t4_whatOneInstancePutAnotherTakes")
                .doesNotContain("t4_aTicketIsTakenOnce");
    }

    @Test
    void aStoreThatHandsOutTwiceFails() {
        assertThat(failuresOf(BrokenStores.HandsOutTwice.class))
                .contains("t4_aTicketIsTakenOnce", "t4_amongManyRedeemersOneReceivesTheHolder");
    }

    @Test
    void aStoreThatTurnsIdsIntoStringsFails() {
        assertThat(failuresOf(BrokenStores.TurnsIdsIntoStrings.class)).contains("t8_idsKeepTheirJsonType");
    }

    @Test
    void aStoreThatKnowsLatinOnlyFails() {
        assertThat(failuresOf(BrokenStores.KnowsLatinOnly.class)).containsExactly("t8_anyUnicodeNameSurvives");
    }

    @Test
    void aStoreThatDropsAttributesFails() {
        assertThat(failuresOf(BrokenStores.DropsTheRest.class))
                .contains("t8_attributesSurvive")
                .doesNotContain("t8_idsKeepTheirJsonType");
    }

    static Set<String> failuresOf(Class<?> contract) {
        Set<String> failed = new TreeSet<>();
        EngineTestKit.engine("junit-jupiter").selectors(selectClass(contract)).execute().testEvents().failed().stream()
                .map(event -> event.getTestDescriptor().getSource().orElseThrow())
                .map(org.junit.platform.engine.support.descriptor.MethodSource.class::cast)
                .forEach(source -> failed.add(source.getMethodName()));
        return failed;
    }
}
