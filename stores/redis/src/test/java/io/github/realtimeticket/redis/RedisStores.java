// SPDX-License-Identifier: Apache-2.0
package io.github.realtimeticket.redis;

import io.github.realtimeticket.fixtures.Redis;
import io.lettuce.core.RedisURI;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.extension.AfterAllCallback;
import org.junit.jupiter.api.extension.AfterEachCallback;
import org.junit.jupiter.api.extension.BeforeAllCallback;
import org.junit.jupiter.api.extension.ExtensionContext;

/** A Redis for all tests of a class, and stores that are closed after each. */
final class RedisStores implements BeforeAllCallback, AfterEachCallback, AfterAllCallback {

    private final String[] settings;
    private final List<RedisTicketStore> stores = new ArrayList<>();
    private Redis redis;

    RedisStores(String... settings) {
        this.settings = settings;
    }

    @Override
    public void beforeAll(ExtensionContext context) throws Exception {
        redis = new Redis(settings);
    }

    Redis redis() {
        return redis;
    }

    RedisTicketStore open(RedisURI uri) {
        RedisTicketStore store = Fixture.patient(uri);
        stores.add(store);
        return store;
    }

    @Override
    public void afterEach(ExtensionContext context) {
        stores.forEach(RedisTicketStore::close);
        stores.clear();
    }

    @Override
    public void afterAll(ExtensionContext context) throws Exception {
        redis.close();
    }
}
