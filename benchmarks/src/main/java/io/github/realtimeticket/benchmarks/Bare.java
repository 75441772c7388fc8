// SPDX-License-Identifier: Apache-2.0
package io.github.realtimeticket.benchmarks;

import io.github.realtimeticket.TicketBinding;
import io.github.realtimeticket.TicketHolder;
import io.github.realtimeticket.TicketValue;
import io.github.realtimeticket.TicketValueCodec;
import io.lettuce.core.RedisClient;
import io.lettuce.core.RedisURI;
import io.lettuce.core.SetArgs;
import io.lettuce.core.api.StatefulRedisConnection;
import io.lettuce.core.codec.ByteArrayCodec;
import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.util.HexFormat;
import java.util.concurrent.ThreadLocalRandom;

/** Lettuce set up as everybody does, with one connection, and what it sets: a key and a value of as many bytes as ours. */
final class Bare implements AutoCloseable {

    static final TicketHolder ALICE = TicketHolder.of(1, "alice");

    /** As many bytes as a ticket of this user has whose history is checked. */
    static final byte[] VALUE =
            TicketValueCodec.encode(new TicketValue(ALICE, TicketBinding.none(), Instant.parse("2026-01-01T00:00:00Z"))
                    .withHistory("0".repeat(40)));

    private final RedisClient client;
    private final StatefulRedisConnection<byte[], byte[]> connection;

    Bare(String url) {
        client = RedisClient.create(RedisURI.create(url));
        connection = client.connect(ByteArrayCodec.INSTANCE);
    }

    StatefulRedisConnection<byte[], byte[]> connection() {
        return connection;
    }

    /** A name of 64 hexadecimal digits, as the hash of a ticket is. */
    static String name() {
        var bytes = new byte[32];
        ThreadLocalRandom.current().nextBytes(bytes);
        return HexFormat.of().formatHex(bytes);
    }

    static byte[] key(String name) {
        return ("bare:" + name).getBytes(StandardCharsets.US_ASCII);
    }

    static SetArgs onceFor(long milliseconds) {
        return SetArgs.Builder.nx().px(milliseconds);
    }

    @Override
    public void close() {
        connection.close();
        client.shutdown();
    }
}
