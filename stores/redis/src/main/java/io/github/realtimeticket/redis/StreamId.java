// SPDX-License-Identifier: Apache-2.0
package io.github.realtimeticket.redis;

import io.github.realtimeticket.TicketStoreException;
import java.time.Duration;
import java.util.regex.Pattern;

/** The id of an entry in a stream of Redis: the server's time, and a number within the millisecond. */
record StreamId(long milliseconds, long number) implements Comparable<StreamId> {

    /** Before the first entry of any stream. */
    static final StreamId NONE = new StreamId(0, 0);

    // As a revision. Redis gives no leading zeros.
    private static final Pattern TEXT = Pattern.compile("[0-9]{1,18}-[0-9]{1,18}");

    /** @throws TicketStoreException if an entry was given a greater id than a clock would give it, which is no revision (T16) */
    static StreamId of(String text) {
        if (!TEXT.matcher(text).matches()) {
            throw new TicketStoreException(
                    "The stream of revocations has an id of more than 18 digits, which no clock gives. Delete the stream");
        }
        int hyphen = text.indexOf('-');
        return new StreamId(Long.parseLong(text, 0, hyphen, 10), Long.parseLong(text, hyphen + 1, text.length(), 10));
    }

    StreamId earlier(Duration time) {
        return new StreamId(Math.max(0, milliseconds - time.toMillis()), 0);
    }

    /** One above this. */
    StreamId next() {
        return new StreamId(milliseconds + 1, 0);
    }

    static StreamId max(StreamId one, StreamId other) {
        return one.compareTo(other) < 0 ? other : one;
    }

    @Override
    public int compareTo(StreamId other) {
        return milliseconds == other.milliseconds
                ? Long.compare(number, other.number)
                : Long.compare(milliseconds, other.milliseconds);
    }

    @Override
    public String toString() {
        return milliseconds + "-" + number;
    }
}
