// SPDX-License-Identifier: Apache-2.0
package io.github.realtimeticket.docs;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.junit.jupiter.api.DynamicTest;
import org.junit.jupiter.api.TestFactory;

/** What the documents show stands in code that is compiled, word for word, and what they point to exists. */
class DocumentsTest {

    private static final Path ROOT = Path.of("..").toAbsolutePath().normalize();
    private static final Map<String, List<String>> LANGUAGES =
            Map.of("java", List.of(".java"), "kotlin", List.of(".kt"), "js", List.of(".mjs", ".js", ".ts", ".html"));

    /** First lines of examples that stand nowhere else. */
    private static final Map<String, String> ALONE = Map.of(
            "import { TicketSource, TicketWebSocket } from \"realtime-ticket\";",
            "RoomsExampleTest runs it as it stands in rooms.md",
            "const tickets = new TicketSource({ url: \"https://app.example.net/ticket/\" });",
            "two addresses, which are made up");

    private static final Pattern ARTIFACT = Pattern.compile("<artifactId>(realtime-ticket-[a-z-]+)</artifactId>");
    private static final Pattern TEST = Pattern.compile("`([A-Z]\\w*(?:Test|Contract|Scenarios))\\b");
    private static final Pattern LINK = Pattern.compile("\\]\\((?!https?:)([^)#]*(?:#[^)]*)?)\\)");
    private static final Pattern HEADING = Pattern.compile("^#+ (.*)$", Pattern.MULTILINE);

    @TestFactory
    Stream<DynamicTest> everyExampleIsCompiled() {
        return LANGUAGES.entrySet().stream().flatMap(language -> examplesIn(language.getKey(), language.getValue()));
    }

    private static Stream<DynamicTest> examplesIn(String language, List<String> endings) {
        Pattern block = Pattern.compile("^```" + language + "\\n(.*?)^```", Pattern.DOTALL | Pattern.MULTILINE);
        List<String> sources = endings.stream()
                .flatMap(ending -> filesUnder(ROOT, ending))
                .map(DocumentsTest::lines)
                .toList();
        return documents().flatMap(document -> matches(block, document)
                .filter(example ->
                        !ALONE.containsKey(example.lines().findFirst().orElse("")))
                .map(example -> DynamicTest.dynamicTest(
                        name(document) + ": " + example.lines().findFirst().orElse(""),
                        () -> assertThat(sources.stream().anyMatch(source -> shows(source, example)))
                                .as("a source file that has in it: %s", example)
                                .isTrue())));
    }

    @TestFactory
    Stream<DynamicTest> everyArtifactIsInTheBillOfMaterials() {
        String bom = read(ROOT.resolve("bom/pom.xml"));
        return documents().flatMap(document -> matches(ARTIFACT, document)
                .distinct()
                .map(artifact -> DynamicTest.dynamicTest(name(document) + ": " + artifact, () -> assertThat(bom)
                        .contains("<artifactId>" + artifact + "</artifactId>"))));
    }

    @TestFactory
    Stream<DynamicTest> everyTestThatIsNamedExists() {
        Set<String> files = LANGUAGES.values().stream()
                .flatMap(List::stream)
                .flatMap(ending -> filesUnder(ROOT, ending))
                .map(file -> file.getFileName().toString().replaceAll("\\..*", ""))
                .collect(Collectors.toSet());
        return documents().flatMap(document -> matches(TEST, document)
                .distinct()
                .map(test -> DynamicTest.dynamicTest(
                        name(document) + ": " + test, () -> assertThat(files).contains(test))));
    }

    @TestFactory
    Stream<DynamicTest> everyLinkLeadsSomewhere() {
        return documents().flatMap(document -> matches(LINK, document)
                .distinct()
                .map(link -> DynamicTest.dynamicTest(
                        name(document) + ": " + link, () -> assertLeadsSomewhere(document, link))));
    }

    private static void assertLeadsSomewhere(Path document, String link) {
        String[] parts = link.split("#", 2);
        Path target = parts[0].isEmpty() ? document : document.resolveSibling(parts[0]);

        assertThat(target).exists();
        if (parts.length == 2) {
            assertThat(matches(HEADING, target).map(DocumentsTest::anchor)).contains(parts[1]);
        }
    }

    // As GitHub makes them.
    private static String anchor(String heading) {
        return heading.toLowerCase(Locale.ROOT)
                .replaceAll("[^\\p{L}\\p{N} _-]", "")
                .replace(' ', '-');
    }

    // Paragraph by paragraph: what a document leaves out between two is set-up.
    private static boolean shows(String source, String example) {
        return Stream.of(example.split("\\n\\s*\\n")).allMatch(paragraph -> source.contains(squeeze(paragraph)));
    }

    private static Stream<Path> documents() {
        List<Path> documents = new ArrayList<>(filesUnder(ROOT, ".md").toList());
        assertThat(documents).contains(ROOT.resolve("README.md"), ROOT.resolve("docs/protocol.md"));
        return documents.stream();
    }

    private static Stream<Path> filesUnder(Path root, String ending) {
        try (Stream<Path> files = Files.walk(root)) {
            return files
                    .filter(file -> file.toString().endsWith(ending))
                    .filter(file ->
                            !root.relativize(file).toString().matches("(.*/)?(target|node_modules|\\.[^/]+)/.*"))
                    .toList()
                    .stream();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private static Stream<String> matches(Pattern pattern, Path document) {
        Matcher matcher = pattern.matcher(read(document));
        return matcher.results().map(result -> result.group(1));
    }

    private static String lines(Path file) {
        return squeeze(read(file));
    }

    // Line breaks and indentation may differ, words may not.
    private static String squeeze(String code) {
        return code.lines().map(String::strip).collect(Collectors.joining()).replaceAll("\\s+", "");
    }

    private static String name(Path document) {
        return ROOT.relativize(document).toString();
    }

    private static String read(Path file) {
        try {
            return Files.readString(file);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }
}
