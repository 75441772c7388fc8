// SPDX-License-Identifier: Apache-2.0
package io.github.realtimeticket;

import java.time.Duration;
import java.util.regex.Pattern;

/**
 * A place in the order of revocations: two numbers, as Redis numbers the entries of a stream (T16). Immutable and thread-safe.
 *
 * @param milliseconds the time of whoever orders them
 * @param number which it is, of all or of that time's
 */
public record Revision(long milliseconds, long number) implements Comparable<Revision> {

    /** Before everything that was revoked. */
    public static final Revision NONE = new Revision(0, 0);

    // No leading zeros, so that there is one text for each; 18 digits fit into a long.
    private static final Pattern TEXT = Pattern.compile("(?:0|[1-9][0-9]{0,17})-(?:0|[1-9][0-9]{0,17})");

    /**
     * A place, by its numbers.
     *
     * @throws IllegalArgumentException if one of them is negative
     */
    public Revision {
        if (milliseconds < 0 || number < 0) {
            throw new IllegalArgumentException("A revision has no negative numbers");
        }
    }

    /**
     * The revision that a text names, such as {@code 1767225600000-0}.
     *
     * @throws IllegalArgumentException if it names none
     */
    public static Revision of(String text) {
        if (!TEXT.matcher(text).matches()) {
            throw new IllegalArgumentException(
                    "A revision is two numbers such as 1767225600000-0, not \"" + JsonValues.escape(text) + "\"");
        }
        int hyphen = text.indexOf('-');
        return new Revision(Long.parseLong(text, 0, hyphen, 10), Long.parseLong(text, hyphen + 1, text.length(), 10));
    }

    /** The later one of two. */
    public static Revision max(Revision one, Revision other) {
        return one.compareTo(other) < 0 ? other : one;
    }

    /** The first one that there can have been so long before. */
    public Revision earlier(Duration time) {
        return new Revision(Math.max(0, milliseconds - time.toMillis()), 0);
    }

    /** One above this, of a later time. */
    public Revision next() {
        return new Revision(milliseconds + 1, 0);
    }

    @Override
    public int compareTo(Revision other) {
        return milliseconds == other.milliseconds
                ? Long.compare(number, other.number)
                : Long.compare(milliseconds, other.milliseconds);
    }

    /** As tickets and feeds have it. */
    @Override
    public String toString() {
        return milliseconds + "-" + number;
    }
}
