// SPDX-License-Identifier: Apache-2.0
package io.github.realtimeticket.redis;

import io.github.realtimeticket.TicketStore;
import io.github.realtimeticket.testkit.TicketStoreContract;
import java.io.IOException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeAll;

class RedisTicketStoreContractTest extends TicketStoreContract {

    private static TestRedis redis;
    private final List<RedisTicketStore> stores = new ArrayList<>();

    @BeforeAll
    static void startRedis() throws IOException {
        redis = TestRedis.start();
    }

    @AfterAll
    static void stopRedis() throws IOException {
        redis.close();
    }

    @AfterEach
    void closeStores() {
        stores.forEach(RedisTicketStore::close);
    }

    @Override
    protected TicketStore store() {
        RedisTicketStore store = RedisTicketStore.builder(redis.uri())
                .timeout(Duration.ofSeconds(10))
                .build();
        stores.add(store);
        return store;
    }

    @Override
    protected void pass(Duration time) throws InterruptedException {
        Thread.sleep(time.toMillis());
    }
}
