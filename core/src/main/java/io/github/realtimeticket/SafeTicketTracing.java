// SPDX-License-Identifier: Apache-2.0
package io.github.realtimeticket;

import org.jspecify.annotations.Nullable;

/** Asks what traces, which cannot disturb the operation. Thread-safe. */
record SafeTicketTracing(TicketTracing tracing) implements TicketTracing {

    /** A redemption that nobody traces. */
    static final Redemption UNTRACED = (trace, refusal) -> {};

    private static final System.Logger LOG = System.getLogger(Tickets.class.getName());

    @Override
    public @Nullable String current() {
        try {
            return tracing.current();
        } catch (Throwable e) {
            failed(e);
            return null;
        }
    }

    @Override
    public Redemption redemption() {
        try {
            Redemption traced = tracing.redemption();
            return (trace, refusal) -> {
                try {
                    traced.ended(trace, refusal);
                } catch (Throwable e) {
                    failed(e);
                }
            };
        } catch (Throwable e) {
            failed(e);
            return UNTRACED;
        }
    }

    // An error and, from other languages, a checked exception too: a ticket may be used up by now.
    private static void failed(Throwable fault) {
        LOG.log(System.Logger.Level.WARNING, "The tracing of tickets failed", fault);
    }
}
