// SPDX-License-Identifier: Apache-2.0
package io.github.realtimeticket.examples.micronaut;

import io.github.realtimeticket.TicketStore;
import io.github.realtimeticket.fixtures.Redis;
import io.github.realtimeticket.fixtures.RedisBackendContract;
import io.github.realtimeticket.fixtures.Relay;
import io.github.realtimeticket.redis.RedisTicketStore;
import java.net.URI;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;

/** The application as it is, with tickets in a real Redis. */
class MicronautBackendTest extends RedisBackendContract {

    private Redis redis;
    private Relay relay;
    private RedisTicketStore issuing;
    private ChatServer server;

    @BeforeAll
    void start() throws Exception {
        redis = new Redis();
        relay = new Relay(redis.port());
        issuing = RedisTicketStore.connect(redis.uri());
        server = ChatServer.on("redis://127.0.0.1:" + relay.port());
    }

    @AfterAll
    void stop() throws Exception {
        server.close();
        issuing.close();
        relay.close();
        redis.close();
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
