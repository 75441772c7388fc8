// SPDX-License-Identifier: Apache-2.0
package io.github.realtimeticket.redis;

import com.google.errorprone.annotations.CanIgnoreReturnValue;
import io.lettuce.core.SslOptions;
import java.time.Duration;
import java.util.Objects;
import java.util.function.BiFunction;

/** The settings of a {@link RedisTicketStore}. Not thread-safe. */
public final class RedisTicketStoreBuilder {

    private final BiFunction<SslOptions, Duration, RedisAccess> access;
    private TicketKeys keys = TicketKeys.hashed();
    private String revocations = RedisTicketStore.DEFAULT_REVOCATIONS;
    private Duration addedAgain = RevocationStream.ADDED_AGAIN;
    private Duration timeout = RedisTicketStore.DEFAULT_TIMEOUT;
    private HistoryCheck history = HistoryCheck.AUTO;
    private SslOptions ssl = SslOptions.create();

    /** @param access to the servers, with what TLS uses and the timeout */
    RedisTicketStoreBuilder(BiFunction<SslOptions, Duration, RedisAccess> access) {
        this.access = access;
    }

    /** Under which keys tickets are kept; {@link TicketKeys#hashed()} unless told otherwise. */
    @CanIgnoreReturnValue
    public RedisTicketStoreBuilder keys(TicketKeys keys) {
        this.keys = Objects.requireNonNull(keys, "keys");
        return this;
    }

    /**
     * Under which key the stream of {@linkplain RedisTicketStore#revocations() what is revoked} is kept; {@value
     * RedisTicketStore#DEFAULT_REVOCATIONS} unless told otherwise, whatever the tickets' {@link #keys} are: the same for all who have the same
     * users.
     */
    @CanIgnoreReturnValue
    public RedisTicketStoreBuilder revocations(String key) {
        this.revocations = Objects.requireNonNull(key, "key");
        return this;
    }

    /** For how long a feed may be away before a restart without data is a loss, for tests that wait for it. */
    @CanIgnoreReturnValue
    RedisTicketStoreBuilder addedAgain(Duration addedAgain) {
        this.addedAgain = addedAgain;
        return this;
    }

    /**
     * Within which time an operation ends, connecting included; {@link RedisTicketStore#DEFAULT_TIMEOUT} unless told otherwise.
     *
     * @throws IllegalArgumentException if it is not more than zero
     */
    @CanIgnoreReturnValue
    public RedisTicketStoreBuilder timeout(Duration timeout) {
        if (timeout.isNegative() || timeout.isZero()) {
            throw new IllegalArgumentException("timeout must be more than 0, not " + timeout);
        }
        this.timeout = timeout;
        return this;
    }

    /** Whether a ticket that was used before a failover or a restart can be told (T15); {@link HistoryCheck#AUTO} unless told otherwise. */
    @CanIgnoreReturnValue
    public RedisTicketStoreBuilder history(HistoryCheck history) {
        this.history = Objects.requireNonNull(history, "history");
        return this;
    }

    /** What TLS uses (trust, key, protocols) where an address asks for TLS. */
    @CanIgnoreReturnValue
    public RedisTicketStoreBuilder sslOptions(SslOptions ssl) {
        this.ssl = Objects.requireNonNull(ssl, "ssl");
        return this;
    }

    /**
     * A store with these settings. It connects at once, in the background, and is there whether that succeeds or not.
     *
     * @throws IllegalStateException if it is for a Cluster and Lettuce is older than 6.7
     */
    public RedisTicketStore build() {
        var stream = new RevocationStream(revocations, addedAgain);
        return new RedisTicketStore(access.apply(ssl, timeout), timeout, keys, history, stream);
    }
}
