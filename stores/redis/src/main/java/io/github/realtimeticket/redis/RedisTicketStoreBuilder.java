// SPDX-License-Identifier: Apache-2.0
package io.github.realtimeticket.redis;

import com.google.errorprone.annotations.CanIgnoreReturnValue;
import io.lettuce.core.SslOptions;
import java.time.Duration;
import java.util.Objects;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/** The settings of a {@link RedisTicketStore}. Not thread-safe. */
public final class RedisTicketStoreBuilder {

    private final Access access;
    private TicketKeys keys = TicketKeys.hashed();
    private Duration timeout = RedisTicketStore.DEFAULT_TIMEOUT;
    private @Nullable SslOptions ssl;

    private RedisTicketStoreBuilder(Access access) {
        this.access = access;
    }

    static RedisTicketStoreBuilder opening(OwnClient client) {
        return new RedisTicketStoreBuilder(
                (ssl, timeout) -> client.with(ssl == null ? SslOptions.create() : ssl, timeout));
    }

    static RedisTicketStoreBuilder using(Supplier<RedisAccess> client) {
        return new RedisTicketStoreBuilder((ssl, timeout) -> {
            if (ssl != null) {
                throw new IllegalArgumentException("sslOptions: the client that was given has its own");
            }
            return client.get();
        });
    }

    /** Under which keys tickets are kept; {@link TicketKeys#hashed()} unless told otherwise. */
    @CanIgnoreReturnValue
    public RedisTicketStoreBuilder keys(TicketKeys keys) {
        this.keys = Objects.requireNonNull(keys, "keys");
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

    /** What TLS uses (trust, key, protocols) where an address asks for TLS; only for a client that the store opens itself. */
    @CanIgnoreReturnValue
    public RedisTicketStoreBuilder sslOptions(SslOptions ssl) {
        this.ssl = Objects.requireNonNull(ssl, "ssl");
        return this;
    }

    /**
     * A store with these settings. It connects at once, in the background, and is there whether that succeeds or not.
     *
     * @throws IllegalArgumentException if the client or connection given to it may send a command twice, see {@link AtMostOnce},
     *     or has its own TLS options besides the ones given here
     */
    public RedisTicketStore build() {
        return new RedisTicketStore(new RedisLink(access.with(ssl, timeout), timeout), keys);
    }

    interface OwnClient {
        RedisAccess with(SslOptions ssl, Duration timeout);
    }

    private interface Access {
        RedisAccess with(@Nullable SslOptions ssl, Duration timeout);
    }
}
