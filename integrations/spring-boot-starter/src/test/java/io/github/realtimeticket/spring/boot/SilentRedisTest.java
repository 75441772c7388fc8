// SPDX-License-Identifier: Apache-2.0
package io.github.realtimeticket.spring.boot;

import static org.assertj.core.api.Assertions.assertThat;

import io.github.realtimeticket.fixtures.Application;
import io.github.realtimeticket.fixtures.FreePorts;
import io.github.realtimeticket.fixtures.WebUser;
import java.net.http.HttpResponse;
import java.time.Duration;
import org.junit.jupiter.api.Test;

/** A Redis that accepts connections and never answers. */
class SilentRedisTest {

    @Test
    void aPageStillRendersWithinTheStoresTimeout() throws Exception {
        // The system accepts for a socket that listens.
        try (var silent = FreePorts.listen();
                var application = Application.start(
                        SmallApplication.class,
                        "realtime-ticket.store=redis",
                        "realtime-ticket.redis.url=redis://127.0.0.1:" + silent.getLocalPort(),
                        "realtime-ticket.redis.timeout=300ms")) {
            WebUser alice = application.user().logsIn("alice", "ticket");
            long start = System.nanoTime();

            HttpResponse<String> page = alice.get("/page");

            assertThat(Duration.ofNanos(System.nanoTime() - start)).isLessThan(Duration.ofSeconds(10));
            assertThat(page.statusCode()).isEqualTo(200);
            assertThat(page.body()).contains("[<b></b>]");
        }
    }
}
