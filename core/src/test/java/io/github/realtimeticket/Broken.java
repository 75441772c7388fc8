// SPDX-License-Identifier: Apache-2.0
package io.github.realtimeticket;

import java.io.IOException;
import java.time.Duration;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import org.jspecify.annotations.Nullable;

/** The ways in which a store can break its contract or its connection. */
enum Broken {
    FAILING {
        @Override
        <T> CompletionStage<T> answer() {
            return CompletableFuture.failedFuture(new TicketStoreException("connection lost"));
        }
    },
    FAILING_WITH_ITS_DRIVERS_EXCEPTION {
        @Override
        <T> CompletionStage<T> answer() {
            return CompletableFuture.failedFuture(new IOException("connection lost"));
        }
    },
    THROWING {
        @Override
        <T> CompletionStage<T> answer() {
            throw new IllegalStateException("closed");
        }
    },
    THROWING_AN_ERROR {
        @Override
        <T> CompletionStage<T> answer() {
            throw new NoClassDefFoundError("as the test wants it");
        }
    },
    THROWING_WHAT_NOBODY_DECLARES {
        @Override
        <T> CompletionStage<T> answer() {
            throw Broken.<RuntimeException>sneakily(new IOException("connection lost"));
        }
    },
    ANSWERING_NULL {
        @Override
        @SuppressWarnings("NullAway")
        <T> CompletionStage<T> answer() {
            return CompletableFuture.completedFuture((T) null);
        }
    },
    WITHOUT_A_STAGE {
        @Override
        @SuppressWarnings("NullAway")
        <T> @Nullable CompletionStage<T> answer() {
            return null;
        }
    },
    SILENT {
        @Override
        <T> CompletionStage<T> answer() {
            return new CompletableFuture<>();
        }
    };

    @SuppressWarnings({"unchecked", "TypeParameterUnusedInFormals"})
    private static <E extends Throwable> E sneakily(Throwable fault) throws E {
        throw (E) fault;
    }

    abstract <T> @Nullable CompletionStage<T> answer();

    @SuppressWarnings("NullAway")
    TicketStore store() {
        return new TicketStore() {
            @Override
            public CompletionStage<Boolean> put(Ticket ticket, TicketValue value, Duration timeToLive) {
                return answer();
            }

            @Override
            public CompletionStage<Optional<TicketValue>> take(Ticket ticket) {
                return answer();
            }
        };
    }
}
