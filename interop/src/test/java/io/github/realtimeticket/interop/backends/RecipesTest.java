// SPDX-License-Identifier: Apache-2.0
package io.github.realtimeticket.interop.backends;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The protocol's test vectors, read by what the backends of a language have in common. */
class RecipesTest {

    @Test
    void theVectorsAreReadInPython(@TempDir Path directory) throws Exception {
        assertThat(outputOf(Program.python("-m", "unittest", "test_realtime_ticket"), directory))
                .containsPattern("Ran [1-9][0-9]* tests");
    }

    @Test
    void theVectorsAreReadInNode(@TempDir Path directory) throws Exception {
        assertThat(outputOf(Program.node("--test", "--test-reporter=tap", "realtime-ticket.test.mjs"), directory))
                .containsPattern("# pass [1-9]");
    }

    private static String outputOf(Program program, Path directory) throws Exception {
        Path output = directory.resolve("output.txt");
        ProcessBuilder builder = program.process(output);
        builder.environment()
                .put(
                        "VECTORS",
                        Path.of("..", "docs", "protocol-vectors.json")
                                .toAbsolutePath()
                                .toString());
        int exit = builder.start().waitFor();
        assertThat(exit).as(Files.readString(output)).isZero();
        return Files.readString(output);
    }
}
