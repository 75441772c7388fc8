// SPDX-License-Identifier: Apache-2.0
package io.github.realtimeticket;

import io.github.realtimeticket.TicketEvent.Ending;
import java.lang.ref.WeakReference;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.List;
import java.util.Queue;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.function.Consumer;
import java.util.function.LongSupplier;
import org.jspecify.annotations.Nullable;

/**
 * Closes connections that are revoked (T16) or at their deadline (T17), as long as somebody has them. Deadlines are kept in ticks of half a
 * second by the monotonic clock: setting the machine's prolongs nothing. Thread-safe.
 */
final class Endings {

    private static final System.Logger LOG = System.getLogger(LiveConnections.class.getName());

    /** The tick of what has no deadline. */
    static final long NEVER = Long.MAX_VALUE;

    private static final long TICK = Housekeeping.EVERY_NANOS;
    private static final Duration FARTHEST = Duration.ofDays(36_500);

    private final ConnectionRegister register;
    private final SafeTicketListener listener;
    private final InstantSource clock;
    private final LongSupplier nanoTime;
    private final Instant startedAt;
    private final long start;
    private final Revoked revoked;
    private final Queue<Runnable> failed = new ConcurrentLinkedQueue<>();
    private final AtomicBoolean housekeeping = new AtomicBoolean();
    private volatile long tick;

    Endings(ConnectionRegister register, SafeTicketListener listener, InstantSource clock, LongSupplier nanoTime) {
        this.register = register;
        this.listener = listener;
        this.clock = clock;
        this.nanoTime = nanoTime;
        startedAt = clock.instant();
        start = nanoTime.getAsLong();
        revoked = new Revoked(Revoked.MAXIMUM, nanoTime);
    }

    void follow(Revocations revocations) {
        keepHouse(revocations.listen(new Ear(new WeakReference<>(this)))::close);
    }

    Revoked revoked() {
        return revoked;
    }

    long nanoTime() {
        return nanoTime.getAsLong();
    }

    Instant instant(long nanos) {
        return startedAt.plusNanos(nanos - start);
    }

    /** The tick at which this deadline is over, never before it. */
    long tickOf(@Nullable Instant until) {
        if (until == null) {
            return NEVER;
        }
        return (nanoTime() - start + nanosBetween(clock.instant(), until) + TICK - 1) / TICK;
    }

    private static long nanosBetween(Instant from, Instant until) {
        Duration between = Duration.between(from, until);
        Duration bounded = between.isNegative() ? Duration.ZERO : between.compareTo(FARTHEST) > 0 ? FARTHEST : between;
        return bounded.toNanos();
    }

    boolean isOver(long deadline) {
        return deadline <= tick;
    }

    // What was revoked before the connection could be found by this ticket is seen here, and what is revoked later
    // finds it. So it is with deadlines.
    void begin(LiveConnection connection, Ticket ticket, TicketValue value) {
        if (connection.deadline() != NEVER) {
            keepHouse(() -> {});
        }
        int code = revoked.code(ticket, value);
        if (code != Revoked.NO_CODE) {
            close(List.of(connection), code, Ending.REVOKED);
        } else if (isOver(connection.deadline())) {
            close(List.of(connection), Revocation.UNAUTHORIZED, Ending.DEADLINE);
        }
    }

    /** Closes it if something that was revoked since then may not be known any more. */
    void closeIfForgotten(LiveConnection connection, long since) {
        if (nanoTime() - since >= Revoked.REMEMBERED.toNanos()) {
            close(List.of(connection), Revocation.UNAUTHORIZED, Ending.REVOKED);
        }
    }

    private void revoke(Revocation revocation, Revision revision) {
        long lag = nanosBetween(Instant.ofEpochMilli(revision.milliseconds()), clock.instant());
        long since = nanoTime() - lag;
        revoked.add(revocation, revision);
        List<LiveConnection> found = register.find(revocation, revision);
        if (listener.watches()) {
            listener.on(new TicketEvent.Revoked(revocation, found.size()));
        }
        found.forEach(connection -> close(connection, revocation.code(), Ending.REVOKED, since));
    }

    private void lose(Revision revision) {
        revoked.raise(revision);
        List<LiveConnection> found = register.stream()
                .filter(connection -> Revoked.isBelow(connection.login(), revision))
                .toList();
        LOG.log(
                System.Logger.Level.WARNING,
                "Some of what was revoked up to " + revision + " was not told: " + found.size()
                        + " connections are closed for it, and have to come back with new tickets");
        close(found, Revocation.UNAUTHORIZED, Ending.REVOKED);
    }

    /** Closes it on this thread, and in the next tick if that fails. */
    void forbid(LiveConnection connection) {
        connection.forbid();
        String reason = Revocation.reason(Revocation.FORBIDDEN);
        if (!connection.close(Revocation.FORBIDDEN, reason, Ending.CLOSED, nanoTime())) {
            forbidAgain(connection);
        }
    }

    /** Closes in the next tick what somebody has forbidden and a closing that failed has left open. */
    void forbidAgain(LiveConnection connection) {
        long told = nanoTime();
        failed.add(() -> close(connection, Revocation.FORBIDDEN, Ending.CLOSED, told));
        keepHouse(() -> {});
    }

    private void close(List<LiveConnection> connections, int code, Ending why) {
        long told = nanoTime();
        connections.forEach(connection -> close(connection, code, why, told));
    }

    private void close(LiveConnection connection, int code, Ending why, long since) {
        if (code == Revocation.FORBIDDEN) {
            connection.forbid();
        }
        Closer.SHARED.close(connection.holder().id(), () -> {
            // Of two that close it, either may come first; the one that has forbidden it is obeyed.
            int obeyed = connection.isForbidden() ? Revocation.FORBIDDEN : code;
            if (!connection.close(obeyed, Revocation.reason(obeyed), why, since)) {
                failed.add(() -> close(connection, obeyed, why, since));
            }
        });
    }

    /** Closes whose deadline is over and what could not be closed before, and forgets what was revoked long ago. */
    void pass() {
        long last = tick;
        // First this: a connection that is opened later looks at it after it can be found, so one of the two sees the
        // other.
        tick = (nanoTime() - start) / TICK;
        for (long over = last + 1; over <= tick; over++) {
            close(register.findByDeadline(over), Revocation.UNAUTHORIZED, Ending.DEADLINE);
        }
        // What fails again meanwhile has its turn in the next tick.
        for (int left = failed.size(); left > 0; left--) {
            failed.remove().run();
        }
        Closer.SHARED.goOn();
        revoked.forgetOld();
    }

    private void keepHouse(Runnable afterwards) {
        if (!housekeeping.get() && housekeeping.compareAndSet(false, true)) {
            Housekeeping.of(this, Endings::pass, afterwards);
        }
    }

    private record Ear(WeakReference<Endings> reference) implements RevocationListener {
        @Override
        public void revoked(Revocation revocation, String revision) {
            tell(endings -> endings.revoke(revocation, Revision.of(revision)));
        }

        @Override
        public void lost(String revision) {
            tell(endings -> endings.lose(Revision.of(revision)));
        }

        private void tell(Consumer<Endings> telling) {
            Endings endings = reference.get();
            if (endings != null) {
                telling.accept(endings);
            }
        }
    }
}
