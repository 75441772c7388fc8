// SPDX-License-Identifier: Apache-2.0
package io.github.realtimeticket.redis;

import io.lettuce.core.RedisCommandExecutionException;
import io.lettuce.core.output.CommandOutput;
import io.lettuce.core.protocol.Command;
import io.lettuce.core.protocol.CommandArgs;
import io.lettuce.core.protocol.ProtocolKeyword;
import java.util.List;
import java.util.function.BiConsumer;
import java.util.function.BiPredicate;
import org.jspecify.annotations.Nullable;

/** A command that tells its outcome to one function, on Lettuce's I/O thread, without a stage of its own. */
final class Sent<V> extends Command<byte[], byte[], V> {

    private final BiPredicate<Sent<?>, Throwable> again;
    private final BiConsumer<@Nullable V, @Nullable Throwable> then;
    private final List<Behind<?>> behind;
    private volatile int tries = 1;
    private volatile boolean given;

    /**
     * @param again told why it has failed, and sends it once more if the answer is {@code true}
     * @param behind what is to be asked behind it
     */
    Sent(
            ProtocolKeyword type,
            CommandOutput<byte[], byte[], V> output,
            CommandArgs<byte[], byte[]> arguments,
            BiPredicate<Sent<?>, Throwable> again,
            BiConsumer<@Nullable V, @Nullable Throwable> then,
            List<Behind<?>> behind) {
        super(type, output, arguments);
        this.again = again;
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
                then.accept(null, new RedisCommandExecutionException(output.getError()));
            } else {
                then.accept(output.get(), null);
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
        if (first && !again.test(this, fault)) {
            super.completeExceptionally(fault);
            then.accept(null, fault);
        }
        return first;
    }
}
