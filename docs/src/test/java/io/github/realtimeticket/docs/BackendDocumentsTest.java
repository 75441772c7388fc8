// SPDX-License-Identifier: Apache-2.0
package io.github.realtimeticket.docs;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;

/** What the pages on backends show is what their tests run, letter by letter, and all of it. */
class BackendDocumentsTest {

    private static final Path BACKENDS = Path.of("..", "interop", "backends");
    private static final Pattern BLOCK =
            Pattern.compile("^```(?:python|js)\\n(.*?)^```", Pattern.DOTALL | Pattern.MULTILINE);

    @Test
    void thePagesShowEachBackendWholeAndNothingElse() throws IOException {
        List<String> shown =
                Stream.concat(blocks("python.md"), blocks("node.md")).toList();
        List<String> run =
                Stream.concat(sources("python", ".py"), sources("node", ".mjs")).toList();

        assertThat(shown).hasSizeGreaterThan(9).containsExactlyInAnyOrderElementsOf(run);
    }

    @Test
    void theOverviewNamesEachBackend() throws IOException {
        String overview = Files.readString(Path.of("backends", "README.md"));

        try (Stream<Path> files = Files.walk(BACKENDS)) {
            assertThat(files.map(file -> file.getFileName().toString()).filter(name -> name.contains("backend.")))
                    .isNotEmpty()
                    .allSatisfy(name -> assertThat(overview).contains("`" + name + "`"));
        }
    }

    private static Stream<String> blocks(String page) throws IOException {
        return BLOCK.matcher(Files.readString(Path.of("backends", page)))
                .results()
                .map(block -> block.group(1));
    }

    private static Stream<String> sources(String language, String ending) throws IOException {
        Stream.Builder<String> sources = Stream.builder();
        try (Stream<Path> files = Files.list(BACKENDS.resolve(language))) {
            for (Path file : files.toList()) {
                String name = file.getFileName().toString();
                if (name.endsWith(ending) && !name.contains("test")) {
                    sources.add(Files.readString(file));
                }
            }
        }
        return sources.build();
    }
}
