// SPDX-License-Identifier: Apache-2.0
package io.github.realtimeticket.redis;

import java.util.ArrayList;
import java.util.List;
import java.util.function.BiConsumer;
import org.jspecify.annotations.Nullable;

/**
 * In which history of the server's data the commands on one connection have run (T15). {@link Flushes} writes an {@code INFO} behind
 * the commands that go out together. Its answer vouches for every command whose own answer came before it on the connection, because
 * a server answers in order.
 *
 * <p>Thread-safe. The function of an {@code INFO} is given to it before it is sent; one that came to it later could run late, and
 * vouch for a command that ran behind it.
 */
final class History {

    private final TicketConnection connection;
    private List<BiConsumer<@Nullable Replication, @Nullable Throwable>> answered = new ArrayList<>();
    private volatile @Nullable String last;

    History(TicketConnection connection) {
        this.connection = connection;
    }

    /** What the server told last; {@code null} if it is not asked. */
    @Nullable
    String last() {
        return last;
    }

    void begin(String history) {
        last = history;
    }

    /** For a command whose answer is here: tells what the server was when the command ran, or why nobody knows. */
    void whenVouched(BiConsumer<@Nullable Replication, @Nullable Throwable> then) {
        synchronized (this) {
            answered.add(then);
        }
    }

    Sent<?> question() {
        return connection.question(this::vouch);
    }

    private void vouch(@Nullable Replication now, @Nullable Throwable fault) {
        if (fault != null && !RedisFaults.isAnswer(fault) && connection.isUsable()) {
            // It could not be written, as what it went with; what was answered before has its own question under way.
            return;
        }
        List<BiConsumer<@Nullable Replication, @Nullable Throwable>> before;
        synchronized (this) {
            before = answered;
            answered = new ArrayList<>();
        }
        if (now != null && now.id() != null) {
            last = now.id();
        }
        before.forEach(then -> then.accept(now, fault));
    }
}
