// SPDX-License-Identifier: Apache-2.0
package io.github.realtimeticket;

import java.util.List;
import java.util.function.Function;

/**
 * What a {@link Gate} decided on a connection request: {@link Admitted} or {@link Refused}. Immutable and thread-safe.
 *
 * <p><b>Security:</b> only a gate makes an {@code Admitted}, so holding one is proof that a ticket was redeemed for it.
 */
public sealed interface Admission {

    /** Goes on with whichever it is. */
    <T> T fold(Function<? super Admitted, ? extends T> admitted, Function<? super Refused, ? extends T> refused);

    /** A ticket was redeemed: the connection is its holder's. */
    final class Admitted implements Admission {

        private final Ticket ticket;
        private final TicketValue value;
        private final List<String> subprotocols;

        Admitted(Ticket ticket, TicketValue value, List<String> subprotocols) {
            this.ticket = ticket;
            this.value = value;
            this.subprotocols = List.copyOf(subprotocols);
        }

        /** The user the ticket stood for. */
        public TicketHolder holder() {
            return value.holder();
        }

        /** The {@linkplain Ticket#fingerprint() fingerprint} of the ticket that was redeemed. */
        public String fingerprint() {
            return ticket.fingerprint();
        }

        /**
         * What the issuer says that the user may do, in the order in which it was said; empty if it says nothing.
         *
         * <p><b>Security:</b> whoever can write into the store can say so too: grant it only where every issuer of the store is trusted
         * with that.
         */
        public List<String> authorities() {
            return value.authorities();
        }

        /**
         * The WebSocket subprotocols that the client offers, in its order, without the one that carries the ticket: a server
         * may echo one of these and no other (RFC 6455 section 4.2.2, T10).
         */
        public List<String> subprotocols() {
            return subprotocols;
        }

        @Override
        public <T> T fold(
                Function<? super Admitted, ? extends T> admitted, Function<? super Refused, ? extends T> refused) {
            return admitted.apply(this);
        }

        @Override
        public String toString() {
            return "Admitted[" + value.holder() + "]";
        }
    }

    /**
     * Nobody is let in.
     *
     * @param reason why, for the operator; the client gets {@link Refusal#status()} and {@link Refusal#body()}
     */
    record Refused(Refusal reason) implements Admission {
        @Override
        public <T> T fold(
                Function<? super Admitted, ? extends T> admitted, Function<? super Refused, ? extends T> refused) {
            return refused.apply(this);
        }
    }
}
