// SPDX-License-Identifier: Apache-2.0
package io.github.realtimeticket.redis;

import io.github.realtimeticket.TicketStoreException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Set;
import java.util.function.Consumer;

/**
 * The operations that wait, the oldest first. All have the same time limit, so one timer, that of the oldest, is enough for all.
 * Thread-safe; no operation ends under its lock.
 */
final class Deadlines {

    private final RedisAccess access;
    private final long timeout;
    private final Consumer<Operation<?>> giveUp;
    private final Set<Operation<?>> waiting = new LinkedHashSet<>();
    private boolean armed;
    private boolean closed;

    /**
     * @param giveUp ends an operation whose time is over
     */
    Deadlines(RedisAccess access, Duration timeout, Consumer<Operation<?>> giveUp) {
        this.access = access;
        this.timeout = timeout.toNanos();
        this.giveUp = giveUp;
    }

    /**
     * Adds an operation, which is removed when it ends.
     *
     * @throws TicketStoreException if too many wait, or there will be nobody to wait for
     */
    void add(Operation<?> operation) {
        boolean arm;
        synchronized (waiting) {
            if (closed) {
                throw isClosed();
            }
            if (waiting.size() >= RedisAccess.MOST_OPERATIONS) {
                throw new TicketStoreException(
                        "Redis is too slow: " + RedisAccess.MOST_OPERATIONS + " operations are waiting for it");
            }
            waiting.add(operation);
            arm = !armed;
            armed = true;
        }
        if (arm) {
            access.later(this::look, operation.start + timeout - System.nanoTime());
        }
    }

    void remove(Operation<?> operation) {
        synchronized (waiting) {
            waiting.remove(operation);
        }
    }

    private void look() {
        List<Operation<?>> late = new ArrayList<>();
        long next = -1;
        synchronized (waiting) {
            long now = System.nanoTime();
            for (Operation<?> operation : waiting) {
                long left = operation.start + timeout - now;
                if (left > 0) {
                    next = left;
                    break;
                }
                late.add(operation);
            }
            armed = next > 0;
        }
        if (next > 0) {
            access.later(this::look, next);
        }
        late.forEach(giveUp);
    }

    /** Fails what waits, and whatever is added later. */
    void close() {
        List<Operation<?>> last;
        synchronized (waiting) {
            closed = true;
            last = List.copyOf(waiting);
        }
        last.forEach(operation -> operation.fail(isClosed()));
    }

    private static TicketStoreException isClosed() {
        return new TicketStoreException("The store is closed");
    }
}
