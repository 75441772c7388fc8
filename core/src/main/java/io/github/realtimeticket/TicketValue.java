// SPDX-License-Identifier: Apache-2.0
package io.github.realtimeticket;

import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.List;
import java.util.Objects;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/**
 * What a store keeps for a ticket between issue and redemption (T8). {@link TicketValueCodec} gives it as JSON.
 *
 * @param holder the user the ticket stands for
 * @param binding what the ticket is bound to
 * @param issuedAt when the ticket was issued by the issuer's wall clock, in whole milliseconds; {@code null} if the issuer did
 *     not say
 * @param authorities what the issuer says that the user may do; most issuers say nothing
 * @param login what the ticket says of the login that it was issued in (T16, T17)
 * @param history in which history of its data the store has kept this (T15), for the store alone: it writes it, and checks it when
 *     the ticket is taken; {@code null} everywhere else
 * @param trace the trace that the ticket was issued in, as a {@code traceparent} of W3C Trace Context has it; {@code null} if there is
 *     none, and if what is given is no such thing (T8): a trace costs nobody a ticket
 */
public record TicketValue(
        TicketHolder holder,
        TicketBinding binding,
        @Nullable Instant issuedAt,
        List<String> authorities,
        TicketLogin login,
        @Nullable String history,
        @Nullable String trace) {

    private static final Pattern TRACE = Pattern.compile("00-(?!0{32})[0-9a-f]{32}-(?!0{16})[0-9a-f]{16}-[0-9a-f]{2}");

    /**
     * Copies, and cuts the time to milliseconds, which is what the wire carries.
     *
     * @throws IllegalArgumentException if an authority is empty, or no Unicode text
     */
    public TicketValue {
        issuedAt = issuedAt == null ? null : issuedAt.truncatedTo(ChronoUnit.MILLIS);
        authorities = List.copyOf(authorities);
        for (String authority : authorities) {
            if (authority.isEmpty()) {
                throw new IllegalArgumentException("An authority must not be empty");
            }
            JsonValues.requireUnicode("authority", authority);
        }
        trace = trace == null || !TRACE.matcher(trace).matches() ? null : trace;
    }

    /** A value that says nothing else. */
    public TicketValue(TicketHolder holder, TicketBinding binding, @Nullable Instant issuedAt) {
        this(holder, binding, issuedAt, List.of(), TicketLogin.none(), null, null);
    }

    /** Everything with control characters escaped, fit for a log (T13); the holder's attributes are not shown. */
    @Override
    public String toString() {
        return "TicketValue[" + holder + ", " + binding + ", issuedAt=" + issuedAt + ", authorities="
                + JsonValues.escape(authorities.toString()) + ", " + login + ", history="
                + JsonValues.escape(String.valueOf(history))
                + ", trace=" + trace + "]";
    }

    /** The same value, kept in this history. */
    public TicketValue withHistory(@Nullable String history) {
        return Objects.equals(history, this.history)
                ? this
                : new TicketValue(holder, binding, issuedAt, authorities, login, history, trace);
    }
}
