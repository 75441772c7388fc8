// SPDX-License-Identifier: Apache-2.0
package io.github.realtimeticket.quarkus;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.platform.engine.discovery.DiscoverySelectors.selectClass;

import org.junit.platform.testkit.engine.EngineExecutionResults;
import org.junit.platform.testkit.engine.EngineTestKit;
import org.junit.platform.testkit.engine.Events;

/** Runs contracts of the testkit: Quarkus makes an instance for each nested class, and they have their state in one. */
final class Contracts {

    private Contracts() {}

    static void assertKept(Class<?> contract) {
        EngineExecutionResults results = EngineTestKit.engine("junit-jupiter")
                .selectors(selectClass(contract))
                .execute();
        Events tests = results.testEvents();

        assertThat(results.allEvents().failed().stream()).isEmpty();
        tests.assertStatistics(statistics -> statistics.aborted(0).skipped(0));
        assertThat(tests.succeeded().count())
                .isPositive()
                .isEqualTo(tests.started().count());
    }
}
