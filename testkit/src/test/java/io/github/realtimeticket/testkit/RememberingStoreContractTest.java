// SPDX-License-Identifier: Apache-2.0
package io.github.realtimeticket.testkit;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;

/** The contract finds the mistake in each broken store. */
class RememberingStoreContractTest {

    @Test
    void theStoreInMemoryPasses() {
        assertThat(Failures.of(BrokenTraces.Sound.class)).isEmpty();
    }

    @Test
    void aStoreThatNotesAfterwardsFails() {
        assertThat(Failures.of(BrokenTraces.NotesAfterwards.class))
                .contains("t19_aTraceLivesAsLongAsItsTicketAndNoLonger", "t3_aTraceIsNotOverwrittenByATicket")
                .doesNotContain("t19_theFirstHasTheValueAndTheNextTheTrace");
    }

    @Test
    void aStoreThatNotesWhatIsUnknownFails() {
        assertThat(Failures.of(BrokenTraces.NotesWhatIsUnknown.class))
                .contains("t19_anUnknownTicketIsNothingAndLeavesNoTrace");
    }

    @Test
    void aStoreThatForgetsFails() {
        assertThat(Failures.of(BrokenTraces.Forgets.class))
                .contains(
                        "t19_theFirstHasTheValueAndTheNextTheTrace",
                        "t4_amongManyOneReceivesTheValueAndAllOthersATrace");
    }
}
