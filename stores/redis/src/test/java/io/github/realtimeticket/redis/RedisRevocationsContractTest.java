// SPDX-License-Identifier: Apache-2.0
package io.github.realtimeticket.redis;

import io.github.realtimeticket.Revocations;
import io.github.realtimeticket.TicketStore;
import io.github.realtimeticket.fixtures.Redis;
import io.github.realtimeticket.fixtures.Relay;
import io.github.realtimeticket.testkit.RemoteRevocationsContract;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.time.Duration;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.TestInstance;

/** Each process reaches Redis through a relay of its own. */
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
class RedisRevocationsContractTest extends RemoteRevocationsContract {

    private Redis redis;

    @BeforeAll
    void startRedis() throws IOException {
        redis = new Redis();
    }

    @AfterAll
    void stopRedis() throws IOException {
        redis.close();
    }

    @BeforeEach
    void empty() {
        redis.cli().flushall();
    }

    @Override
    protected Side process() throws IOException {
        return new Far(new Relay(redis.port()));
    }

    @Override
    protected void cut(Side process) {
        // The feed's connection alone: a ticket is still taken.
        relay(process).loseAnswersTo("XREAD");
    }

    @Override
    protected void restore(Side process) {
        relay(process).heal();
    }

    static Relay relay(Side process) {
        return ((Far) process).relay;
    }

    private static final class Far implements Side {

        private final Relay relay;
        private final RedisTicketStore store;

        Far(Relay relay) {
            this.relay = relay;
            store = RedisTicketStore.builder(relay.uri())
                    .timeout(Duration.ofSeconds(3))
                    .build();
        }

        @Override
        public TicketStore store() {
            return store;
        }

        @Override
        public Revocations revocations() {
            return store.revocations();
        }

        @Override
        public void close() {
            store.close();
            try {
                relay.close();
            } catch (IOException e) {
                throw new UncheckedIOException(e);
            }
        }
    }
}
