// SPDX-License-Identifier: Apache-2.0
package io.github.realtimeticket.spring.boot;

/** What the checks of both web stacks share that look for paths which could be opened without a ticket. */
final class Open {

    static final String WITHOUT_TICKET =
            " could be opened without a ticket: another security filter chain stands before that of the tickets, or"
                    + " web.ignoring() takes the path out of security";

    private Open() {}

    /** A path that the pattern matches. */
    static String example(String pattern) {
        return pattern.replaceAll("\\{\\*[^}]*}|\\{[^}]*}", "x")
                .replace("**", "x")
                .replaceAll("[*?]", "x");
    }
}
