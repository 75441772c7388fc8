// SPDX-License-Identifier: Apache-2.0
package io.github.realtimeticket.quarkus;

import static org.assertj.core.api.Assertions.assertThat;

import io.quarkus.test.junit.QuarkusTestProfile;
import io.quarkus.test.junit.TestProfile;
import io.quarkus.test.junit.main.LaunchResult;
import io.quarkus.test.junit.main.QuarkusMainLauncher;
import io.quarkus.test.junit.main.QuarkusMainTest;
import jakarta.enterprise.inject.UnsatisfiedResolutionException;
import java.util.Map;
import org.junit.jupiter.api.Test;

@QuarkusMainTest
@TestProfile(NoGateTest.NoGate.class)
class NoGateTest {

    @Test
    void anApplicationWithAnEndpointAndNoGateDoesNotStart(QuarkusMainLauncher application) {
        LaunchResult launched = application.launch();

        assertThat(launched.exitCode()).isNotZero();
        assertThat(launched.getOutput() + launched.getErrorOutput())
                .contains(UnsatisfiedResolutionException.class.getName(), "Gate");
    }

    public static class NoGate implements QuarkusTestProfile {

        @Override
        public Map<String, String> getConfigOverrides() {
            return Map.of("quarkus.arc.exclude-types", Site.Gates.class.getName());
        }
    }
}
