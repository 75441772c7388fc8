// SPDX-License-Identifier: Apache-2.0
package io.github.realtimeticket.benchmarks;

import java.io.IOException;
import org.jspecify.annotations.Nullable;
import redis.embedded.RedisServer;

/** The Redis of one run: one of its own, which ends with it, or the one at the address that is given. */
final class RedisForARun implements AutoCloseable {

    private static final int PORT = 18_999;

    private final String url;
    private final @Nullable RedisServer server;

    private RedisForARun(String url, @Nullable RedisServer server) {
        this.url = url;
        this.server = server;
    }

    static RedisForARun start(String[] arguments) throws IOException {
        if (arguments.length > 0) {
            return new RedisForARun(arguments[0], null);
        }
        RedisServer server = RedisServer.newRedisServer()
                .port(PORT)
                .bind("127.0.0.1")
                .setting("save \"\"")
                .build();
        server.start();
        return new RedisForARun("redis://127.0.0.1:" + PORT, server);
    }

    String url() {
        return url;
    }

    @Override
    public void close() throws IOException {
        if (server != null) {
            server.stop();
        }
    }
}
