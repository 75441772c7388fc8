// SPDX-License-Identifier: Apache-2.0
package io.github.realtimeticket;

import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/**
 * What a ticket says of the login that it was issued in, which the connection does not outlive (T16, T17).
 *
 * @param session the login session, as {@link #session(String)} names it, never the session's id; {@code null} if the ticket is bound
 *     to none
 * @param until when the connection is to be closed by the wall clock, in whole milliseconds; {@code null} if the issuer did not say
 * @param revision the last of the {@link Revocations} that the issuer knew of when it was asked; {@code null} if it follows none
 */
public record TicketLogin(
        @Nullable String session,
        @Nullable Instant until,
        @Nullable String revision) {

    private static final TicketLogin NONE = new TicketLogin(null, null, null);
    private static final Pattern SESSION = Pattern.compile("[0-9a-f]{1,64}");
    private static final int DIGITS = 32;
    private static final Instant EARLIEST = Instant.ofEpochMilli(Long.MIN_VALUE);
    private static final Instant LATEST = Instant.ofEpochMilli(Long.MAX_VALUE);

    /**
     * Cuts the time to milliseconds, in 64 bits, which is what the wire carries.
     *
     * @throws IllegalArgumentException if the session is not 1 to 64 of the digits 0-9 and a-f, or the revision is not two numbers of up
     *     to 18 digits with a hyphen between them
     */
    public TicketLogin {
        session = session == null ? null : requireSession(session);
        until = until == null ? null : onTheWire(until);
        if (revision != null) {
            Revision unused = Revision.of(revision);
        }
    }

    // Instant.MAX is what some frameworks say for ever with.
    private static Instant onTheWire(Instant until) {
        return until.isAfter(LATEST)
                ? LATEST
                : until.isBefore(EARLIEST) ? EARLIEST : until.truncatedTo(ChronoUnit.MILLIS);
    }

    /** Nothing is known of the login. */
    public static TicketLogin none() {
        return NONE;
    }

    /** The one instance of {@link #none()} if that is all: a store in memory may keep a million of them. */
    static TicketLogin of(@Nullable String session, @Nullable Instant until, @Nullable String revision) {
        return session == null && until == null && revision == null ? NONE : new TicketLogin(session, until, revision);
    }

    /** The name of a login session, wherever it is stored or sent: the first 32 hexadecimal digits of the SHA-256 of its id (T16). */
    public static String session(String id) {
        return Ticket.sha256(id.getBytes(StandardCharsets.UTF_8)).substring(0, DIGITS);
    }

    /** The name of a session of an identity provider: that of its issuer, a line feed and its id there, which no other issuer can have. */
    static String session(String issuer, String id) {
        return session(issuer + '\n' + id);
    }

    /** Whether the ticket was issued by one who knew already of what has this revision. */
    boolean knows(Revision other) {
        return revision != null && Revision.of(revision).compareTo(other) >= 0;
    }

    static String requireSession(Object session) {
        if (!(session instanceof String text) || !SESSION.matcher(text).matches()) {
            // Not shown: it may be the session's id.
            throw new IllegalArgumentException(
                    "A session is named by 1 to 64 digits of 0-9 and a-f, the hash of its id");
        }
        return text;
    }
}
