// SPDX-License-Identifier: Apache-2.0
package io.github.realtimeticket.quarkus;

import io.github.realtimeticket.fixtures.Redis;
import io.github.realtimeticket.fixtures.Relay;
import io.quarkus.test.common.QuarkusTestResourceLifecycleManager;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.util.Map;

/** A real Redis for the application, with a relay between the two that can fail. */
public class RelayedRedis implements QuarkusTestResourceLifecycleManager {

    private Redis redis;
    private Relay relay;

    Redis redis() {
        return redis;
    }

    Relay relay() {
        return relay;
    }

    @Override
    public Map<String, String> start() {
        try {
            redis = new Redis();
            relay = new Relay(redis.port());
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
        return Map.of("tickets.redis", "redis://127.0.0.1:" + relay.port());
    }

    @Override
    public void inject(TestInjector injector) {
        injector.injectIntoFields(this, new TestInjector.MatchesType(RelayedRedis.class));
    }

    @Override
    public void stop() {
        try {
            relay.close();
            redis.close();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }
}
