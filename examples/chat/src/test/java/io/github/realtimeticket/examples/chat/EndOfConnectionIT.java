// SPDX-License-Identifier: Apache-2.0
package io.github.realtimeticket.examples.chat;

import static org.assertj.core.api.Assertions.assertThat;

import io.github.realtimeticket.fixtures.FreePorts;
import io.github.realtimeticket.fixtures.Redis;
import org.junit.jupiter.api.AutoClose;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.condition.DisabledOnOs;
import org.junit.jupiter.api.condition.OS;

/** With the backend in another process, which shares a Redis with the web application and nothing else. */
@DisabledOnOs(value = OS.WINDOWS, disabledReason = "./demo needs bash")
class EndOfConnectionIT extends EndOfConnectionScenarios {

    private static String origin;

    @AutoClose
    private static Redis redis;

    @AutoClose
    private static DemoScript demo;

    @BeforeAll
    static void startSite() throws Exception {
        int[] ports = FreePorts.two();
        origin = "http://localhost:" + ports[0];
        redis = new Redis();
        demo = new DemoScript("--port=" + ports[0], "--realtime-port=" + ports[1], "--redis=" + redis.url());
        assertThat(demo.outputUntil("Ctrl-C ends it.")).contains("two processes");
    }

    @Override
    String origin() {
        return origin;
    }
}
