// SPDX-License-Identifier: Apache-2.0
package io.github.realtimeticket.redis;

import io.github.realtimeticket.TicketStoreException;
import java.time.Duration;
import java.util.Objects;
import java.util.function.BiConsumer;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/** In which history of the server's data the commands on one connection have run (T15), asked behind them. Thread-safe. */
final class History {

    // A ticket that is issued so soon behind a change is lost, as all that were issued before it are.
    private static final long FRESH_NANOS = Duration.ofMillis(10).toNanos();

    private final TicketConnection connection;
    private final Behind<Replication> behind;
    private volatile @Nullable Told told;

    /** What the server told last, and when it was asked. */
    record Told(String id, boolean primary, long asked) {
        /** Whether it has told so lately to be the primary in this history that a ticket can be issued without asking again. */
        boolean isFresh() {
            return primary && System.nanoTime() - asked < FRESH_NANOS;
        }
    }

    History(TicketConnection connection) {
        this.connection = connection;
        behind = new Behind<>(connection, then -> {
            long asking = System.nanoTime();
            return connection.question((now, fault) -> {
                if (now != null && now.id() != null) {
                    told = new Told(now.id(), now.primary(), asking);
                }
                then.accept(now, fault);
            });
        });
    }

    /** The history that the server told last; {@code null} if it is not asked. */
    @Nullable
    String last() {
        Told now = told;
        return now == null ? null : now.id();
    }

    @Nullable
    Told told() {
        return told;
    }

    void begin(String history) {
        told = new Told(history, false, 0);
    }

    Behind<Replication> behind() {
        return behind;
    }

    /** For a command whose answer is here: tells what the server was when the command ran, or why nobody knows. */
    void whenVouched(BiConsumer<@Nullable Replication, @Nullable Throwable> then) {
        behind.whenVouched(then);
    }

    /** The same for a command of this operation, which fails unless the server is a primary. Where it is not asked, nothing is told. */
    void whenPrimary(Operation<?> operation, Consumer<@Nullable Replication> then) {
        if (told == null) {
            then.accept(null);
            return;
        }
        whenVouched((now, unknown) -> {
            if (now == null) {
                operation.fail(Objects.requireNonNull(unknown));
            } else if (now.primary()) {
                then.accept(now);
            } else {
                connection.leave();
                operation.fail(new TicketStoreException("Redis is a replica"));
            }
        });
    }
}
