// SPDX-License-Identifier: Apache-2.0
package io.github.realtimeticket.spring.webflux;

import io.github.realtimeticket.TicketStore;
import io.github.realtimeticket.fixtures.Redis;
import io.github.realtimeticket.redis.RedisTicketStore;
import java.io.IOException;
import java.time.Duration;
import java.util.function.LongSupplier;
import org.junit.jupiter.api.AutoClose;

/** The same with tickets in Redis. */
class WebFluxRedisIssuerContractTest extends WebFluxIssuerContractTest {

    @AutoClose
    private final Redis redis = new Redis();

    WebFluxRedisIssuerContractTest() throws IOException {}

    @Override
    protected TicketStore store(LongSupplier unused) {
        return RedisTicketStore.builder(redis.uri())
                .timeout(Duration.ofSeconds(10))
                .build();
    }
}
