// SPDX-License-Identifier: Apache-2.0
package io.github.realtimeticket.redis;

import io.github.realtimeticket.TicketStoreException;
import java.time.Duration;
import java.util.Objects;
import java.util.function.BiConsumer;
import java.util.function.BooleanSupplier;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/** In which history of the server's data the commands on one connection have run (T15), asked behind them. Thread-safe. */
final class History {

    // A ticket that is issued so soon behind a change is lost, as all that were issued before it are.
    private static final long FRESH_NANOS = Duration.ofMillis(10).toNanos();

    private final TicketConnection connection;
    private final Behind<Replication> behind;
    private volatile @Nullable Told told;
    private volatile @Nullable Succession before;
    private BooleanSupplier goesOnWithout = () -> false;

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
            return connection.question((now, fault) -> hear(now, fault, asking, then));
        });
    }

    private void hear(
            @Nullable Replication now,
            @Nullable Throwable fault,
            long asking,
            BiConsumer<@Nullable Replication, @Nullable Throwable> then) {
        Succession before = this.before;
        if (now == null || now.id() == null) {
            then.accept(now, fault);
        } else if (before == null) {
            then.accept(null, null);
        } else if (before.add(now)) {
            told = new Told(now.id(), now.primary(), asking);
            then.accept(now, null);
        } else if (goesOnWithout.getAsBoolean()) {
            this.before = null;
            told = null;
            then.accept(null, null);
        } else {
            connection.leave();
            then.accept(null, Greeting.contradiction());
        }
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

    /**
     * From now on the server is asked.
     *
     * @param now what it told last
     * @param before all that it told
     * @param goesOnWithout is told that its answers contradict each other, and says whether the connection can be used all the same
     */
    void begin(Replication now, Succession before, BooleanSupplier goesOnWithout) {
        this.goesOnWithout = goesOnWithout;
        this.before = before;
        told = new Told(Objects.requireNonNull(now.id()), false, 0);
    }

    Behind<Replication> behind() {
        return behind;
    }

    /**
     * For a command whose answer is here: tells what the server was when the command ran, or why nobody knows; neither, if its answers are
     * believed no longer.
     */
    void whenVouched(BiConsumer<@Nullable Replication, @Nullable Throwable> then) {
        behind.whenVouched(then);
    }

    /**
     * The same for a command of this operation, which fails unless the server is a primary. Where nothing is asked behind commands, as in a
     * Cluster, nothing is told.
     */
    void whenPrimary(Operation<?> operation, Consumer<@Nullable Replication> then) {
        if (told == null || connection.isOfCluster()) {
            then.accept(null);
            return;
        }
        whenVouched((now, unknown) -> {
            if (unknown != null) {
                operation.fail(unknown);
            } else if (now == null || now.primary()) {
                then.accept(now);
            } else {
                connection.leave();
                operation.fail(new TicketStoreException("Redis is a replica"));
            }
        });
    }
}
