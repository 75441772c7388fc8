// SPDX-License-Identifier: Apache-2.0
package io.github.realtimeticket.redis;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowable;

import io.github.realtimeticket.Ticket;
import io.github.realtimeticket.TicketBinding;
import io.github.realtimeticket.TicketHolder;
import io.github.realtimeticket.TicketStoreException;
import io.github.realtimeticket.TicketValue;
import io.lettuce.core.RedisException;
import io.lettuce.core.RedisURI;
import java.time.Duration;
import java.util.Optional;
import java.util.UUID;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.LockSupport;
import java.util.function.BooleanSupplier;

/** What the tests of the store have in common. */
final class Fixture {

    static final TicketValue ALICE = new TicketValue(TicketHolder.of(1, "alice"), TicketBinding.none(), null);
    static final String ALICE_AS_JSON = "{\"id\":1,\"username\":\"alice\"}";

    static String aliceAsJsonIn(String history) {
        return "{\"id\":1,\"username\":\"alice\",\"rt\":{\"history\":\"" + history + "\"}}";
    }

    static final Duration LONG = Duration.ofMinutes(1);

    /** A timeout for a store that works, however busy the machine is. */
    static final Duration PATIENT = Duration.ofSeconds(10);

    // An operation that should end within a second or so ends within this on any machine, and earlier than Lettuce's
    // own limits.
    private static final Duration PATIENCE = Duration.ofSeconds(30);

    private Fixture() {}

    static Ticket ticket() {
        return Ticket.parse(UUID.randomUUID().toString()).orElseThrow();
    }

    static RedisTicketStore patient(RedisURI uri) {
        return RedisTicketStore.builder(uri).timeout(PATIENT).build();
    }

    static boolean put(RedisTicketStore store, Ticket ticket) {
        return await(store.put(ticket, ALICE, LONG));
    }

    static Optional<TicketValue> take(RedisTicketStore store, Ticket ticket) {
        return await(store.take(ticket));
    }

    static <T> T await(CompletionStage<T> stage) {
        try {
            return stage.toCompletableFuture().get(PATIENCE.toMillis(), TimeUnit.MILLISECONDS);
        } catch (ExecutionException e) {
            if (e.getCause() instanceof RuntimeException cause) {
                throw cause;
            }
            throw new AssertionError(e.getCause());
        } catch (Exception e) {
            throw new AssertionError(e);
        }
    }

    static TicketStoreException failureOf(CompletionStage<?> stage) {
        Throwable thrown = catchThrowable(() -> await(stage));
        assertThat(thrown).isInstanceOf(TicketStoreException.class);
        return (TicketStoreException) thrown;
    }

    /** Tries until Redis is there again. */
    static void awaitRecovery(RedisTicketStore store) {
        long end = System.nanoTime() + PATIENCE.toNanos();
        while (true) {
            try {
                assertThat(put(store, ticket())).isTrue();
                return;
            } catch (TicketStoreException e) {
                if (System.nanoTime() > end) {
                    throw e;
                }
                pause();
            }
        }
    }

    static void await(Duration patience, BooleanSupplier condition) {
        long end = System.nanoTime() + patience.toNanos();
        while (!condition.getAsBoolean()) {
            assertThat(System.nanoTime()).isLessThan(end);
            pause();
        }
    }

    /** Waits for what servers say that may be changing their roles, and hang up then. */
    static void awaitAnswer(BooleanSupplier condition) {
        await(Duration.ofSeconds(60), () -> {
            try {
                return condition.getAsBoolean();
            } catch (RedisException e) {
                return false;
            }
        });
    }

    /** Between two looks at something that is about to happen. */
    static void pause() {
        LockSupport.parkNanos(10_000_000);
    }
}
