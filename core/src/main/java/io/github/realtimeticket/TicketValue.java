// SPDX-License-Identifier: Apache-2.0
package io.github.realtimeticket;

import java.time.Instant;
import java.time.temporal.ChronoUnit;
import org.jspecify.annotations.Nullable;

/**
 * What a store keeps for a ticket between issue and redemption (T8). {@link TicketValueCodec} gives it as JSON.
 *
 * @param holder the user the ticket stands for
 * @param binding what the ticket is bound to
 * @param issuedAt when the ticket was issued by the issuer's wall clock, in whole milliseconds; {@code null} if the issuer did
 *     not say
 */
public record TicketValue(
        TicketHolder holder,
        TicketBinding binding,
        @Nullable Instant issuedAt) {

    /** Cuts the time to milliseconds, which is what the wire carries. */
    public TicketValue {
        issuedAt = issuedAt == null ? null : issuedAt.truncatedTo(ChronoUnit.MILLIS);
    }
}
