// SPDX-License-Identifier: Apache-2.0
package io.github.realtimeticket.spring.webflux;

import static org.assertj.core.api.Assertions.assertThat;

import io.github.realtimeticket.fixtures.Application;
import io.github.realtimeticket.fixtures.Connection;
import java.time.Instant;
import org.junit.jupiter.api.Test;

/** A connection that has reached its deadline. */
class DeadlineTest {

    @Test
    void t17_aConnectionIsClosedAtItsGreatestAge() throws Exception {
        try (var application = Application.start(
                SmallApplication.class, SmallApplication.PATHS, "realtime-ticket.connection.maximum-age=2s")) {
            String ticket = application.user().logsIn("alice", "ticket").ticket();
            Instant before = Instant.now();

            try (Connection open = Connection.open(application.uri("ws", "/realtime/socket?ticket=" + ticket))) {
                assertThat(open.closeCode()).isEqualTo(3000);
                assertThat(Instant.now()).isAfterOrEqualTo(before.plusMillis(1_900));
            }
        }
    }
}
