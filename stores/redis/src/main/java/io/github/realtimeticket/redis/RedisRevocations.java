// SPDX-License-Identifier: Apache-2.0
package io.github.realtimeticket.redis;

import io.github.realtimeticket.RecentRevocations;
import io.github.realtimeticket.Revision;
import io.github.realtimeticket.Revocation;
import io.github.realtimeticket.RevocationListener;
import io.github.realtimeticket.RevocationListeners;
import io.github.realtimeticket.Revocations;
import java.time.Duration;
import java.util.Objects;
import java.util.concurrent.CompletionStage;
import java.util.function.BiConsumer;
import org.jspecify.annotations.Nullable;

/** The feed beside a {@link RedisTicketStore}: revokes by its connection, and reads what is revoked on another one. Thread-safe. */
final class RedisRevocations implements Revocations, AutoCloseable {

    static final Duration PAUSE = Duration.ofMillis(100);

    private final RedisLink store;
    private final RevocationStream stream;
    private final Progress progress;
    private final RevocationListeners told = new RevocationListeners();
    private final RecentRevocations recent;
    private final RevocationReader reader;

    RedisRevocations(
            RedisLink store, RedisAccess access, Duration timeout, Greeting greeting, RevocationStream stream) {
        this.store = store;
        this.stream = stream;
        progress = new Progress(access, timeout);
        recent = new RecentRevocations(
                progress::readAt, lost -> add(lost, null), work -> access.later(work, PAUSE.toNanos()));
        reader = new RevocationReader(this, access, timeout, greeting);
    }

    RevocationStream stream() {
        return stream;
    }

    /** Asks for the end of the stream behind others, once they are on their way: what has been read by then is not behind it. */
    Sent<?> end(TicketConnection connection, BiConsumer<Progress.@Nullable End, @Nullable Throwable> then) {
        boolean afterReading = progress.hasRead();
        return stream.end(
                connection, (id, fault) -> then.accept(id == null ? null : new Progress.End(id, afterReading), fault));
    }

    Progress progress() {
        return progress;
    }

    RevocationListeners told() {
        return told;
    }

    @Override
    public CompletionStage<Void> revoke(Revocation revocation) {
        return add(revocation, null).thenAccept(id -> recent.add(revocation));
    }

    /** @param at its place, or {@code null} for the next one */
    CompletionStage<Revision> add(Revocation revocation, @Nullable Revision at) {
        return store.run((connection, operation) -> stream.add(connection, operation, revocation, at, (id, fault) -> {
            if (id == null) {
                operation.fail(Objects.requireNonNull(fault));
            } else {
                connection.history().whenPrimary(operation, now -> {
                    progress.revoked(now == null ? null : now.id(), id);
                    operation.complete(id);
                });
            }
        }));
    }

    /** A replica that has become the primary may have missed what was revoked just before. */
    void revokeAgain() {
        recent.revokeAgain();
    }

    @Override
    public Listening listen(RevocationListener listener) {
        return told.listen(listener);
    }

    @Override
    public @Nullable String revision() {
        return progress.revision();
    }

    @Override
    public boolean isCurrent() {
        return progress.isCurrent();
    }

    @Override
    public void close() {
        progress.close();
        reader.close();
    }
}
