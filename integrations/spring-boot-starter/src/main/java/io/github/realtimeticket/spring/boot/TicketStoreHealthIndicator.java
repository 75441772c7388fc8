// SPDX-License-Identifier: Apache-2.0
package io.github.realtimeticket.spring.boot;

import io.github.realtimeticket.Revocations;
import io.github.realtimeticket.TicketStoreException;
import io.github.realtimeticket.redis.RedisTicketStore;
import java.util.concurrent.CompletionException;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;
import org.springframework.boot.health.contributor.AbstractHealthIndicator;
import org.springframework.boot.health.contributor.Health;
import org.springframework.boot.health.contributor.Status;

/**
 * Whether the store answers a PING on the connection that tickets use, and is told what is revoked if it is to be; whether it may write, and
 * has room, is not asked.
 */
final class TicketStoreHealthIndicator extends AbstractHealthIndicator {

    private static final long PATIENCE_SECONDS = 15;

    private final RedisTicketStore store;
    private final @Nullable Revocations revocations;

    TicketStoreHealthIndicator(RedisTicketStore store, @Nullable Revocations revocations) {
        super("The store of tickets does not answer");
        this.store = store;
        this.revocations = revocations;
    }

    @Override
    protected void doHealthCheck(Health.Builder health) {
        try {
            store.ping()
                    .toCompletableFuture()
                    .orTimeout(PATIENCE_SECONDS, TimeUnit.SECONDS)
                    .join();
            health.up()
                    .withDetail("store", "redis")
                    .withDetail("history", store.checksHistory() ? "checked" : "not checked");
            if (revocations != null) {
                boolean current = revocations.isCurrent();
                health.status(current ? Status.UP : Status.DOWN)
                        .withDetail("revocations", current ? "current" : "behind");
            }
        } catch (CompletionException e) {
            health.down(TicketStoreException.unwrap(e)).withDetail("store", "redis");
        }
    }
}
