// SPDX-License-Identifier: Apache-2.0
package io.github.realtimeticket.redis;

import java.time.Duration;
import java.util.function.BiConsumer;
import org.jspecify.annotations.Nullable;

/** In which history of the server's data the commands on one connection have run (T15), asked behind them. Thread-safe. */
final class History {

    // A ticket that is issued so soon behind a change is lost, as all that were issued before it are.
    private static final long FRESH_NANOS = Duration.ofMillis(10).toNanos();

    private final Behind<Replication> behind;
    private volatile @Nullable String last;
    private volatile long freshFrom = System.nanoTime() - FRESH_NANOS;

    History(TicketConnection connection) {
        behind = new Behind<>(connection, then -> {
            long asking = System.nanoTime();
            return connection.question((now, fault) -> {
                if (now != null && now.id() != null) {
                    last = now.id();
                    freshFrom = now.primary() ? asking : asking - FRESH_NANOS;
                }
                then.accept(now, fault);
            });
        });
    }

    /** What the server told last; {@code null} if it is not asked. */
    @Nullable
    String last() {
        return last;
    }

    void begin(String history) {
        last = history;
    }

    /** Whether the server has told so lately to be the primary in the last history that a ticket can be issued without asking again. */
    boolean isFresh() {
        return System.nanoTime() - freshFrom < FRESH_NANOS;
    }

    Behind<Replication> behind() {
        return behind;
    }

    /** For a command whose answer is here: tells what the server was when the command ran, or why nobody knows. */
    void whenVouched(BiConsumer<@Nullable Replication, @Nullable Throwable> then) {
        behind.whenVouched(then);
    }
}
