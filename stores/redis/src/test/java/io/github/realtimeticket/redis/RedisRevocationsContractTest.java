// SPDX-License-Identifier: Apache-2.0
package io.github.realtimeticket.redis;

import io.github.realtimeticket.Revocations;
import io.github.realtimeticket.TicketStore;
import io.github.realtimeticket.fixtures.Redis;
import io.github.realtimeticket.fixtures.Relay;
import io.github.realtimeticket.testkit.RemoteRevocationsContract;
import io.github.realtimeticket.testkit.RevocationsContract;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.time.Duration;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Nested;

/** Each process reaches Redis through a relay of its own. */
class RedisRevocationsContractTest {

    private static Redis redis;

    @BeforeAll
    static void startRedis() throws IOException {
        redis = new Redis();
    }

    @AfterAll
    static void stopRedis() throws IOException {
        redis.close();
    }

    @BeforeEach
    void empty() {
        redis.cli().flushall();
    }

    @Nested
    class CutOffFromTheStream extends Contract {
        // The feed's connection alone: a ticket is still taken.
        @Override
        protected void cut(Side process) {
            ((Far) process).relay.loseAnswersTo("XREAD");
        }
    }

    @Nested
    class CutOffFromRedis extends Contract {
        // The connections end, and new ones are refused.
        @Override
        protected void cut(Side process) {
            ((Far) process).relay.refuse();
        }
    }

    abstract static class Contract extends RemoteRevocationsContract {

        @Override
        protected final Side process() throws IOException {
            return new Far();
        }

        @Override
        protected final void restore(Side process) {
            ((Far) process).relay.heal();
        }
    }

    private static final class Far implements RevocationsContract.Side {

        private final Relay relay;
        private final RedisTicketStore store;

        Far() throws IOException {
            relay = new Relay(redis.port());
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
