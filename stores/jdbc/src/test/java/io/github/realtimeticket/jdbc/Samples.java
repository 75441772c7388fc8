// SPDX-License-Identifier: Apache-2.0
package io.github.realtimeticket.jdbc;

import static org.assertj.core.api.Assertions.assertThat;

import io.github.realtimeticket.Gate;
import io.github.realtimeticket.LiveConnection;
import io.github.realtimeticket.Ticket;
import io.github.realtimeticket.TicketBinding;
import io.github.realtimeticket.TicketHolder;
import io.github.realtimeticket.TicketValue;
import java.time.Duration;
import java.util.UUID;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.TimeUnit;
import java.util.function.BooleanSupplier;
import javax.sql.DataSource;

/** What the tests issue, and how they wait for it. */
final class Samples {

    private static final Duration PATIENCE = Duration.ofSeconds(30);

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

    static void await(BooleanSupplier condition) {
        long end = System.nanoTime() + PATIENCE.toNanos();
        while (!condition.getAsBoolean()) {
            assertThat(System.nanoTime() - end).as("patience").isNegative();
            try {
                TimeUnit.MILLISECONDS.sleep(10);
            } catch (InterruptedException e) {
                throw new IllegalStateException(e);
            }
        }
    }

    /** What a ticket opens, as the code that it is closed with. */
    static CompletableFuture<Integer> open(Gate gate, Ticket ticket) {
        var closed = new CompletableFuture<Integer>();
        LiveConnection unused = await(gate.admit(ticket))
                .fold(admitted -> admitted.opened((code, reason) -> closed.complete(code)), refused -> {
                    throw new AssertionError("refused: " + refused);
                });
        return closed;
    }
}
