// SPDX-License-Identifier: Apache-2.0
package io.github.realtimeticket.spring.boot;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.springframework.boot.test.util.TestPropertyValues;
import org.springframework.core.env.StandardEnvironment;
import org.springframework.util.ClassUtils;

/** The setting that counts is that of the server which is there. */
class WaitingPlacesTest {

    private static final boolean JETTY = ClassUtils.isPresent("org.eclipse.jetty.server.Server", null);

    @ParameterizedTest
    @CsvSource({
        "server.port=0, 64, 64",
        "server.tomcat.threads.max=50, 16, 64",
        "server.tomcat.threads.max=2, 1, 64",
        "server.tomcat.threads.max=900, 64, 64",
        "server.jetty.threads.max=50, 64, 16",
        "server.jetty.threads.max=2, 64, 1",
        "server.jetty.threads.max=900, 64, 64",
        "server.undertow.threads.worker=4, 64, 64"
    })
    void aThirdOfTheThreadsMayWaitForTheStore(String setting, int inTomcat, int inJetty) {
        var environment = new StandardEnvironment();
        TestPropertyValues.of(setting).applyTo(environment);

        assertThat(WaitingPlaces.of(environment)).isEqualTo(JETTY ? inJetty : inTomcat);
    }
}
