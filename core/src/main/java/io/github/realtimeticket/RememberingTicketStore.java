// SPDX-License-Identifier: Apache-2.0
package io.github.realtimeticket;

import java.util.concurrent.CompletionStage;
import org.jspecify.annotations.Nullable;

/**
 * A store that leaves a trace of a ticket when it is taken, for the rest of the ticket's life, and so can tell one that is shown again from one
 * that nobody knows (T19).
 *
 * <p>An implementation keeps the contract of {@link TicketStore}, and {@code RememberingStoreContract} of the testkit checks the rest. The trace is bounded
 * in size and life, and has no secret.
 */
@FunctionalInterface
public interface RememberingTicketStore {

    /**
     * Returns a ticket's value and puts this presentation in its place: one atomic step, so that among any number of callers in any
     * number of processes at most one receives the value, and every later one the presentation before its own. The trace is gone when the
     * ticket's time is over, and is never made for a ticket that is not there.
     *
     * <p>Fails as {@link TicketStore#take} does. For that one, a trace is nothing.
     */
    CompletionStage<Taken> take(Ticket ticket, Presentation presentation);

    /**
     * What there was.
     *
     * @param value whose the ticket is, for the first who shows it; else {@code null}
     * @param before the presentation before this one; {@code null} if there was none, or the ticket is unknown or expired
     */
    record Taken(@Nullable TicketValue value, @Nullable Presentation before) {

        /** Unknown or expired. */
        public static final Taken NOTHING = new Taken(null, null);
    }
}
