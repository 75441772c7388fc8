// SPDX-License-Identifier: Apache-2.0
package io.github.realtimeticket;

import java.time.Instant;
import java.util.List;
import java.util.Optional;
import java.util.function.BiConsumer;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/**
 * What a {@link Gate} decided on a connection request: {@link Admitted} or {@link Refused}. Immutable and thread-safe.
 *
 * <p><b>Security:</b> only a gate makes an {@code Admitted}, so holding one is proof that a ticket was redeemed for it.
 */
public sealed interface Admission {

    /** Goes on with whichever it is. */
    default <T> T fold(
            Function<? super Admitted, ? extends T> admitted, Function<? super Refused, ? extends T> refused) {
        return this instanceof Admitted one ? admitted.apply(one) : refused.apply((Refused) this);
    }

    /** A ticket was redeemed: the connection is its holder's. */
    final class Admitted implements Admission {

        private final Ticket ticket;
        private final TicketValue value;
        private final List<String> subprotocols;
        private final Gate gate;
        private final @Nullable Instant until;
        private final long redeemed;
        private @Nullable LiveConnection connection;
        private boolean opened;
        private boolean ended;
        private boolean forbidden;

        Admitted(Ticket ticket, TicketValue value, List<String> subprotocols, Gate gate, @Nullable Instant until) {
            this.ticket = ticket;
            this.value = value;
            this.subprotocols = List.copyOf(subprotocols);
            this.gate = gate;
            this.until = until;
            redeemed = gate.connections().endings().nanoTime();
        }

        /** A ticket that has renewed a connection. */
        Admitted(Ticket ticket, TicketValue value, LiveConnection renewed, Gate gate, @Nullable Instant until) {
            this(ticket, value, List.of(), gate, until);
            connection = renewed;
            opened = true;
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
         * Whether the holder's attribute of this name is this value, or a list that has it: what the issuer grants this one connection, such
         * as {@code allows("room", "7")}. As everywhere in JSON, {@code "7"} is not {@code 7}.
         *
         * <p>Nothing happens if it is not so. Whoever asks then {@linkplain #forbid() ends} the connection, or answers a request that is none
         * yet with {@link Refusal#FORBIDDEN}, or refuses this one message.
         */
        public boolean allows(String attribute, Object value) {
            Object granted = holder().attributes().get(attribute);
            Object wanted = value instanceof Number number ? JsonValues.number(number) : value;
            return wanted.equals(granted) || (granted instanceof List<?> several && several.contains(wanted));
        }

        /** The audience that the ticket was bound to, which is that of the gate; empty if it was for every gate (T9). */
        public Optional<String> audience() {
            return Optional.ofNullable(value.binding().audience());
        }

        /**
         * Ends the connection, because its holder wants what this ticket does not allow: with 3003, after which the client does not come back
         * (T17). What has no close codes just ends. One that is not open yet is closed as soon as it has been {@link #opened}. On this thread; if that
         * fails, again half a second later.
         */
        public void forbid() {
            LiveConnection open;
            synchronized (this) {
                forbidden = true;
                open = connection;
            }
            gate.refuse(Refusal.FORBIDDEN, ticket, false);
            if (open != null) {
                gate.connections().endings().forbid(open);
            }
        }

        /**
         * The WebSocket subprotocols that the client offers, in its order, without the one that carries the ticket: a server
         * may echo one of these and no other (RFC 6455 section 4.2.2, T10).
         */
        public List<String> subprotocols() {
            return subprotocols;
        }

        /**
         * Takes the ticket out of the request if it travels in {@code Sec-WebSocket-Protocol}, before anything serves that: whatever
         * subprotocols a server is set to, a wildcard included, it cannot echo one that it does not see (T10).
         *
         * @param set sets the lines of a header field in place of those that came; with an empty list it takes the field away
         */
        public void hideTicket(BiConsumer<String, List<String>> set) {
            if (gate.carrier() instanceof TicketCarrier.Subprotocol) {
                set.accept(
                        "Sec-WebSocket-Protocol",
                        subprotocols.isEmpty() ? List.of() : List.of(String.join(",", subprotocols)));
            }
        }

        /** The login session that the connection does not outlive, {@linkplain TicketLogin#session(String) by its name} (T16). */
        public Optional<String> session() {
            return Optional.ofNullable(value.login().session());
        }

        /** When the connection is closed at the latest (T17). */
        public Optional<Instant> until() {
            return Optional.ofNullable(until);
        }

        /**
         * Says that the connection is open, and how to close it when its login has ended (T16, T17). What was revoked since the ticket was
         * redeemed closes it at once. So it does if that is more than six minutes ago, when nobody knows that any more: then with 3000.
         *
         * <p>The integrations of this project do it for what they open.
         *
         * @return the connection, whose {@link LiveConnection#ended()} is to be called when it is gone
         * @throws IllegalStateException if this was called before: a ticket opens one connection
         */
        public LiveConnection opened(LiveConnection.Closing closing) {
            synchronized (this) {
                if (opened) {
                    throw new IllegalStateException("The connection of " + ticket + " has been opened already");
                }
                opened = true;
            }
            LiveConnection open = gate.connections().open(gate, ticket, value, until, closing, redeemed);
            boolean gone;
            boolean late;
            synchronized (this) {
                connection = open;
                gone = ended;
                late = forbidden;
            }
            if (gone) {
                open.ended();
            }
            if (late) {
                gate.connections().endings().forbid(open);
            }
            return open;
        }

        /**
         * Says that what this opens is gone, as {@link LiveConnection#ended()} does, but at any time: for whoever may hear of the end before
         * {@link #opened} has returned. Idempotent.
         */
        public void ended() {
            LiveConnection open;
            synchronized (this) {
                ended = true;
                open = connection;
            }
            if (open != null) {
                open.ended();
            }
        }

        /** The connection that this has opened, from when {@link #opened} has returned, or {@linkplain LiveConnection#renew renewed}. */
        public synchronized Optional<LiveConnection> connection() {
            return Optional.ofNullable(connection);
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
    record Refused(Refusal reason) implements Admission {}
}
