// SPDX-License-Identifier: Apache-2.0
package io.github.realtimeticket.redis;

import java.util.function.BiConsumer;
import org.jspecify.annotations.Nullable;

/** In which history of the server's data the commands on one connection have run (T15), asked behind them. Thread-safe. */
final class History {

    private final Behind<Replication> behind;
    private volatile @Nullable String last;

    History(TicketConnection connection) {
        behind = new Behind<>(
                connection,
                then -> connection.question((now, fault) -> {
                    if (now != null && now.id() != null) {
                        last = now.id();
                    }
                    then.accept(now, fault);
                }));
    }

    /** What the server told last; {@code null} if it is not asked. */
    @Nullable
    String last() {
        return last;
    }

    void begin(String history) {
        last = history;
    }

    Behind<Replication> behind() {
        return behind;
    }

    /** For a command whose answer is here: tells what the server was when the command ran, or why nobody knows. */
    void whenVouched(BiConsumer<@Nullable Replication, @Nullable Throwable> then) {
        behind.whenVouched(then);
    }
}
