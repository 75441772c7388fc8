// SPDX-License-Identifier: Apache-2.0
package io.github.realtimeticket;

import org.jspecify.annotations.Nullable;

/**
 * Makes one trace of the request that a ticket is issued to and the redemption of the ticket, by whatever traces this application.
 * A trace is named as a {@code traceparent} of W3C Trace Context names it: version 00, 55 characters.
 *
 * <p>Must be thread-safe, and must return at once. What it throws is logged and changes nothing.
 *
 * <p><b>Security:</b> whoever can write into the store can name any trace, and so can a client that asks for a ticket with a {@code traceparent}, where the
 * application takes one from outside; but nothing that is not of this form.
 */
public interface TicketTracing {

    /**
     * The trace of what goes on on this thread, which is issuing a ticket; {@code null} if there is none. What has another form does not
     * get into the ticket.
     */
    @Nullable
    String current();

    /** A ticket that has the right form is about to be redeemed by what goes on on this thread. */
    Redemption redemption();

    /** A ticket is being redeemed. */
    @FunctionalInterface
    interface Redemption {

        /**
         * It is over, on any thread, often an I/O thread.
         *
         * @param trace the trace that the ticket was issued in; {@code null} if it does not say, or was not found
         * @param refusal why nobody is let in; {@code null} if the holder is
         */
        void ended(@Nullable String trace, @Nullable Refusal refusal);
    }
}
