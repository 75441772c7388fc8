// SPDX-License-Identifier: Apache-2.0
package io.github.realtimeticket.jdbc;

import io.github.realtimeticket.Ticket;
import io.github.realtimeticket.TicketBinding;
import io.github.realtimeticket.TicketHolder;
import io.github.realtimeticket.TicketValue;
import java.time.Duration;
import java.util.UUID;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.TimeUnit;
import javax.sql.DataSource;

/** What the tests issue, and how they wait for it. */
final class Samples {

    private Samples() {}

    static Ticket ticket() {
        return Ticket.parse(UUID.randomUUID().toString()).orElseThrow();
    }

    static TicketValue value() {
        return new TicketValue(TicketHolder.of(1, "alice"), TicketBinding.none(), null);
    }

    static JdbcTicketStore patient(DataSource dataSource) {
        return JdbcTicketStore.builder(dataSource)
                .timeout(Duration.ofSeconds(30))
                .build();
    }

    static <T> T await(CompletionStage<T> stage) {
        return stage.toCompletableFuture().orTimeout(40, TimeUnit.SECONDS).join();
    }
}
