// SPDX-License-Identifier: Apache-2.0
package io.github.realtimeticket;

import org.jspecify.annotations.Nullable;

/**
 * What a ticket is bound to: a named backend, the origin of a page, both or neither (T9).
 *
 * @param audience the name of the backend or channel that may redeem the ticket; {@code null} if any may
 * @param origin the origin of the page the ticket was issued to, as browsers send it in {@code Origin} (RFC 6454 section
 *     6.2); {@code null} if not known
 */
public record TicketBinding(
        @Nullable String audience, @Nullable String origin) {

    private static final TicketBinding NONE = new TicketBinding(null, null);
    private static final int LONGEST = 512;

    /**
     * Bound to what is not {@code null}.
     *
     * @throws IllegalArgumentException if the audience or the origin is empty, over 512 characters or not Unicode text
     */
    public TicketBinding {
        check("audience", audience);
        check("origin", origin);
    }

    /** Bound to nothing: any gate may redeem the ticket, from any page. */
    public static TicketBinding none() {
        return NONE;
    }

    /** The same binding with this audience. */
    public TicketBinding withAudience(@Nullable String audience) {
        return new TicketBinding(audience, origin);
    }

    /** The same binding with this origin. */
    public TicketBinding withOrigin(@Nullable String origin) {
        return new TicketBinding(audience, origin);
    }

    /** Both with control characters escaped, fit for a log (T13). */
    @Override
    public String toString() {
        return "TicketBinding[audience=" + escaped(audience) + ", origin=" + escaped(origin) + "]";
    }

    private static @Nullable String escaped(@Nullable String text) {
        return text == null ? null : JsonValues.escape(text);
    }

    private static void check(String what, @Nullable String text) {
        if (text == null) {
            return;
        }
        if (text.isEmpty() || text.length() > LONGEST) {
            throw new IllegalArgumentException("The " + what + " must have 1 to " + LONGEST + " characters");
        }
        JsonValues.requireUnicode(what, text);
    }
}
