// SPDX-License-Identifier: Apache-2.0
package io.github.realtimeticket.grpc;

import io.github.realtimeticket.Gate;
import io.github.realtimeticket.Revocations;
import io.github.realtimeticket.TicketStore;
import io.github.realtimeticket.fixtures.Redis;
import io.github.realtimeticket.redis.RedisTicketStore;
import io.grpc.netty.shaded.io.grpc.netty.NettyServerBuilder;
import java.time.Duration;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.Nested;
import org.junit.jupiter.api.extension.RegisterExtension;

class GrpcGateTest {

    @RegisterExtension
    static final Leaks LEAKS = new Leaks();

    @Nested
    class WithTicketsInMemory extends CallScenarios {
        @Override
        protected TicketStore store() {
            return TicketStore.inMemory();
        }
    }

    @Nested
    class WithTicketsInMemoryInTheEventLoop extends WithTicketsInMemory {
        @Override
        protected NettyServerBuilder threads(NettyServerBuilder server) {
            return server.directExecutor();
        }
    }

    @Nested
    class WithTicketsInRedis extends CallScenarios {

        private Redis redis;
        private RedisTicketStore store;

        @Override
        protected TicketStore store() throws Exception {
            redis = new Redis();
            store = RedisTicketStore.builder(redis.uri())
                    .timeout(Duration.ofSeconds(10))
                    .build();
            return store;
        }

        @Override
        protected Revocations revocations() {
            return store.revocations();
        }

        @AfterAll
        void close() throws Exception {
            store.close();
            redis.close();
        }
    }

    @Nested
    class WithTicketsInRedisInTheEventLoop extends WithTicketsInRedis {
        @Override
        protected NettyServerBuilder threads(NettyServerBuilder server) {
            return server.directExecutor();
        }
    }

    @Nested
    class WithTicketsInRedisInOneThread extends WithTicketsInRedis {

        private final ExecutorService one = Executors.newSingleThreadExecutor();

        @Override
        protected NettyServerBuilder threads(NettyServerBuilder server) {
            return server.executor(one);
        }

        @Override
        protected TicketInterceptor interceptor(Gate gate) {
            return TicketInterceptor.of(gate, one);
        }

        @AfterAll
        void end() {
            one.shutdownNow();
        }
    }
}
