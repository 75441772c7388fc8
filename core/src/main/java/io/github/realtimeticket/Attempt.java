// SPDX-License-Identifier: Apache-2.0
package io.github.realtimeticket;

import java.util.Objects;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.function.Supplier;

/** Begins what somebody else has written, and may fail before there is a stage that says so. */
final class Attempt {

    private Attempt() {}

    /**
     * Fails as the operation does: by its stage, by throwing, or by having no stage. The stage need have no future of its own.
     *
     * @param whose names who has written it, for a fault that says nothing
     */
    static <T> CompletableFuture<T> at(String whose, Supplier<? extends CompletionStage<T>> operation) {
        try {
            var outcome = new CompletableFuture<T>();
            CompletionStage<T> unused = Objects.requireNonNull(operation.get(), () -> whose + " answered null")
                    .whenComplete((answer, fault) -> {
                        boolean ignored =
                                fault == null ? outcome.complete(answer) : outcome.completeExceptionally(fault);
                    });
            return outcome;
        } catch (Throwable e) {
            // An error and, from other languages, a checked exception too.
            return CompletableFuture.failedFuture(e);
        }
    }
}
