// SPDX-License-Identifier: Apache-2.0
package io.github.realtimeticket.redis;

import io.github.realtimeticket.TicketStoreException;
import io.github.realtimeticket.TicketValue;
import io.github.realtimeticket.TicketValueCodec;
import io.lettuce.core.protocol.CommandArgs;
import io.lettuce.core.protocol.CommandType;
import java.util.List;
import java.util.function.BiConsumer;
import org.jspecify.annotations.Nullable;

/**
 * One put on its way: the command, then whether it ran in the history that the value names (T15). What the command is answered comes to
 * this object itself, which costs no more than a function would.
 */
final class Putting implements BiConsumer<@Nullable String, @Nullable Throwable> {

    private static final int MOST_HISTORIES = 3;

    private final TicketConnection connection;
    private final Operation<Boolean> operation;
    private final byte[] key;
    private final TicketValue value;
    private final long milliseconds;
    private int attempt;

    /** The history that the value names, if the server is asked whether it is its own still. */
    private @Nullable String unvouched;

    Putting(
            TicketConnection connection,
            Operation<Boolean> operation,
            byte[] key,
            TicketValue value,
            long milliseconds) {
        this.connection = connection;
        this.operation = operation;
        this.key = key;
        this.value = value;
        this.milliseconds = milliseconds;
    }

    void start() {
        if (connection.isOfCluster() && connection.history().last() != null) {
            ClusterScripts.put(connection, operation, key, value, milliseconds, this);
        } else {
            set();
        }
    }

    private void set() {
        History.Told told = connection.history().told();
        String history = told == null ? null : told.id();
        List<Behind<?>> behind = told == null || told.isFresh() ? List.of() : connection.historyBehind();
        unvouched = behind.isEmpty() ? null : history;
        CommandArgs<byte[], byte[]> arguments = Call.arguments()
                .addKey(key)
                .add(TicketValueCodec.encode(value.withHistory(history)))
                .add("PX")
                .add(milliseconds);
        var set = Call.status(CommandType.SET, attempt == 0 ? arguments.add("NX") : arguments);
        connection.send(operation, set, this, behind);
    }

    /** The command is answered. */
    @Override
    public void accept(@Nullable String ok, @Nullable Throwable fault) {
        String history = unvouched;
        if (ok == null || history == null) {
            kept(ok, fault);
        } else {
            connection.history().whenVouched((now, unknown) -> judge(ok, history, now, unknown));
        }
    }

    private void judge(String ok, String history, @Nullable Replication now, @Nullable Throwable unknown) {
        if (now == null || now.isPrimaryIn(history)) {
            kept(ok, unknown);
        } else if (!now.primary() || now.id() == null || attempt == MOST_HISTORIES) {
            connection.leave();
            kept(ok, new TicketStoreException("Redis has become a replica, or tells no history"));
        } else if (!operation.isDone()) {
            // Nobody has seen this ticket yet, so its value may be replaced.
            attempt++;
            set();
        }
    }

    private void kept(@Nullable String ok, @Nullable Throwable fault) {
        operation.end(fault == null ? "OK".equals(ok) : null, fault);
    }
}
