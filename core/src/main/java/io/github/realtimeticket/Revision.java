// SPDX-License-Identifier: Apache-2.0
package io.github.realtimeticket;

import java.util.regex.Pattern;

/** A place in the order of revocations: two numbers, as Redis numbers the entries of a stream (T16). */
record Revision(long major, long minor) implements Comparable<Revision> {

    // No leading zeros, so that there is one text for each; 18 digits fit into a long.
    private static final Pattern TEXT = Pattern.compile("(?:0|[1-9][0-9]{0,17})-(?:0|[1-9][0-9]{0,17})");

    static Revision of(String text) {
        if (!TEXT.matcher(text).matches()) {
            throw new IllegalArgumentException(
                    "A revision is two numbers such as 1767225600000-0, not \"" + JsonValues.escape(text) + "\"");
        }
        int hyphen = text.indexOf('-');
        return new Revision(Long.parseLong(text, 0, hyphen, 10), Long.parseLong(text, hyphen + 1, text.length(), 10));
    }

    @Override
    public int compareTo(Revision other) {
        return major == other.major ? Long.compare(minor, other.minor) : Long.compare(major, other.major);
    }

    @Override
    public String toString() {
        return major + "-" + minor;
    }
}
