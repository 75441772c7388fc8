// SPDX-License-Identifier: Apache-2.0
package io.github.realtimeticket.examples.micronaut;

import io.github.realtimeticket.TicketStore;
import io.github.realtimeticket.fixtures.Redis;
import io.github.realtimeticket.fixtures.RedisBackendContract;
import io.github.realtimeticket.fixtures.Relay;
import io.github.realtimeticket.redis.RedisTicketStore;
import io.lettuce.core.RedisURI;
import java.net.URI;
import java.time.Duration;
import java.util.Map;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;

/** The application as it is, with tickets in a real Redis. */
class MicronautBackendTest extends RedisBackendContract {

    private Redis redis;
    private Relay relay;
    private RedisTicketStore issuing;
    private RedisTicketStore store;
    private ChatServer server;

    @BeforeAll
    void start() throws Exception {
        redis = new Redis();
        relay = new Relay(redis.port());
        issuing = patient(redis.uri());
        store = patient(relay.uri());
        server = ChatServer.with(RedisTicketStore.class, store, Map.of());
    }

    @AfterAll
    void stop() throws Exception {
        server.close();
        store.close();
        issuing.close();
        relay.close();
        redis.close();
    }

    private static RedisTicketStore patient(RedisURI uri) {
        return RedisTicketStore.builder(uri).timeout(Duration.ofSeconds(10)).build();
    }

    @Override
    protected URI uri() {
        return server.uri();
    }

    @Override
    protected Redis redis() {
        return redis;
    }

    @Override
    protected Relay relay() {
        return relay;
    }

    @Override
    protected TicketStore issuing() {
        return issuing;
    }
}
