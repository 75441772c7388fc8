// SPDX-License-Identifier: Apache-2.0
package io.github.realtimeticket.redis;

import com.google.errorprone.annotations.CanIgnoreReturnValue;
import io.lettuce.core.protocol.RedisCommand;
import java.util.Objects;
import java.util.concurrent.CompletableFuture;
import org.jspecify.annotations.Nullable;

/**
 * One operation of the store, and what its caller waits for. It ends with the answer, when its time is over, or when the store is
 * closed, whichever is first. A command of an operation that has ended is not written any more. Thread-safe.
 */
final class Operation<T> extends CompletableFuture<T> {

    final long start = System.nanoTime();
    private final Deadlines deadlines;
    private volatile @Nullable TicketConnection connection;
    private volatile @Nullable RedisCommand<?, ?, ?> command;

    Operation(Deadlines deadlines) {
        this.deadlines = deadlines;
    }

    /** The connection on which its last command was sent; {@code null} while there is none. */
    @Nullable
    TicketConnection connection() {
        return connection;
    }

    void sends(TicketConnection connection, RedisCommand<?, ?, ?> command) {
        this.connection = connection;
        this.command = command;
        if (isDone()) {
            command.cancel();
        }
    }

    /** Ends the operation with an answer or a fault, unless it has ended. */
    void end(@Nullable T answer, @Nullable Throwable fault) {
        if (answer != null) {
            complete(answer);
        } else {
            fail(Objects.requireNonNull(fault));
        }
    }

    /** Ends the operation with what the caller is told of a fault, unless it has ended. */
    @CanIgnoreReturnValue
    boolean fail(Throwable fault) {
        return completeExceptionally(RedisFaults.failure(fault));
    }

    @Override
    @CanIgnoreReturnValue
    public boolean complete(T value) {
        return ended(super.complete(value));
    }

    @Override
    @CanIgnoreReturnValue
    public boolean completeExceptionally(Throwable fault) {
        return ended(super.completeExceptionally(fault));
    }

    @Override
    public boolean cancel(boolean mayInterruptIfRunning) {
        return ended(super.cancel(mayInterruptIfRunning));
    }

    private boolean ended(boolean now) {
        if (now) {
            deadlines.remove(this);
            RedisCommand<?, ?, ?> last = command;
            if (last != null) {
                last.cancel();
            }
        }
        return now;
    }
}
