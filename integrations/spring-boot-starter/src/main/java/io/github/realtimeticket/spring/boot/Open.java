// SPDX-License-Identifier: Apache-2.0
package io.github.realtimeticket.spring.boot;

import java.util.stream.Stream;

/** What the checks of both web stacks share that look for paths which could be opened without a ticket. */
final class Open {

    static final String WITHOUT_TICKET =
            " could be opened without a ticket: another security filter chain stands before that of the tickets, or"
                    + " web.ignoring() takes the path out of security";

    private static final String REST = "\\{\\*[^}]*}|\\*\\*";

    // A regular expression may have braces of its own.
    private static final String VARIABLE = "\\{(?:[^{}]|\\{[^{}]*})*}";

    private Open() {}

    /** The pattern, and the same with a slash at its end: what stands behind security may take that away from a path. */
    static Stream<String> spellings(String pattern) {
        return pattern.matches(".*(/|" + REST + ")") ? Stream.of(pattern) : Stream.of(pattern, pattern + "/");
    }

    /** A path that the pattern matches, unless that says by a regular expression what it matches. */
    static String example(String pattern) {
        return example(pattern, "x", "x");
    }

    /** The same with a letter and with a digit, and at several depths, where the pattern has them. */
    static Stream<String> examples(String pattern) {
        return Stream.of("x", "1")
                .flatMap(one -> Stream.of(one, one + "/" + one, one + "/" + one + "/" + one)
                        .map(rest -> example(pattern, rest, one)))
                .distinct();
    }

    private static String example(String pattern, String rest, String one) {
        return pattern.replaceAll(REST, rest).replaceAll(VARIABLE, one).replaceAll("[*?]", one);
    }
}
