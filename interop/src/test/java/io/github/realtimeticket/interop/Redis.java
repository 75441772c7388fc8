// SPDX-License-Identifier: Apache-2.0
package io.github.realtimeticket.interop;

import io.github.realtimeticket.Gate;
import io.github.realtimeticket.Tickets;
import io.github.realtimeticket.redis.RedisTicketStore;
import io.github.realtimeticket.redis.TicketKeys;
import io.lettuce.core.RedisClient;
import io.lettuce.core.RedisURI;
import io.lettuce.core.api.StatefulRedisConnection;
import io.lettuce.core.api.sync.RedisCommands;
import java.io.IOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import redis.embedded.RedisServer;

/** A real Redis on loopback that keeps nothing on disk, stores of tickets in it, and an operator's connection to it. */
public final class Redis implements AutoCloseable {

    private final RedisServer server;
    private final RedisClient client;
    private final StatefulRedisConnection<String, String> operator;
    private final List<RedisTicketStore> stores = new ArrayList<>();

    public Redis() throws IOException {
        server = RedisServer.newRedisServer()
                .port(freePort())
                .bind("127.0.0.1")
                .setting("save \"\"")
                .build();
        server.start();
        client = RedisClient.create(uri());
        operator = client.connect();
    }

    public int port() {
        return server.ports().get(0);
    }

    /** What an operator types into redis-cli. */
    public RedisCommands<String, String> cli() {
        return operator.sync();
    }

    public RedisTicketStore store(TicketKeys keys) {
        RedisTicketStore store = RedisTicketStore.builder(uri())
                .keys(keys)
                .timeout(Duration.ofSeconds(10))
                .build();
        stores.add(store);
        return store;
    }

    public Tickets tickets(TicketKeys keys) {
        return Tickets.of(store(keys));
    }

    public Gate gate(TicketKeys keys) {
        return Gate.of(tickets(keys));
    }

    @Override
    public void close() throws IOException {
        stores.forEach(RedisTicketStore::close);
        client.shutdown(Duration.ZERO, Duration.ofSeconds(2));
        server.stop();
    }

    private RedisURI uri() {
        return RedisURI.create("127.0.0.1", port());
    }

    private static int freePort() throws IOException {
        try (var socket = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
            return socket.getLocalPort();
        }
    }
}
