// SPDX-License-Identifier: Apache-2.0
package io.github.realtimeticket.spring.boot;

import java.time.Duration;
import java.time.temporal.ChronoUnit;
import org.jspecify.annotations.Nullable;
import org.springframework.boot.context.properties.bind.DefaultValue;
import org.springframework.boot.convert.DurationUnit;

/**
 * The store in Redis.
 *
 * @param url address with everything, such as redis://user:password@host:6379/0, or rediss:// for TLS, in place of that of
 *     spring.data.redis
 * @param timeout within which time an operation succeeds or fails, connecting included, 1ms to 10s; a bare number is seconds
 * @param history whether a ticket is refused that was used before Redis failed over or was restored: auto (where Redis tells its
 *     history), required, or off
 * @param revocations what ends tickets and connections before their time
 */
record RedisProperties(
        @Nullable String url,

        @DefaultValue("1s") @DurationUnit(ChronoUnit.SECONDS)
        Duration timeout,

        @DefaultValue("auto") History history,
        @DefaultValue RevocationsProperties revocations) {

    /** As {@code HistoryCheck} of the store, which need not be there. */
    enum History {
        AUTO,
        REQUIRED,
        OFF
    }

    /**
     * What ends tickets and connections before their time.
     *
     * @param key the key of the stream that it is kept in, the same for all who share these tickets
     */
    record RevocationsProperties(
            @DefaultValue("ticket-revocations") String key) {}

    /** Without the URL, which may hold a password. */
    @Override
    public String toString() {
        return "RedisProperties[timeout=" + timeout + ", history=" + history + ", revocations=" + revocations + "]";
    }
}
