// SPDX-License-Identifier: Apache-2.0
package io.github.realtimeticket.docs;

import java.io.IOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import redis.embedded.RedisServer;

/** What the examples run against. */
final class Servers {

    private Servers() {}

    /** A Redis that was started, on a free port of the loopback interface, and keeps nothing. */
    static RedisServer redis() throws IOException {
        RedisServer redis = RedisServer.newRedisServer()
                .port(freePort())
                .bind("127.0.0.1")
                .setting("save \"\"")
                .build();
        redis.start();
        return redis;
    }

    private static int freePort() throws IOException {
        try (var socket = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
            return socket.getLocalPort();
        }
    }
}
