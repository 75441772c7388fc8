// SPDX-License-Identifier: Apache-2.0
package io.github.realtimeticket.interop.django;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;

/** The protocol's test vectors in Python, read by an implementation that was written from protocol.md alone. */
class PythonProtocolTest {

    @Test
    void theVectorsAreReadInPython() throws Exception {
        Process tests = new ProcessBuilder(DjangoSite.python().toString(), "-B", "-m", "unittest", "test_protocol")
                .directory(Path.of("protocol").toFile())
                .redirectErrorStream(true)
                .start();

        String output = new String(tests.getInputStream().readAllBytes(), StandardCharsets.UTF_8);

        assertThat(tests.waitFor()).as(output).isZero();
        assertThat(output).containsPattern("Ran [1-9][0-9]* tests");
    }
}
