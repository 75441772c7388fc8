// SPDX-License-Identifier: Apache-2.0
package io.github.realtimeticket.jdbc;

import java.time.Duration;

/** A place in the order of revocations (T16): the database's time, which never goes back, and a number that has no holes. */
record Position(long milliseconds, long number) implements Comparable<Position> {

    /** Before everything that was revoked. */
    static final Position NONE = new Position(0, 0);

    long earlier(Duration time) {
        return Math.max(0, milliseconds - time.toMillis());
    }

    @Override
    public int compareTo(Position other) {
        return milliseconds == other.milliseconds
                ? Long.compare(number, other.number)
                : Long.compare(milliseconds, other.milliseconds);
    }

    static Position max(Position one, Position other) {
        return one.compareTo(other) < 0 ? other : one;
    }

    /** As a revision. */
    @Override
    public String toString() {
        return milliseconds + "-" + number;
    }
}
