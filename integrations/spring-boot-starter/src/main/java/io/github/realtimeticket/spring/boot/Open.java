// SPDX-License-Identifier: Apache-2.0
package io.github.realtimeticket.spring.boot;

import java.util.List;
import java.util.Optional;
import java.util.function.Predicate;
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

    /** Whether a chain that something else opens takes a request from one of tickets behind it; nothing if none of tickets would. */
    static <C> Optional<Boolean> isTakenBefore(List<C> chains, Predicate<C> takes, Predicate<C> ofTickets) {
        boolean taken = false;
        try {
            for (C chain : chains) {
                if (takes.test(chain)) {
                    if (ofTickets.test(chain)) {
                        return Optional.of(taken);
                    }
                    taken = true;
                }
            }
            return Optional.empty();
        } catch (RuntimeException e) {
            // A matcher that asks for more than an example has: nothing can be told.
            return Optional.of(false);
        }
    }

    private static String example(String pattern, String rest, String one) {
        return pattern.replaceAll(REST, rest).replaceAll(VARIABLE, one).replaceAll("[*?]", one);
    }
}
