// SPDX-License-Identifier: Apache-2.0
package io.github.realtimeticket.redis;

import io.github.realtimeticket.fixtures.Redis;
import io.lettuce.core.RedisClient;
import io.lettuce.core.RedisURI;
import io.lettuce.core.sentinel.api.StatefulRedisSentinelConnection;
import io.lettuce.core.sentinel.api.sync.RedisSentinelCommands;
import java.io.IOException;
import java.net.InetSocketAddress;
import java.time.Duration;
import redis.embedded.RedisSentinel;
import redis.embedded.core.RedisSentinelBuilder;

/** A real Sentinel on the loopback interface, and an operator's connection to it. */
final class Sentinel implements AutoCloseable {

    static final String MASTER = "tickets";

    private final RedisSentinel process;
    private final RedisClient client;
    private final StatefulRedisSentinelConnection<String, String> operator;

    /** Starts one that takes its master for dead after this time, and needs nobody else for that. */
    Sentinel(int port, Redis master, Duration downAfter) throws IOException {
        var builder = new RedisSentinelBuilder();
        builder.reset();
        process = builder.executableProvider(Redis.executable())
                .bind("127.0.0.1")
                .port(port)
                .masterName(MASTER)
                .masterPort(master.port())
                .quorumSize(1)
                .downAfterMilliseconds(downAfter.toMillis())
                .failOverTimeout(60_000)
                .parallelSyncs(1)
                .build();
        process.start();
        client = RedisClient.create(RedisURI.create("127.0.0.1", port));
        operator = client.connectSentinel();
    }

    /** Where a store asks it for the master. */
    static RedisURI uri(int port) {
        return RedisURI.Builder.sentinel("127.0.0.1", port, MASTER).build();
    }

    RedisSentinelCommands<String, String> cli() {
        return operator.sync();
    }

    /** The port of the master that it names. */
    int master() {
        return ((InetSocketAddress) cli().getMasterAddrByName(MASTER)).getPort();
    }

    @Override
    public void close() throws IOException {
        client.shutdown(Duration.ZERO, Duration.ofSeconds(2));
        process.stop();
    }
}
