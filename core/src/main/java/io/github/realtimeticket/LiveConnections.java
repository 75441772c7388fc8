// SPDX-License-Identifier: Apache-2.0
package io.github.realtimeticket;

import com.google.errorprone.annotations.CanIgnoreReturnValue;
import io.github.realtimeticket.TicketEvent.Ending;
import java.lang.ref.WeakReference;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Queue;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.Executor;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicBoolean;
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

    private static final long TICK = TimeUnit.MILLISECONDS.toNanos(500);
    private static final long NEVER = Long.MAX_VALUE;
    private static final Duration FARTHEST = Duration.ofDays(36_500);

    // On the scheduler's own thread: where there is no common pool, every run would else start a thread.
    private static final Executor IN_A_TICK =
            CompletableFuture.delayedExecutor(TICK, TimeUnit.NANOSECONDS, Runnable::run);

    private final Set<LiveConnection> all = ConcurrentHashMap.newKeySet();
    private final Map<Revocation.Kind, ConnectionIndex> named = new EnumMap<>(Revocation.Kind.class);
    private final ConnectionIndex deadlines = new ConnectionIndex();
    private final Queue<Failed> failed = new ConcurrentLinkedQueue<>();
    private final AtomicBoolean housekeeping = new AtomicBoolean();
    private final SparseLog faults = new SparseLog(LOG, System.Logger.Level.WARNING);
    private final SparseLog behind = new SparseLog(LOG, System.Logger.Level.WARNING);
    private final @Nullable Revocations revocations;
    private final @Nullable Revoked revoked;
    private final SafeTicketListener listener;
    private final Closer closer = Closer.SHARED;
    private final InstantSource clock;
    private final LongSupplier nanoTime;
    private final Instant startedAt;
    private final long start;
    private volatile long tick;

    /** What could not be closed, and with what it was to be. */
    private record Failed(LiveConnection connection, int code, Ending why, long told) {}

    private LiveConnections(Builder builder) {
        revocations = builder.revocations;
        listener = builder.listener;
        clock = builder.clock;
        nanoTime = builder.nanoTime;
        startedAt = clock.instant();
        start = nanoTime.getAsLong();
        revoked = revocations == null ? null : new Revoked(Revoked.MAXIMUM, nanoTime);
        if (revocations != null) {
            for (Revocation.Kind kind : Revocation.Kind.values()) {
                named.put(kind, new ConnectionIndex());
            }
            Ear.open(this, revocations);
            keepHouse();
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
        return all.size();
    }

    /** Those that there are now, in no order; one that ends meanwhile may be among them. */
    public Stream<LiveConnection> stream() {
        return all.stream();
    }

    LiveConnection open(
            Gate gate, Ticket ticket, TicketValue value, @Nullable Instant until, LiveConnection.Closing closing) {
        var connection = new LiveConnection(
                gate,
                ticket,
                revocations == null ? 0 : start(ticket.sha256()),
                value,
                until,
                closing,
                nanoTime.getAsLong(),
                until == null ? NEVER : tickOf(until));
        if (listener.watches()) {
            listener.on(new TicketEvent.Opened(connection));
        }
        synchronized (connection) {
            add(connection);
        }
        closeIfOver(connection, ticket, value);
        if (connection.hasEnded()) {
            // Before it was in every index.
            remove(connection);
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
        long deadline = until == null ? NEVER : tickOf(until);
        synchronized (connection) {
            Refusal closed = connection.refusal();
            if (closed != null || connection.isRenewedSince(number)) {
                return closed;
            }
            removeRenewable(connection);
            connection.renewed(number, ticket, value.login(), until, deadline);
            addRenewable(connection);
        }
        closeIfOver(connection, ticket, value);
        return null;
    }

    // What was revoked before the connection could be found by this ticket is seen here, and what is revoked later
    // finds it. So it is with deadlines.
    private void closeIfOver(LiveConnection connection, Ticket ticket, TicketValue value) {
        int code = revoked == null ? Revoked.NO_CODE : revoked.code(ticket, value);
        if (code != Revoked.NO_CODE) {
            close(List.of(connection), code, Ending.REVOKED);
        } else if (isOver(connection.deadline())) {
            close(List.of(connection), Revocation.UNAUTHORIZED, Ending.DEADLINE);
        }
    }

    /** Whether what has this deadline is to be closed. */
    boolean isOver(long deadline) {
        return deadline <= tick;
    }

    void ended(LiveConnection connection, Ending why) {
        remove(connection);
        if (listener.watches()) {
            listener.on(new TicketEvent.Closed(connection, why, connection.closing()));
        }
    }

    /** Why nobody is let in with a ticket that the store has just given out; {@code null} if nothing is known against it. */
    @Nullable
    Refusal refusal(Ticket ticket, TicketValue value) {
        if (revocations == null || revoked == null) {
            return null;
        }
        if (value.login().session() != null && !revocations.isCurrent()) {
            behind.say("A ticket of a session was refused: it is not known whether the session has been revoked", null);
            return Refusal.FAILED;
        }
        return revoked.code(ticket, value) == Revoked.NO_CODE ? null : Refusal.REVOKED;
    }

    /** Whether the ticket with this hash is known to be revoked. */
    boolean isRevoked(String sha256) {
        return revoked != null && revoked.isRevoked(sha256);
    }

    /** Whether what is revoked here ends these connections; so it does if nothing ever is. */
    boolean follow(@Nullable Revocations others) {
        return others == null || others == revocations;
    }

    void failed(Throwable fault) {
        faults.say("A connection could not be closed: " + JsonValues.escape(fault.toString()), fault);
    }

    long nanoTime() {
        return nanoTime.getAsLong();
    }

    Instant instant(long nanos) {
        return startedAt.plusNanos(nanos - start);
    }

    private void add(LiveConnection connection) {
        all.add(connection);
        named.forEach((kind, index) -> {
            Object name = name(kind, connection);
            if (name != null) {
                index.add(name, connection);
            }
        });
        addRenewable(connection);
    }

    /** Puts it where it is found by what a renewal changes. */
    private void addRenewable(LiveConnection connection) {
        long deadline = connection.deadline();
        if (deadline != NEVER) {
            deadlines.add(deadline, connection);
            keepHouse();
        }
        Ticket renewal = connection.renewal();
        if (renewal != null && revocations != null) {
            index(Revocation.Kind.TICKET).add(start(renewal.sha256()), connection);
        }
    }

    private void remove(LiveConnection connection) {
        all.remove(connection);
        named.forEach((kind, index) -> {
            Object name = name(kind, connection);
            if (name != null) {
                index.remove(name, connection);
            }
        });
        removeRenewable(connection);
    }

    private void removeRenewable(LiveConnection connection) {
        long deadline = connection.deadline();
        if (deadline != NEVER) {
            deadlines.remove(deadline, connection);
        }
        Ticket renewal = connection.renewal();
        if (renewal != null && revocations != null) {
            index(Revocation.Kind.TICKET).remove(start(renewal.sha256()), connection);
        }
    }

    private ConnectionIndex index(Revocation.Kind kind) {
        return Objects.requireNonNull(named.get(kind));
    }

    private static @Nullable Object name(Revocation.Kind kind, LiveConnection connection) {
        return switch (kind) {
            case SESSION -> connection.session();
            case HOLDER -> connection.holder().id();
            case TICKET -> connection.ticketStart();
        };
    }

    /** Enough of a ticket's hash to find it by, in a fraction of the memory. */
    private static Long start(String sha256) {
        return Long.parseUnsignedLong(sha256, 0, 16, 16);
    }

    private void revoke(Revocation revocation, Revision revision) {
        Objects.requireNonNull(revoked).add(revocation, revision);
        List<LiveConnection> found = find(revocation, revision);
        if (listener.watches()) {
            listener.on(new TicketEvent.Revoked(revocation, found.size()));
        }
        close(found, revocation.code(), Ending.REVOKED);
    }

    private List<LiveConnection> find(Revocation revocation, Revision revision) {
        ConnectionIndex index = index(revocation.kind());
        return switch (revocation.kind()) {
            case SESSION -> index.find(revocation.id());
            // Who has come back since is left alone, also if the feed tells it again.
            case HOLDER ->
                index.find(revocation.id()).stream()
                        .filter(connection -> !connection.login().knows(revision))
                        .toList();
            case TICKET ->
                index.find(start((String) revocation.id())).stream()
                        .filter(connection ->
                                isOf(connection.ticket(), revocation) || isOf(connection.renewal(), revocation))
                        .toList();
        };
    }

    private static boolean isOf(@Nullable Ticket ticket, Revocation revocation) {
        return ticket != null && ticket.sha256().equals(revocation.id());
    }

    private void lose(Revision revision) {
        Objects.requireNonNull(revoked).raise(revision);
        List<LiveConnection> found = all.stream()
                .filter(connection -> Revoked.isBelow(connection.login(), revision))
                .toList();
        LOG.log(
                System.Logger.Level.WARNING,
                "Some of what was revoked up to " + revision + " was not told: " + found.size()
                        + " connections are closed for it, and have to come back with new tickets");
        close(found, Revocation.UNAUTHORIZED, Ending.REVOKED);
    }

    private void close(List<LiveConnection> connections, int code, Ending why) {
        close(connections, code, why, nanoTime.getAsLong());
    }

    private void close(List<LiveConnection> connections, int code, Ending why, long told) {
        for (LiveConnection connection : connections) {
            if (code == Revocation.FORBIDDEN) {
                connection.forbid();
            }
            closer.close(connection.holder().id(), () -> {
                // Of two that close it, either may come first; the one that has forbidden it is obeyed.
                int obeyed = connection.isForbidden() ? Revocation.FORBIDDEN : code;
                if (!connection.close(obeyed, Revocation.reason(obeyed), why, told)) {
                    failed.add(new Failed(connection, obeyed, why, told));
                }
            });
        }
    }

    private void closeFailed() {
        // What fails again meanwhile has its turn in the next tick.
        for (int left = failed.size(); left > 0; left--) {
            Failed next = failed.remove();
            close(List.of(next.connection()), next.code(), next.why(), next.told());
        }
    }

    private long tickOf(Instant until) {
        Duration left = Duration.between(clock.instant(), until);
        Duration bounded = left.isNegative() ? Duration.ZERO : left.compareTo(FARTHEST) > 0 ? FARTHEST : left;
        // From here on by the monotonic clock: setting the machine's prolongs nothing. Never before the deadline.
        return (nanoTime.getAsLong() - start + bounded.toNanos() + TICK - 1) / TICK;
    }

    private void keepHouse() {
        if (!housekeeping.get() && housekeeping.compareAndSet(false, true)) {
            IN_A_TICK.execute(new Housekeeping(new WeakReference<>(this)));
        }
    }

    /** How much is kept beside the connections, for a test to see that nothing is. */
    int indexed() {
        return deadlines.size()
                + named.values().stream().mapToInt(ConnectionIndex::size).sum();
    }

    /** Closes whose deadline is over and what could not be closed before, and forgets what was revoked long ago. */
    void pass() {
        long last = tick;
        // First this: a connection that is opened later looks at it after it can be found, so one of the two sees the
        // other.
        tick = (nanoTime.getAsLong() - start) / TICK;
        if (!deadlines.isEmpty()) {
            for (long over = last + 1; over <= tick; over++) {
                close(deadlines.find(over), Revocation.UNAUTHORIZED, Ending.DEADLINE);
            }
        }
        closeFailed();
        closer.goOn();
        if (revoked != null) {
            revoked.forgetOld();
        }
    }

    private record Housekeeping(WeakReference<LiveConnections> reference) implements Runnable {
        @Override
        public void run() {
            LiveConnections connections = reference.get();
            if (connections != null) {
                // Also after a fault: the next time may be better.
                IN_A_TICK.execute(this);
                connections.pass();
            }
        }
    }

    /** Listens for connections as long as somebody has them. */
    private static final class Ear implements RevocationListener {

        private final WeakReference<LiveConnections> reference;
        private Revocations.@Nullable Listening listening;

        private Ear(LiveConnections connections) {
            reference = new WeakReference<>(connections);
        }

        static void open(LiveConnections connections, Revocations revocations) {
            var ear = new Ear(connections);
            Revocations.Listening listening = revocations.listen(ear);
            synchronized (ear) {
                ear.listening = listening;
            }
        }

        @Override
        public void revoked(Revocation revocation, String revision) {
            LiveConnections connections = connections();
            if (connections != null) {
                connections.revoke(revocation, Revision.of(revision));
            }
        }

        @Override
        public void lost(String revision) {
            LiveConnections connections = connections();
            if (connections != null) {
                connections.lose(Revision.of(revision));
            }
        }

        private synchronized @Nullable LiveConnections connections() {
            LiveConnections connections = reference.get();
            if (connections == null && listening != null) {
                listening.close();
            }
            return connections;
        }
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
