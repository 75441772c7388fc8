// SPDX-License-Identifier: Apache-2.0
package io.github.realtimeticket.redis;

import io.lettuce.core.RedisCommandExecutionException;
import io.lettuce.core.protocol.Command;
import java.util.List;
import java.util.function.BiConsumer;
import org.jspecify.annotations.Nullable;

/** A command that tells its outcome to one function, on Lettuce's I/O thread, without a stage of its own. */
final class Sent<V> extends Command<byte[], byte[], V> {

    private final TicketConnection connection;
    private final BiConsumer<@Nullable V, @Nullable Throwable> then;
    private final List<Behind<?>> behind;
    private volatile int tries = 1;
    private volatile boolean given;

    /** @param behind what is to be asked behind it */
    Sent(
            TicketConnection connection,
            Call<V> call,
            BiConsumer<@Nullable V, @Nullable Throwable> then,
            List<Behind<?>> behind) {
        super(call.type(), call.output(), call.words());
        this.connection = connection;
        this.then = then;
        this.behind = behind;
    }

    List<Behind<?>> behind() {
        return behind;
    }

    int tries() {
        return tries;
    }

    /** Whether the server may have seen it. */
    boolean isGivenToSocket() {
        return given;
    }

    void givenToSocket() {
        given = true;
    }

    void tries(int now) {
        tries = now;
    }

    @Override
    public void complete() {
        boolean first = !isDone();
        // A cancelled one stays so, but for the answer, which shows that the server lives.
        if (first) {
            super.complete();
        }
        if (first || isCancelled()) {
            if (output.hasError()) {
                tell(null, new RedisCommandExecutionException(output.getError()));
            } else {
                tell(output.get(), null);
            }
        }
    }

    @Override
    public void cancel() {
        if (!isDone()) {
            super.cancel();
        }
    }

    @Override
    public boolean completeExceptionally(Throwable fault) {
        boolean first = !isDone();
        if (first && !connection.sendsAgain(this, fault)) {
            super.completeExceptionally(fault);
            tell(null, fault);
        }
        return first;
    }

    private void tell(@Nullable V answer, @Nullable Throwable fault) {
        connection.hears(fault);
        then.accept(answer, fault);
    }
}
