// SPDX-License-Identifier: Apache-2.0
package io.github.realtimeticket.spring.graphql;

import static io.github.realtimeticket.spring.graphql.Messages.init;
import static org.assertj.core.api.Assertions.assertThat;

import io.github.realtimeticket.fixtures.Connection;
import java.util.List;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import org.springframework.boot.test.system.CapturedOutput;
import org.springframework.boot.test.system.OutputCaptureExtension;

/** What logs have of a ticket that came in the first message of GraphQL over WebSocket. */
@ExtendWith(OutputCaptureExtension.class)
class GraphQlLogTest {

    @ParameterizedTest
    @EnumSource
    void noneHas(Stack stack, CapturedOutput output) throws Exception {
        try (GraphQlSite site = new GraphQlSite(stack, GraphQlApplication.class, "logging.level.root=trace")) {
            String ticket = site.ticket();
            try (Connection session = site.open()) {
                session.send(init(ticket).replace("}}", ""));
                assertThat(session.next()).isEqualTo(Connection.CLOSED);
            }
            for (String outcome : List.of("connection_ack", Connection.CLOSED)) {
                try (Connection session = site.open()) {
                    session.send(init(ticket));
                    assertThat(session.next()).contains(outcome);
                }
            }

            assertThat(output.getAll().lines().filter(line -> line.contains(ticket)))
                    .isEmpty();
            assertThat(output.getAll()).contains("401: NOTHING for the ticket ");
        }
    }
}
