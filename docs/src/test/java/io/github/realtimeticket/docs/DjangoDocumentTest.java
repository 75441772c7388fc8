// SPDX-License-Identifier: Apache-2.0
package io.github.realtimeticket.docs;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.regex.MatchResult;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;

/** What the page on Django shows is what its tests run, letter by letter. */
class DjangoDocumentTest {

    private static final Path DJANGO = Path.of("..", "interop", "django");
    private static final List<Path> RUN = List.of(
            DJANGO.resolve("realtime_ticket.py"),
            DJANGO.resolve("web/hashed.py"),
            DJANGO.resolve("web/templates/page.html"),
            Path.of("..", "interop", "page", "realtime.js"));
    private static final Pattern EXAMPLE =
            Pattern.compile("^```(?:python|js)\\n(.*?)^```", Pattern.DOTALL | Pattern.MULTILINE);

    @Test
    void everyExampleIsRun() throws IOException {
        List<String> examples = EXAMPLE.matcher(Files.readString(Path.of("django.md")))
                .results()
                .map(MatchResult::group)
                .toList();

        assertThat(examples).isNotEmpty().allSatisfy(example -> assertThat(sources())
                .anyMatch(source -> source.contains(code(example))));
    }

    @Test
    void theRecipeIsShownWhole() throws IOException {
        assertThat(Files.readString(Path.of("django.md"))).contains(Files.readString(RUN.get(0)));
    }

    private static String code(String example) {
        return example.substring(example.indexOf('\n') + 1, example.length() - "```".length());
    }

    private static Stream<String> sources() throws IOException {
        Stream.Builder<String> sources = Stream.builder();
        for (Path file : RUN) {
            sources.add(Files.readString(file));
        }
        return sources.build();
    }
}
