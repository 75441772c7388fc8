// SPDX-License-Identifier: Apache-2.0
package io.github.realtimeticket.quarkus;

import static org.assertj.core.api.Assertions.assertThat;

import io.github.realtimeticket.Gate;
import io.github.realtimeticket.Tickets;
import io.quarkus.test.junit.QuarkusTestProfile;
import io.quarkus.test.junit.TestProfile;
import io.quarkus.test.junit.main.LaunchResult;
import io.quarkus.test.junit.main.QuarkusMainLauncher;
import io.quarkus.test.junit.main.QuarkusMainTest;
import jakarta.enterprise.inject.Alternative;
import jakarta.enterprise.inject.AmbiguousResolutionException;
import jakarta.enterprise.inject.Produces;
import jakarta.inject.Singleton;
import java.util.Set;
import org.junit.jupiter.api.Test;

@QuarkusMainTest
@TestProfile(SeveralGatesTest.SeveralGates.class)
class SeveralGatesTest {

    @Test
    void anApplicationWithAnEndpointAndSeveralGatesDoesNotStart(QuarkusMainLauncher application) {
        LaunchResult launched = application.launch();

        assertThat(launched.exitCode()).isNotZero();
        assertThat(launched.getOutput() + launched.getErrorOutput())
                .contains(AmbiguousResolutionException.class.getName(), "Gate");
    }

    public static class SeveralGates implements QuarkusTestProfile {

        @Override
        public Set<Class<?>> getEnabledAlternatives() {
            return Set.of(Two.class);
        }
    }

    @Alternative
    @Singleton
    static class Two {

        @Produces
        @Singleton
        Gate one(Tickets tickets) {
            return Gate.of(tickets);
        }

        @Produces
        @Singleton
        Gate other(Tickets tickets) {
            return Gate.of(tickets);
        }
    }
}
