// SPDX-License-Identifier: Apache-2.0
package io.github.realtimeticket;

import com.google.errorprone.annotations.CanIgnoreReturnValue;
import io.github.realtimeticket.TicketEvent.Ending;
import java.time.Instant;
import java.time.InstantSource;
import java.util.Objects;
import java.util.function.LongSupplier;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/**
 * The connections of this process that tickets have opened: what a {@link Gate} asks whether something is revoked, and what closes
 * connections that are revoked (T16) or at their deadline (T17).
 *
 * <p>A gate has its own unless it is given one to share. Opening and ending take the same few steps however many are open. Deadlines are
 * kept to half a second.
 *
 * <p>Thread-safe. There is nothing to close: the housekeeping ends when this is no longer referenced.
 */
public final class LiveConnections {

    private static final System.Logger LOG = System.getLogger(LiveConnections.class.getName());

    private final SparseLog faults = new SparseLog(LOG, System.Logger.Level.WARNING);
    private final SparseLog behind = new SparseLog(LOG, System.Logger.Level.WARNING);
    private final @Nullable Revocations revocations;
    private final SafeTicketListener listener;
    private final ConnectionRegister register;
    private final Endings endings;

    private LiveConnections(Builder builder) {
        revocations = builder.revocations;
        listener = builder.listener;
        register = new ConnectionRegister(revocations != null);
        endings = new Endings(register, listener, builder.clock, builder.nanoTime);
        if (revocations != null) {
            endings.follow(revocations);
        }
    }

    /** Connections that end with what is revoked here. */
    public static LiveConnections of(Revocations revocations) {
        return builder().revocations(revocations).build();
    }

    /** Connections with settings. */
    public static Builder builder() {
        return new Builder();
    }

    /** How many there are now: opened and not ended. */
    public int count() {
        return register.count();
    }

    /** Those that there are now, in no order; one that ends meanwhile may be among them. */
    public Stream<LiveConnection> stream() {
        return register.stream();
    }

    /** @param redeemed when the ticket was; if that is so long ago that nobody knows what was revoked since, it is closed at once */
    LiveConnection open(
            Gate gate,
            Ticket ticket,
            TicketValue value,
            @Nullable Instant until,
            LiveConnection.Closing closing,
            long redeemed) {
        var connection = new LiveConnection(
                gate, ticket, register.start(ticket), value, until, closing, endings.nanoTime(), endings.tickOf(until));
        if (listener.watches()) {
            listener.on(new TicketEvent.Opened(connection));
        }
        synchronized (connection) {
            register.add(connection);
        }
        endings.begin(connection, ticket, value);
        if (connection.hasEnded()) {
            // Before it was in every index.
            register.remove(connection);
        }
        if (revocations != null) {
            endings.closeIfForgotten(connection, redeemed);
        }
        return connection;
    }

    /**
     * Lets a connection go on with another ticket of its login, which a gate has redeemed for it.
     *
     * @param number which of its renewals this is
     * @return why not, since it has been closed; {@code null} if it goes on
     */
    @Nullable
    Refusal renew(LiveConnection connection, int number, Ticket ticket, TicketValue value, @Nullable Instant until) {
        long deadline = endings.tickOf(until);
        synchronized (connection) {
            Refusal closed = connection.refusal();
            if (closed != null) {
                return closed;
            }
            register.renew(connection, () -> connection.renewed(number, ticket, value.login(), until, deadline));
        }
        endings.begin(connection, ticket, value);
        return null;
    }

    void ended(LiveConnection connection, Ending why) {
        register.remove(connection);
        if (listener.watches()) {
            listener.on(new TicketEvent.Closed(connection, why, connection.closing()));
        }
    }

    /** Why nobody is let in with a ticket that the store has just given out; {@code null} if nothing is known against it. */
    @Nullable
    Refusal refusal(Ticket ticket, TicketValue value) {
        if (revocations != null && value.login().session() != null && !revocations.isCurrent()) {
            behind.say("A ticket of a session was refused: it is not known whether the session has been revoked", null);
            return Refusal.FAILED;
        }
        return endings.revoked().code(ticket, value) == Revoked.NO_CODE ? null : Refusal.REVOKED;
    }

    /** Whether the ticket with this hash is known to be revoked. */
    boolean isRevoked(String sha256) {
        return endings.revoked().isRevoked(sha256);
    }

    /** Whether what is revoked here ends these connections; so it does if nothing ever is. */
    boolean follow(@Nullable Revocations others) {
        return others == null || others == revocations;
    }

    void failed(Throwable fault) {
        faults.say("A connection could not be closed: " + JsonValues.escape(fault.toString()), fault);
    }

    Endings endings() {
        return endings;
    }

    int indexed() {
        return register.indexed();
    }

    /** The settings of {@link LiveConnections}. Not thread-safe. */
    public static final class Builder {

        private @Nullable Revocations revocations;
        private SafeTicketListener listener = SafeTicketListener.NONE;
        private InstantSource clock = InstantSource.system();
        private LongSupplier nanoTime = System::nanoTime;

        private Builder() {}

        /** What ends tickets and connections before their time (T16); nothing unless told otherwise. */
        @CanIgnoreReturnValue
        public Builder revocations(@Nullable Revocations revocations) {
            this.revocations = revocations;
            return this;
        }

        /** Who watches connections come and go; see {@link TicketListener#all} for several. */
        @CanIgnoreReturnValue
        public Builder listener(TicketListener listener) {
            this.listener = SafeTicketListener.of(listener);
            return this;
        }

        /** The wall clock that deadlines are read by when a connection is opened. */
        @CanIgnoreReturnValue
        public Builder clock(InstantSource clock) {
            this.clock = Objects.requireNonNull(clock, "clock");
            return this;
        }

        /** The monotonic clock of everything else; one that a test moves. */
        @CanIgnoreReturnValue
        Builder nanoTime(LongSupplier nanoTime) {
            this.nanoTime = Objects.requireNonNull(nanoTime, "nanoTime");
            return this;
        }

        /** Connections with these settings. */
        public LiveConnections build() {
            return new LiveConnections(this);
        }
    }
}
