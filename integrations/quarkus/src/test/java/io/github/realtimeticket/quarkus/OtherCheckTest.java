// SPDX-License-Identifier: Apache-2.0
package io.github.realtimeticket.quarkus;

import static org.assertj.core.api.Assertions.assertThat;

import io.quarkus.test.junit.QuarkusTestProfile;
import io.quarkus.test.junit.TestProfile;
import io.quarkus.test.junit.main.LaunchResult;
import io.quarkus.test.junit.main.QuarkusMainLauncher;
import io.quarkus.test.junit.main.QuarkusMainTest;
import io.quarkus.websockets.next.HttpUpgradeCheck;
import io.smallrye.mutiny.Uni;
import jakarta.enterprise.inject.Alternative;
import jakarta.enterprise.inject.spi.DeploymentException;
import jakarta.inject.Singleton;
import java.util.Set;
import org.junit.jupiter.api.Test;

@QuarkusMainTest
@TestProfile(OtherCheckTest.OtherCheck.class)
class OtherCheckTest {

    @Test
    void anApplicationWithACheckThatStandsForThatOfTicketsDoesNotStart(QuarkusMainLauncher application) {
        LaunchResult launched = application.launch();

        assertThat(launched.exitCode()).isNotZero();
        assertThat(launched.getOutput() + launched.getErrorOutput())
                .contains(DeploymentException.class.getName(), "stands for TicketUpgradeCheck");
    }

    public static class OtherCheck implements QuarkusTestProfile {

        @Override
        public Set<Class<?>> getEnabledAlternatives() {
            return Set.of(Everybody.class);
        }
    }

    @Alternative
    @Singleton
    static class Everybody implements HttpUpgradeCheck {

        @Override
        public Uni<CheckResult> perform(HttpUpgradeContext upgrade) {
            return CheckResult.permitUpgrade();
        }
    }
}
