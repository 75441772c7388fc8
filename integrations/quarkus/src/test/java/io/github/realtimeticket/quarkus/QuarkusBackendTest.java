// SPDX-License-Identifier: Apache-2.0
package io.github.realtimeticket.quarkus;

import io.github.realtimeticket.TicketStore;
import io.github.realtimeticket.fixtures.Redis;
import io.github.realtimeticket.fixtures.RedisBackendContract;
import io.github.realtimeticket.fixtures.Relay;
import io.github.realtimeticket.redis.RedisTicketStore;
import io.quarkus.test.common.QuarkusTestResource;
import io.quarkus.test.common.http.TestHTTPResource;
import io.quarkus.test.junit.QuarkusTest;
import java.net.URI;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;

/** The application as it is, with its own gate and tickets in a real Redis. */
@QuarkusTest
@QuarkusTestResource(RelayedRedis.class)
class QuarkusBackendTest extends RedisBackendContract {

    @TestHTTPResource("/chat")
    URI address;

    RelayedRedis redis;

    // Quarkus makes an instance for each nested class.
    private static RedisTicketStore issuing;

    @BeforeAll
    void connect() {
        issuing = Site.patient(redis.redis().uri());
    }

    @AfterAll
    void disconnect() {
        issuing.close();
    }

    @Override
    protected URI uri() {
        return URI.create("ws://127.0.0.1:" + address.getPort() + "/chat");
    }

    @Override
    protected Redis redis() {
        return redis.redis();
    }

    @Override
    protected Relay relay() {
        return redis.relay();
    }

    @Override
    protected TicketStore issuing() {
        return issuing;
    }
}
