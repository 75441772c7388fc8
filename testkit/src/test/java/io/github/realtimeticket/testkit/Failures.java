// SPDX-License-Identifier: Apache-2.0
package io.github.realtimeticket.testkit;

import static org.junit.platform.engine.discovery.DiscoverySelectors.selectClass;

import java.util.Set;
import java.util.TreeSet;
import org.junit.platform.engine.support.descriptor.MethodSource;
import org.junit.platform.testkit.engine.EngineTestKit;

/** Runs a contract and tells which of its tests failed. */
final class Failures {

    private Failures() {}

    static Set<String> of(Class<?> contract) {
        Set<String> failed = new TreeSet<>();
        EngineTestKit.engine("junit-jupiter").selectors(selectClass(contract)).execute().testEvents().failed().stream()
                .map(event ->
                        (MethodSource) event.getTestDescriptor().getSource().orElseThrow())
                .forEach(source -> failed.add(source.getMethodName()));
        return failed;
    }
}
