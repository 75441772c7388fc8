// SPDX-License-Identifier: Apache-2.0
package io.github.realtimeticket.redis;

import io.github.realtimeticket.TicketStoreException;
import java.util.ArrayList;
import java.util.List;
import java.util.function.BiConsumer;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/**
 * A question that {@link Flushes} writes behind the commands that go out together on one connection. Its answer vouches for every
 * command whose own answer came before it on the connection, because a server answers in order.
 *
 * <p>Thread-safe. The function of a question is given to it before it is sent; one that came to it later could run late, and
 * vouch for a command that ran behind it.
 */
final class Behind<V> {

    private final TicketConnection connection;
    private final Function<BiConsumer<@Nullable V, @Nullable Throwable>, Sent<?>> question;
    private List<BiConsumer<@Nullable V, @Nullable Throwable>> answered = new ArrayList<>();

    /** @param question makes the command, with what is told its answer */
    Behind(TicketConnection connection, Function<BiConsumer<@Nullable V, @Nullable Throwable>, Sent<?>> question) {
        this.connection = connection;
        this.question = question;
    }

    /** For a command whose answer is here: tells what the server answers behind it, or why nobody knows. */
    void whenVouched(BiConsumer<@Nullable V, @Nullable Throwable> then) {
        synchronized (this) {
            answered.add(then);
        }
    }

    Sent<?> question() {
        return question.apply(this::vouch);
    }

    private void vouch(@Nullable V now, @Nullable Throwable fault) {
        boolean answer = fault == null || RedisFaults.isAnswer(fault) || fault instanceof TicketStoreException;
        if (!answer && connection.isUsable()) {
            // It could not be written, as what it went with; what was answered before has its own question under way.
            return;
        }
        List<BiConsumer<@Nullable V, @Nullable Throwable>> before;
        synchronized (this) {
            before = answered;
            answered = new ArrayList<>();
        }
        before.forEach(then -> then.accept(now, fault));
    }
}
