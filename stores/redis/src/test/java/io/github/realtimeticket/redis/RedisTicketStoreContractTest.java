// SPDX-License-Identifier: Apache-2.0
package io.github.realtimeticket.redis;

import io.github.realtimeticket.TicketStore;
import io.github.realtimeticket.fixtures.Redis;
import io.github.realtimeticket.testkit.TicketStoreContract;
import java.io.IOException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.TestInstance;

@TestInstance(TestInstance.Lifecycle.PER_CLASS)
class RedisTicketStoreContractTest extends TicketStoreContract {

    private Redis redis;
    private final List<RedisTicketStore> stores = new ArrayList<>();

    @BeforeAll
    void startRedis() throws IOException {
        redis = startServer();
    }

    Redis startServer() throws IOException {
        return new Redis();
    }

    @AfterAll
    void stopRedis() throws IOException {
        redis.close();
    }

    @AfterEach
    void closeStores() {
        stores.forEach(RedisTicketStore::close);
        stores.clear();
    }

    @Override
    protected TicketStore store() {
        RedisTicketStore store = Fixture.patient(redis.uri());
        stores.add(store);
        return store;
    }

    @Override
    protected void pass(Duration time) throws InterruptedException {
        Thread.sleep(time.toMillis());
    }
}
