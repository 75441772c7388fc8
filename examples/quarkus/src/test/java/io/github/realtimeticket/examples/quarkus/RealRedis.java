// SPDX-License-Identifier: Apache-2.0
package io.github.realtimeticket.examples.quarkus;

import io.github.realtimeticket.fixtures.Redis;
import io.quarkus.test.common.QuarkusTestResourceLifecycleManager;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.util.Map;

/** A Redis for the application. */
public class RealRedis implements QuarkusTestResourceLifecycleManager {

    private Redis redis;

    @Override
    public Map<String, String> start() {
        try {
            redis = new Redis();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
        return Map.of("tickets.redis", "redis://127.0.0.1:" + redis.port());
    }

    @Override
    public void stop() {
        try {
            redis.close();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }
}
